"""The registers behind a family's attendance, for whoever decides on it."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import and_, or_, select

from casework.core.db import db
from casework.curriculum.rules import economics_lessons
from casework.households.queries.registers import groups_ever
from casework.meetings.models import Attendance, Meeting
from casework.meetings.rules import (
    Oddities,
    Presence,
    RegisterSaved,
    oddities_of,
    twelve_months,
)


def oddities(area_id: int, household_id: uuid.UUID, *, as_of: date, time_zone: str) -> Oddities:
    """Of the registers that readiness rests on: those of the twelve months, and older ones in
    which the family attended an economics lesson. One statement. The caller has got the household
    through `scope`."""
    economics = sum(each.bit for each in economics_lessons())
    rows = db.session.execute(
        select(Meeting.held_on, Meeting.status, Meeting.recorded_at)
        .join(
            Attendance,
            and_(Attendance.area_id == Meeting.area_id, Attendance.meeting_id == Meeting.id),
        )
        .where(
            Meeting.area_id == area_id,
            Attendance.area_id == area_id,
            Attendance.household_id == household_id,
            Attendance.presence != Presence.NOT_MARKED,
            Meeting.group_id.in_(select(groups_ever(area_id, [household_id]).c.group_id)),
            Meeting.held_on <= as_of,
            or_(
                Meeting.held_on >= twelve_months(as_of),
                and_(
                    Attendance.presence == Presence.PRESENT,
                    Meeting.lesson_mask.bitwise_and(economics) != 0,
                ),
            ),
        )
    )
    return oddities_of((RegisterSaved(*row) for row in rows), time_zone)
