"""The registers behind a family's attendance, for whoever decides on it."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import and_, or_

from casework.core.db import db
from casework.curriculum.rules import economics_lessons
from casework.meetings.models import Attendance, Meeting
from casework.meetings.queries.marks import marks_of
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
        marks_of(
            area_id, household_id, as_of, Meeting.held_on, Meeting.status, Meeting.recorded_at
        ).where(
            Attendance.presence != Presence.NOT_MARKED,
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
