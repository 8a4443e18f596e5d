from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Executable, insert

from casework.access.actor import Actor
from casework.audit.models import NO_AREA, AuditEntry
from casework.audit.tags import DATA_KEYS, Tag
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.kept import Kept


class Line(NamedTuple):
    """What an act did to one of many subjects."""

    #: Regency of the subject; None where there is none (sign-ins, national acts).
    area_id: int | None
    subject_type: str
    subject_id: uuid.UUID | str
    data: dict[str, Any]


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
    record_all(actor, tag, [Line(area_id, subject_type, subject_id, data)])


def record_all(actor: Actor, tag: Tag, lines: Sequence[Line]) -> None:
    """One act on many subjects: a line for each, in one statement."""
    for each in lines:
        if set(each.data) != DATA_KEYS[tag]:
            raise ValueError(
                f"{tag} takes exactly {sorted(DATA_KEYS[tag])}, got {sorted(each.data)}; "
                "declare keys in casework/audit/tags.py"
            )
    if not lines:
        return
    now = clock.now()
    rows = [
        {
            "area_id": NO_AREA if each.area_id is None else each.area_id,
            "id": new_id(),
            "at": now,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "actor_role": actor.role.value,
            "tag": tag.value,
            "subject_type": each.subject_type,
            "subject_id": str(each.subject_id),
            "data": each.data,
        }
        for each in lines
    ]
    if len(rows) == 1:
        _one_line.execute(rows[0])
    else:
        db.session.connection().execute(_LINES, rows)


_LINES = insert(AuditEntry)


@Kept
def _one_line() -> Executable:
    return _LINES
