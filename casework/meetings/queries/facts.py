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
    distinct,
    func,
    literal_column,
    not_,
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
        found = {row.household_id: facts_of(row._asdict()) for row in rows}
    return {each: found.get(each, NEVER_MARKED) for each in ids}


def parameters(area_id: int, ids: list[uuid.UUID], *, as_of: date) -> dict[str, Any]:
    """What a statement with `attendance_rows` in it is executed with."""
    return {"area": area_id, "ids": ids, "as_of": as_of, "since": twelve_months(as_of)}


def facts_of(row: Mapping[str, Any]) -> AttendanceFacts:
    """From the columns of `attendance_rows`."""
    lessons = {}
    for lesson in economics_lessons():
        on = row[f"on_{lesson.running_no}"]
        if on is not None:
            rank = row[f"rank_{lesson.running_no}"]
            lessons[lesson.running_no] = LessonAttended(on, _BY_RANK.get(rank))
    last = row["last_present_on"]
    return AttendanceFacts(
        row["held"], row["attended"], _missed_since(last, row["absent_on"]), last, lessons
    )


def _missed_since(last_present_on: date | None, absent_on: str | None) -> int:
    """Counted here: in the statement it would take a second look at every mark, sorted."""
    days = absent_on.split(",") if absent_on else []
    if last_present_on is None:
        return len(days)
    last = last_present_on.isoformat()
    return sum(day > last for day in days)


@Kept
def _alone() -> Select[*tuple[Any, ...]]:
    return attendance_rows()


def attendance_rows() -> Select[*tuple[Any, ...]]:
    """One row a household, to stand alone or beside other records in one statement.

    Columns: household_id, held, attended, last_present_on, absent_on (days joined by commas, in
    no order), and on_N and rank_N for each economics lesson. Registers still in draft tell
    nothing. They are found through the groups the household was ever in: attendance has no index
    of its own by household (docs/decisions/0003).
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
            _month().label("month"),
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
        func.count(distinct(mark.month)).label("held"),
        func.count(distinct(mark.month)).filter(mark.is_present).label("attended"),
        func.max(mark.held_on).filter(mark.is_present).label("last_present_on"),
        func.aggregate_strings(cast(mark.held_on, String), ",")
        .filter(not_(mark.is_present))
        .label("absent_on"),
        *lessons,
    ).group_by(mark.household_id)


def _month() -> ColumnElement[str]:
    """The month of the meeting, "2026-11"; NULL for one before the twelve."""
    month = func.substr(cast(Meeting.held_on, String), _constant(1), _constant(7))
    return case((Meeting.held_on >= bindparam("since", type_=Date), month))


def _rank() -> ColumnElement[int]:
    return case(
        *((Attendance.understanding == each, _constant(rank)) for each, rank in _RANKS.items())
    )


def _constant(number: int) -> ColumnElement[int]:
    """A number that is the same in every execution, as text: a bound one travels every time."""
    return literal_column(str(number), Integer)
