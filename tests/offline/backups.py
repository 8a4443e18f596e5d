"""A backup of one meeting with all that was said of it, and putting it back: what a restore does
to a database, at the size of one test among others."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, true

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
    rows: dict[type[Base], list[dict[str, Any]]]


def _tables(
    meeting_id: uuid.UUID, owners: Collection[uuid.UUID]
) -> dict[type[Base], ColumnElement[bool]]:
    """Parents before children."""
    return {
        Epoch: true(),
        Meeting: Meeting.id == meeting_id,
        Attendance: Attendance.meeting_id == meeting_id,
        AttendanceChange: AttendanceChange.meeting_id == meeting_id,
        RegisterClaim: RegisterClaim.meeting_id == meeting_id,
        MeetingPhoto: MeetingPhoto.meeting_id == meeting_id,
        SyncReceipt: SyncReceipt.owner_id.in_(owners),
    }


def back_up(meeting_id: uuid.UUID, owners: Collection[uuid.UUID]) -> Backup:
    db.session.rollback()
    found = {
        model: [
            dict(row._mapping)
            for row in db.session.execute(db.select(model.__table__).where(condition))
        ]
        for model, condition in _tables(meeting_id, owners).items()
    }
    db.session.rollback()
    return Backup(meeting_id, owners, found)


def put_back(backup: Backup) -> None:
    """As the operator does it: the database as it was, and a word to the server that it is so."""
    tables = _tables(backup.meeting_id, backup.owners)
    with transaction() as session:
        for model, condition in reversed(tables.items()):
            session.execute(db.delete(model.__table__).where(condition))
        for model in tables:
            if backup.rows[model]:
                session.execute(db.insert(model.__table__), backup.rows[model])
    with transaction():
        begin_epoch(command_line())
