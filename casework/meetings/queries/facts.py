"""What the registers tell of households, aggregated where they lie."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select

from casework.core.db import db
from casework.curriculum.rules import Lesson, economics_lessons
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

#: Lowest first; as numbers they can be compared in SQL.
_UNDERSTOOD = (Understanding.POOR, Understanding.GOOD, Understanding.VERY_GOOD)


def attendance_facts(
    area_id: int, household_ids: Collection[uuid.UUID], *, as_of: date
) -> dict[uuid.UUID, AttendanceFacts]:
    """Facts of each household up to a day, all of them in one statement.

    Registers still in draft tell nothing. Marks are found by the groups a household was ever
    in, then by key: no index on the marks but their own.
    """
    if not household_ids:
        return {}
    register = groups_ever(area_id, household_ids)
    present = Attendance.presence == Presence.PRESENT
    marks = (
        select(
            Attendance.household_id,
            Meeting.held_on,
            Meeting.lesson_mask,
            Attendance.understanding,
            present.label("present"),
            func.max(case((present, Meeting.held_on)))
            .over(partition_by=Attendance.household_id)
            .label("last_present_on"),
        )
        .select_from(register)
        .join(Meeting, Meeting.group_id == register.c.group_id)
        .join(
            Attendance,
            and_(
                Attendance.meeting_id == Meeting.id,
                Attendance.household_id == register.c.household_id,
            ),
        )
        .where(
            Meeting.area_id == area_id,
            Attendance.area_id == area_id,
            Meeting.status == MeetingStatus.SENT,
            Meeting.held_on <= as_of,
        )
        .subquery("mark")
    )
    mark = marks.c
    this_year = mark.held_on > year_before(as_of)
    missed = or_(mark.last_present_on.is_(None), mark.held_on > mark.last_present_on)
    lessons = economics_lessons()
    rows = db.session.execute(
        select(
            mark.household_id,
            func.count(case((this_year, 1))).label("held"),
            func.count(case((and_(this_year, mark.present), 1))).label("attended"),
            func.count(case((missed, 1))).label("missed_running"),
            func.max(mark.last_present_on).label("last_present_on"),
            *(column for lesson in lessons for column in _lesson_columns(mark, lesson)),
        ).group_by(mark.household_id)
    )
    found = {row.household_id: _facts(row, lessons) for row in rows}
    return {household_id: found.get(household_id, _NOTHING) for household_id in household_ids}


_NOTHING = AttendanceFacts()


def _lesson_columns(mark: Any, lesson: Lesson) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    attended = and_(mark.present, mark.lesson_mask.bitwise_and(lesson.bit) != 0)
    rank = case(
        *((mark.understanding == each, number) for number, each in enumerate(_UNDERSTOOD, 1))
    )
    return (
        func.min(case((attended, mark.held_on))).label(f"first_{lesson.running_no}"),
        func.max(case((attended, rank))).label(f"best_{lesson.running_no}"),
    )


def _facts(row: Row[Any], lessons: Collection[Lesson]) -> AttendanceFacts:
    values = row._mapping
    attended = {}
    for lesson in lessons:
        first_on, best = values[f"first_{lesson.running_no}"], values[f"best_{lesson.running_no}"]
        if first_on is not None:
            attended[lesson.running_no] = LessonAttended(
                first_on, None if best is None else _UNDERSTOOD[best - 1]
            )
    return AttendanceFacts(
        held=row.held,
        attended=row.attended,
        missed_running=row.missed_running,
        last_present_on=row.last_present_on,
        lessons=attended,
    )
