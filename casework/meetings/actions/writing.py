"""The rows of a register, written with few statements that are compiled once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import Executable, bindparam, insert

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.ids import meeting_id
from casework.core.kept import Kept
from casework.core.upsert import ManyRows, insert_into
from casework.meetings.models import Attendance, AttendanceChange, Meeting
from casework.meetings.rules import Mark, MeetingStatus

#: What a mark says; a correction compares these.
_OF_A_MARK = ("presence", "understanding", "note", "marked_how", "assessed_how")


@dataclass(frozen=True, slots=True)
class MeetingRow:
    area_id: int
    group_id: uuid.UUID
    held_on: date
    lesson_mask: int
    adaptive_topic: str
    starts_at: time | None
    ends_at: time | None
    place: str
    status: MeetingStatus
    present: int
    total: int
    version: int

    @property
    def id(self) -> uuid.UUID:
        return meeting_id(self.group_id, self.held_on)


def write_meeting(actor: Actor, row: MeetingRow, expected_version: int) -> bool:
    """Insert the meeting, or update it where it still has that version; False: it has not.

    Of two saves at once the second waits for the first and then finds another version: no
    lock is taken beforehand.
    """
    written = _upsert_meeting.execute(
        {
            **asdict(row),
            "id": row.id,
            "speakers": [],
            "summary": "",
            "recorded_by": actor.user_id,
            "recorded_at": clock.now(),
            "expected_version": expected_version,
        }
    )
    return written.first() is not None


@Kept
def _upsert_meeting() -> Executable:
    statement = insert_into(Meeting)
    kept = {"area_id", "id", "group_id", "held_on", "speakers", "summary"}
    return statement.on_conflict_do_update(
        index_elements=[Meeting.area_id, Meeting.id],
        set_={
            column.name: statement.excluded[column.name]
            for column in Meeting.__table__.columns
            if column.name not in kept
        },
        where=Meeting.version == bindparam("expected_version"),
    ).returning(Meeting.version)


def write_marks(actor: Actor, row: MeetingRow, marks: Mapping[uuid.UUID, Mark]) -> None:
    """Write these marks; one that stands already as it is given stays untouched."""
    _MARKS.write(
        (row.area_id, row.id, actor.user_id, clock.now()),
        [
            (
                household_id,
                mark.presence,
                mark.understanding,
                mark.note,
                mark.marked_how,
                mark.assessed_how,
            )
            for household_id, mark in marks.items()
        ],
    )


_MARKS = ManyRows(
    Attendance,
    key=("area_id", "meeting_id", "household_id"),
    same=("area_id", "meeting_id", "marked_by", "marked_at"),
    each=("household_id", *_OF_A_MARK),
    unless_equal=_OF_A_MARK,
)


def write_changes(
    actor: Actor, row: MeetingRow, changes: Mapping[uuid.UUID, tuple[Mark | None, Mark]]
) -> None:
    """Append what a correction changed: a household's mark before (None: it had none) and
    after."""
    if not changes:
        return
    db.session.connection().execute(
        insert(AttendanceChange),
        [
            {
                "area_id": row.area_id,
                "meeting_id": row.id,
                "version": row.version,
                "household_id": household_id,
                "before": {} if before is None else _as_json(before),
                "after": _as_json(after),
                "changed_by": actor.user_id,
                "changed_by_name": actor.name,
                "changed_at": clock.now(),
            }
            for household_id, (before, after) in changes.items()
        ],
    )


def _as_json(mark: Mark) -> dict[str, Any]:
    return {
        "presence": mark.presence.value,
        "understanding": mark.understanding and mark.understanding.value,
        "note": mark.note,
        "marked_how": mark.marked_how.value,
        "assessed_how": mark.assessed_how and mark.assessed_how.value,
    }
