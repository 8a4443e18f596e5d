"""The rows of a register, written with few statements that are compiled once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Executable, bindparam, insert, update

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.ids import meeting_id
from casework.core.kept import Kept
from casework.core.upsert import ManyRows, insert_into
from casework.curriculum.rules import from_mask
from casework.meetings.models import (
    Attendance,
    AttendanceChange,
    CalledOff,
    Meeting,
    RegisterClaim,
)
from casework.meetings.queries.claims import Difference, Said
from casework.meetings.queries.stored import as_json, claimed_as_json, head_as_json
from casework.meetings.rules import Head, Mark, MarkedHow, MeetingStatus, Presence

#: What a mark says; a correction compares these.
_OF_A_MARK = ("presence", "understanding", "note", "marked_how", "assessed_how")


@dataclass(frozen=True, slots=True)
class MeetingRow:
    area_id: int
    group_id: uuid.UUID
    held_on: date
    head: Head
    status: MeetingStatus
    present: int
    total: int
    version: int
    differing: int = 0
    is_head_differing: bool = False
    differs_since: datetime | None = None

    @property
    def id(self) -> uuid.UUID:
        return meeting_id(self.group_id, self.held_on)

    def columns(self) -> dict[str, Any]:
        return {
            "area_id": self.area_id,
            "id": self.id,
            "group_id": self.group_id,
            "held_on": self.held_on,
            "lesson_mask": self.head.lesson_mask,
            "adaptive_topic": self.head.topic,
            "starts_at": self.head.starts_at,
            "ends_at": self.head.ends_at,
            "place": self.head.place,
            "status": self.status,
            "present": self.present,
            "total": self.total,
            "differing": self.differing,
            "is_head_differing": self.is_head_differing,
            "differs_since": self.differs_since,
            "version": self.version,
        }


def lessons_told(row: MeetingRow, before: Head | None) -> dict[str, object]:
    """For the trail, which alone keeps what was taught before: readiness rests on it. `before`: of
    a register that had been sent."""
    is_other = before is not None and before.lesson_mask != row.head.lesson_mask
    return {
        "lessons": _running_nos(row.head),
        "lessons_before": _running_nos(before) if before and is_other else None,
    }


def _running_nos(head: Head) -> list[int]:
    return [each.running_no for each in from_mask(head.lesson_mask)]


def write_meeting(actor: Actor, row: MeetingRow, expected_version: int) -> bool:
    """Insert the meeting, or update it where it still has that version; False: it has not.

    Of two saves at once the second waits for the first and then finds another version: no
    lock is taken beforehand.
    """
    written = _upsert_meeting.execute(
        {
            **row.columns(),
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


def write_called_off(actor: Actor, meeting: Any, *, version: int, **said: Any) -> bool:
    """Call off a meeting that still has the version of that row, with `reason` and `moved_to`;
    False: it has another one by now. Marks and photos stay as they are."""
    written = db.session.execute(
        update(Meeting)
        .where(
            Meeting.area_id == meeting.area_id,
            Meeting.id == meeting.id,
            Meeting.version == meeting.version,
        )
        .values(status=MeetingStatus.CALLED_OFF, version=version)
        .execution_options(synchronize_session=False)
        .returning(Meeting.version)
    )
    if written.first() is None:
        return False
    db.session.execute(
        insert(CalledOff),
        {
            "area_id": meeting.area_id,
            "meeting_id": meeting.id,
            "version": version,
            "called_off_by": actor.user_id,
            "called_off_by_name": actor.name,
            "called_off_at": clock.now(),
            **said,
        },
    )
    return True


def write_marks(
    actor: Actor,
    row: MeetingRow,
    marks: Mapping[uuid.UUID, Mark],
    differing: Iterable[uuid.UUID] = (),
) -> None:
    """Write these marks, and that those of other families differ; what stands already as it is
    given stays untouched."""
    _MARKS.write(
        (row.area_id, row.id, actor.user_id, clock.now(), row.version),
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
        ]
        + [(household_id, *_DIFFERING) for household_id in differing],
    )


_DIFFERING = (Presence.NOT_MARKED, None, "", MarkedHow.SINGLE, None)

_MARKS = ManyRows(
    Attendance,
    key=("area_id", "meeting_id", "household_id"),
    same=("area_id", "meeting_id", "marked_by", "marked_at", "version"),
    each=("household_id", *_OF_A_MARK),
    unless_equal=_OF_A_MARK,
)


def write_changes(
    actor: Actor,
    row: MeetingRow,
    changes: Mapping[uuid.UUID, tuple[Mark | Difference | None, Mark | None]],
) -> None:
    """Append what a correction changed: a household's mark before and after; before: what it
    differed over, None where it had none; after: None where it differs from then on."""
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
                "before": _before(household_id, before),
                "after": as_json(after),
                "changed_by": actor.user_id,
                "changed_by_name": actor.name,
                "changed_at": clock.now(),
            }
            for household_id, (before, after) in changes.items()
        ],
    )


def _before(household_id: uuid.UUID, before: Mark | Difference | None) -> dict[str, Any]:
    if not isinstance(before, Difference):
        return as_json(before)
    marks = ((each.name, each.claim.marks[household_id]) for each in before.said)
    return {"said": [{"name": name, **as_json(mark)} for name, mark in marks]}


def write_claims(area_id: int, meeting_id: uuid.UUID, claims: Iterable[Said]) -> None:
    """Append what was said of a meeting."""
    rows = [
        {
            "area_id": area_id,
            "meeting_id": meeting_id,
            "id": said.claim.id,
            "device_id": said.claim.device,
            "seq": said.claim.seq,
            "base_version": said.claim.base_version,
            "version": said.claim.version,
            "versions_before": list(said.claim.before) or None,
            "was_sent": said.claim.was_sent,
            "head": said.claim.head and head_as_json(said.claim.head),
            "marks": claimed_as_json(said.claim),
            "said_by": said.claim.said_by,
            "said_by_name": said.name,
            "received_at": said.received_at,
        }
        for said in claims
    ]
    if rows:
        db.session.connection().execute(insert(RegisterClaim), rows)
