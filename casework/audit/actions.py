from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Executable, insert

from casework.access.actor import Actor
from casework.audit.models import NO_AREA, AuditEntry
from casework.audit.tags import DATA_KEYS, Tag
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.kept import Kept
from casework.core.typed import is_writable


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
    Raises: ValueError when the data keys are not exactly those the tag declares, or when
    something in the line could be stored and never be read again.
    """
    record_all(actor, tag, [Line(area_id, subject_type, subject_id, data)])


def record_all(actor: Actor, tag: Tag, lines: Sequence[Line]) -> None:
    """One act on many subjects: a line for each, in one statement.

    Raises: ValueError, before anything is written.
    """
    for each in lines:
        if set(each.data) != DATA_KEYS[tag]:
            raise ValueError(
                f"{tag} takes exactly {sorted(DATA_KEYS[tag])}, got {sorted(each.data)}; "
                "declare keys in casework/audit/tags.py"
            )
        _check_readable(tag, {"subject_id": str(each.subject_id), "data": each.data})
    if not lines:
        return
    _check_readable(tag, {"actor_name": actor.name})
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


def _check_readable(tag: Tag, fields: Mapping[str, Any]) -> None:
    """SQLite keeps half a pair of surrogates as JSON writes it, and no page that meets it can be
    sent: the trail, of which nothing is ever taken out, could not be read any more."""
    for field, text in _texts(fields, ""):
        if not is_writable(text):
            raise ValueError(f"{tag}: {field} holds half a pair of surrogates")


def _texts(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """All text in it, however deep, and where it stands."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield f"a name in {field}", str(key)
            yield from _texts(each, f"{field}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each, field)


_LINES = insert(AuditEntry)


@Kept
def _one_line() -> Executable:
    return _LINES
