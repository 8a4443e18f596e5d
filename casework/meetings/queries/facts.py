"""What the registers say of households, as readiness and lists need it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)

from casework.core.among import among
from casework.core.kept import Kept
from casework.curriculum.rules import economics_lessons
from casework.households.queries.registers import groups_ever
from casework.meetings.models import Attendance, Meeting
from casework.meetings.rules import (
    AttendanceFacts,
    LessonAttended,
    MeetingStatus,
    Presence,
    Understanding,
    twelve_months,
)

#: Of several judgements of one lesson the best one counts.
_RANKS = {Understanding.POOR: 1, Understanding.GOOD: 2, Understanding.VERY_GOOD: 3}
_BY_RANK = {rank: understanding for understanding, rank in _RANKS.items()}

#: How a mark ends. The first sorts after the second: who was present somewhere on a day has not
#: missed it.
_PRESENT, _AWAY = "p", "a"
#: Letters of a mark that say its day, and its month.
_DAY, _MONTH = 10, 7

#: Of a household that stands in no register.
NEVER_MARKED = AttendanceFacts()


def attendance_facts(
    area_id: int, household_ids: Collection[uuid.UUID], *, as_of: date
) -> dict[uuid.UUID, AttendanceFacts]:
    """The facts of each household, in one statement; a household never marked has zeros.
    The caller has got the households through `scope`."""
    ids = list(household_ids)
    found: dict[uuid.UUID, AttendanceFacts] = {}
    if ids:
        rows = _alone.execute(parameters(area_id, ids, as_of=as_of))
        found = {row.household_id: facts_of(row._asdict(), as_of=as_of) for row in rows}
    return {each: found.get(each, NEVER_MARKED) for each in ids}


def parameters(area_id: int, ids: list[uuid.UUID], *, as_of: date) -> dict[str, Any]:
    """What a statement with `attendance_rows` in it is executed with."""
    return {"area": area_id, "ids": ids, "as_of": as_of}


def facts_of(row: Mapping[str, Any], *, as_of: date) -> AttendanceFacts:
    """From the columns of `attendance_rows`. Marks are counted here: in the statement the months
    would be sorted for each family, and what was missed since would take a second look at each."""
    marks = row["marks"].split(",")
    present = [mark for mark in marks if mark[-1] == _PRESENT]
    since = twelve_months(as_of).isoformat()
    last = max(present, default="")
    lessons = {}
    for lesson in economics_lessons():
        on = row[f"on_{lesson.running_no}"]
        if on is not None:
            rank = row[f"rank_{lesson.running_no}"]
            lessons[lesson.running_no] = LessonAttended(on, _BY_RANK.get(rank))
    return AttendanceFacts(
        _months(marks, since),
        _months(present, since),
        sum(mark > last for mark in marks),
        date.fromisoformat(last[:_DAY]) if last else None,
        lessons,
    )


def _months(marks: list[str], since: str) -> int:
    return len({mark[:_MONTH] for mark in marks if mark >= since})


@Kept
def _alone() -> Select[*tuple[Any, ...]]:
    return attendance_rows()


def attendance_rows() -> Select[*tuple[Any, ...]]:
    """One row a household, to stand alone or beside other records in one statement.

    Columns: household_id, marks (of all days, joined by commas, in no order: "2026-11-03p" where
    it was present, "2026-10-06a" where not), and on_N and rank_N for each economics lesson.
    Registers still in draft tell nothing. They are found through the groups the household was
    ever in: attendance has no index of its own by household (docs/decisions/0003).
    """
    area = bindparam("area", type_=Integer)
    groups = select(groups_ever(area, "ids").c.group_id)
    is_present = Attendance.presence == Presence.PRESENT
    marks = (
        select(
            Attendance.household_id,
            is_present.label("is_present"),
            _rank().label("rank"),
            Meeting.held_on,
            Meeting.lesson_mask,
        )
        .join(
            Meeting,
            and_(Meeting.area_id == Attendance.area_id, Meeting.id == Attendance.meeting_id),
        )
        .where(
            Attendance.area_id == area,
            Meeting.area_id == area,
            Meeting.group_id.in_(groups),
            Meeting.held_on <= bindparam("as_of", type_=Date),
            among(Attendance.household_id, "ids"),
            Meeting.status == MeetingStatus.SENT,
            Attendance.presence != Presence.NOT_MARKED,
        )
        .subquery("mark")
    )
    mark = marks.c
    lessons = []
    for lesson in economics_lessons():
        taught = and_(
            mark.is_present, mark.lesson_mask.bitwise_and(_constant(lesson.bit)) != _constant(0)
        )
        lessons += [
            func.min(mark.held_on).filter(taught).label(f"on_{lesson.running_no}"),
            func.max(mark.rank).filter(taught).label(f"rank_{lesson.running_no}"),
        ]
    return select(
        mark.household_id,
        func.aggregate_strings(
            cast(mark.held_on, String)
            + case((mark.is_present, literal(_PRESENT)), else_=literal(_AWAY)),
            ",",
        ).label("marks"),
        *lessons,
    ).group_by(mark.household_id)


def _rank() -> ColumnElement[int]:
    return case(
        *((Attendance.understanding == each, _constant(rank)) for each, rank in _RANKS.items())
    )


def _constant(number: int) -> ColumnElement[int]:
    """A number that is the same in every execution, as text: a bound one travels every time."""
    return literal_column(str(number), Integer)
