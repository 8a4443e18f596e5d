"""A backup of one meeting with all that was said of it, and putting it back: what a restore does
to a database, at the size of one test among others."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Uuid, bindparam, true

from casework.access.actor import command_line
from casework.core.db import Base, db
from casework.core.transaction import transaction
from casework.meetings.actions.epochs import begin_epoch
from casework.meetings.models import (
    Attendance,
    AttendanceChange,
    Epoch,
    Meeting,
    MeetingPhoto,
    RegisterClaim,
)
from casework.offline.models import SyncReceipt


@dataclass(frozen=True)
class Backup:
    meeting_id: uuid.UUID
    owners: Collection[uuid.UUID]
    rows: dict[type[Base], Sequence[Mapping[Any, Any]]]


_MEETING = bindparam("meeting_id", type_=Uuid)

#: Parents before children.
_TABLES: dict[type[Base], ColumnElement[bool]] = {
    Epoch: true(),
    Meeting: Meeting.id == _MEETING,
    Attendance: Attendance.meeting_id == _MEETING,
    AttendanceChange: AttendanceChange.meeting_id == _MEETING,
    RegisterClaim: RegisterClaim.meeting_id == _MEETING,
    MeetingPhoto: MeetingPhoto.meeting_id == _MEETING,
    SyncReceipt: SyncReceipt.owner_id.in_(bindparam("owners", type_=Uuid, expanding=True)),
}
# After each of hundreds of sendings.
_READING = {
    model: db.select(model.__table__).where(condition) for model, condition in _TABLES.items()
}


def back_up(meeting_id: uuid.UUID, owners: Collection[uuid.UUID]) -> Backup:
    given = {"meeting_id": meeting_id, "owners": list(owners)}
    db.session.rollback()
    connection = db.session.connection()
    found = {
        model: connection.execute(statement, given).mappings().all()
        for model, statement in _READING.items()
    }
    db.session.rollback()
    return Backup(meeting_id, owners, found)


def put_back(backup: Backup) -> None:
    """As the operator does it: the database as it was, and a word to the server that it is so."""
    given = {"meeting_id": backup.meeting_id, "owners": list(backup.owners)}
    with transaction() as session:
        for model, condition in reversed(_TABLES.items()):
            session.execute(db.delete(model.__table__).where(condition), given)
        for model, rows in backup.rows.items():
            if rows:
                session.execute(db.insert(model.__table__), [dict(row) for row in rows])
    with transaction():
        begin_epoch(command_line())
