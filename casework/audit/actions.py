from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import insert

from casework.access.actor import Actor
from casework.audit.models import NO_AREA, AuditEntry
from casework.audit.tags import DATA_KEYS, Tag
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id


def record(
    actor: Actor,
    tag: Tag,
    *,
    subject_type: str,
    subject_id: uuid.UUID | str,
    area_id: int | None,
    **data: Any,
) -> None:
    """Write one line of the trail, in the transaction of the change it speaks of.

    `area_id` is the regency of the subject; None where there is none (sign-ins, national acts).
    Raises: ValueError when the data keys are not exactly those the tag declares.
    """
    if set(data) != DATA_KEYS[tag]:
        raise ValueError(
            f"{tag} takes exactly {sorted(DATA_KEYS[tag])}, got {sorted(data)}; "
            "declare keys in casework/audit/tags.py"
        )
    db.session.execute(
        insert(AuditEntry),
        {
            "area_id": NO_AREA if area_id is None else area_id,
            "id": new_id(),
            "at": clock.now(),
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "actor_role": actor.role.value,
            "tag": tag.value,
            "subject_type": subject_type,
            "subject_id": str(subject_id),
            "data": data,
        },
    )
