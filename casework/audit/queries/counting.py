from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select

from casework.audit.models import NO_AREA, AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db


def acts_since(
    area_id: int | None, actor_id: uuid.UUID, tag: Tag, since: datetime
) -> tuple[int, datetime | None]:
    """How often a person has done this in a regency since then, and when first."""
    row = db.session.execute(
        select(func.count(), func.min(AuditEntry.at)).where(
            AuditEntry.area_id == (NO_AREA if area_id is None else area_id),
            AuditEntry.actor_id == actor_id,
            AuditEntry.at > since,
            AuditEntry.tag == tag.value,
        )
    ).one()
    return row[0], row[1]
