"""What the registers say of households, as readiness and lists need it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from casework.core.among import among
from casework.core.db import db
from casework.curriculum.rules import economics_lessons
from casework.households.queries.registers import groups_ever
from casework.meetings.models import Attendance, Meeting
from casework.meetings.rules import (
    AttendanceFacts,
    LessonAttended,
    MeetingStatus,
    Presence,
    Understanding,
    year_before,
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
        rows = db.session.execute(
            _statement(db.engine.dialect.name), parameters(area_id, ids, as_of=as_of)
        )
        found = {row.household_id: facts_of(row._asdict()) for row in rows}
    return {each: found.get(each, NEVER_MARKED) for each in ids}


def parameters(area_id: int, ids: list[uuid.UUID], *, as_of: date) -> dict[str, Any]:
    """What a statement with `attendance_rows` in it is executed with."""
    return {"area": area_id, "ids": ids, "as_of": as_of, "since": year_before(as_of)}


def facts_of(row: Mapping[str, Any]) -> AttendanceFacts:
    """From the columns of `attendance_rows`."""
    lessons = {}
    for lesson in economics_lessons():
        on = row[f"on_{lesson.running_no}"]
        if on is not None:
            rank = row[f"rank_{lesson.running_no}"]
            lessons[lesson.running_no] = LessonAttended(on, _BY_RANK.get(rank))
    return AttendanceFacts(
        row["held"], row["attended"], row["missed_running"], row["last_present_on"], lessons
    )


@lru_cache
def _statement(_dialect: str) -> Select[*tuple[Any, ...]]:
    return attendance_rows()


def attendance_rows() -> Select[*tuple[Any, ...]]:
    """One row a household, to stand alone or beside other records in one statement.

    Columns: household_id, held, attended, missed_running, last_present_on, and on_N and rank_N
    for each economics lesson. Registers still in draft tell nothing. They are found through
    the groups the household was ever in: attendance has no index of its own by household
    (docs/decisions/0003).
    """
    area = bindparam("area", type_=Integer)
    groups = select(groups_ever(area, "ids").c.group_id)
    is_present = Attendance.presence == Presence.PRESENT
    last_on = func.max(case((is_present, Meeting.held_on)))
    marks = (
        select(
            Attendance.household_id,
            is_present.label("is_present"),
            _rank().label("rank"),
            Meeting.held_on,
            Meeting.lesson_mask,
            last_on.over(partition_by=Attendance.household_id).label("last_on"),
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
    in_window = mark.held_on > bindparam("since", type_=Date)
    after_last = or_(mark.last_on.is_(None), mark.held_on > mark.last_on)
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
        func.count().filter(in_window).label("held"),
        func.count().filter(in_window, mark.is_present).label("attended"),
        func.count().filter(after_last).label("missed_running"),
        func.max(mark.last_on).label("last_present_on"),
        *lessons,
    ).group_by(mark.household_id)


def _rank() -> ColumnElement[int]:
    return case(
        *((Attendance.understanding == each, _constant(rank)) for each, rank in _RANKS.items())
    )


def _constant(number: int) -> ColumnElement[int]:
    """A number that is the same in every execution, as text: a bound one travels every time."""
    return literal_column(str(number), Integer)
