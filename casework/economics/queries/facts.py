"""What is on record of families' economies, for features that compute from it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from casework.economics.models import Enterprise, Observation
from casework.economics.rules import LessonAttended
from casework.meetings.rules import AttendanceFacts, Understanding

_UNDERSTOOD = {
    Understanding.POOR: False,
    Understanding.GOOD: True,
    Understanding.VERY_GOOD: True,
}


def lessons_of(attendance: AttendanceFacts) -> tuple[LessonAttended, ...]:
    """The economics lessons of the registers, as the ladder takes them."""
    return tuple(
        LessonAttended(
            number,
            each.attended_on,
            None if each.understanding is None else _UNDERSTOOD.get(each.understanding),
        )
        for number, each in attendance.lessons.items()
    )


def observations() -> Select[*tuple[Any, ...]]:
    """Every observation that counts, to choose of its `selected_columns` area_id, household_id,
    observed_on, recorded_at and the six things observed. The caller has got the households through
    `scope`."""
    return select(
        Observation.area_id,
        Observation.household_id,
        Observation.observed_on,
        Observation.recorded_at,
        Observation.keeps_budget,
        Observation.saves_per_month,
        Observation.savings_total,
        Observation.uses_bank_account,
        Observation.borrows_from,
        Observation.income_per_month,
    ).where(Observation.taken_back_at.is_(None))


def enterprises() -> Select[*tuple[Any, ...]]:
    """Every business, to choose of its `selected_columns` area_id, household_id, kind, since_on,
    ended_on, licences, recorded_at and updated_at. The caller has got the households through
    `scope`."""
    return select(
        Enterprise.area_id,
        Enterprise.household_id,
        Enterprise.kind,
        Enterprise.since_on,
        Enterprise.ended_on,
        Enterprise.licences,
        Enterprise.recorded_at,
        Enterprise.updated_at,
    )
