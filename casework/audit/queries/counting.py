from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from casework.access.actor import Actor
from casework.audit.models import NO_AREA, AuditEntry
from casework.audit.queries.subjects import about
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db


def acts_since(
    areas: Select[int], actor_id: uuid.UUID, tag: Tag, since: datetime
) -> tuple[int, datetime | None]:
    """How often a person has done this in these regencies and outside any since then, and when
    first. One probe of the index for each regency: the trail is never walked through."""
    anywhere = union_all(areas, select(literal(NO_AREA)))
    row = db.session.execute(
        select(func.count(), func.min(AuditEntry.at)).where(
            AuditEntry.area_id.in_(anywhere),
            AuditEntry.actor_id == actor_id,
            AuditEntry.at > since,
            AuditEntry.tag == tag.value,
        )
    ).one()
    return row[0], row[1]


def is_told_today(
    actor: Actor, tag: Tag, area_id: int | None, subject_id: str, said: Mapping[str, Any]
) -> bool:
    """Whether this person has left this very line today, where they stand. One tells of what was
    tried: a program that tries for ever must not bury the others."""
    lines = db.session.scalars(
        select(AuditEntry.data).where(
            AuditEntry.area_id == (NO_AREA if area_id is None else area_id),
            about([subject_id]),
            AuditEntry.actor_id == actor.user_id,
            AuditEntry.tag == tag.value,
            AuditEntry.at >= clock.midnight(actor.time_zone),
        )
    )
    return said in lines.all()


def actors_on(area_id: int, subject_ids: Collection[str], tag: Tag) -> set[uuid.UUID]:
    """Everybody who ever did this to any of these."""
    if not subject_ids:
        return set()
    return set(
        db.session.scalars(
            select(AuditEntry.actor_id).where(
                AuditEntry.area_id == area_id,
                about(subject_ids),
                AuditEntry.tag == tag.value,
            )
        )
    )
