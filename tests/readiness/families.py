"""A family that meets every indicator of the example, to be spoiled one thing at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from casework.economics.rules import (
    EnterpriseFacts,
    EnterpriseKind,
    LessonAttended,
    Licence,
    ObservationFacts,
)
from casework.readiness.instruments import current
from casework.readiness.rules import (
    Answer,
    Assessment,
    AttendanceYear,
    Components,
    HouseholdFacts,
    IndicatorResult,
    assess,
)

TODAY = date(2026, 11, 12)
YEAR_AGO = TODAY - timedelta(days=365)
QUESTIONS = [each.id for each in current().questions if each.caution is None]


def observed(on: date = TODAY, **values: Any) -> ObservationFacts:
    return ObservationFacts(
        observed_on=on, recorded_at=datetime(2026, 11, 12, 8, tzinfo=UTC), **values
    )


PROSPEROUS: dict[str, Any] = {
    "keeps_budget": True,
    "saves_per_month": 200_000,
    "savings_total": 6_000_000,
    "uses_bank_account": True,
    "income_per_month": 4_000_000,
}
BUSINESS = EnterpriseFacts(
    EnterpriseKind.FOOD_STALL, date(2024, 1, 1), licences=frozenset({Licence.NIB})
)
LESSONS = tuple(LessonAttended(number, date(2026, 3, number), True) for number in (5, 6, 7))


def facts(**changes: Any) -> HouseholdFacts:
    values: dict[str, Any] = {
        "attendance": AttendanceYear(held=12, attended=11),
        "lessons": LESSONS,
        "observations": (observed(**PROSPEROUS),),
        "enterprises": (BUSINESS,),
        "member_since_year": 2019,
        "components": Components(others=2),
    }
    return HouseholdFacts(**(values | changes))


def yes(on: date = TODAY) -> dict[str, Answer]:
    return {question: Answer(True, on) for question in QUESTIONS}


def assessed(answers: dict[str, Answer] | None = None, **changes: Any) -> Assessment:
    return assess(current(), facts(**changes), yes() if answers is None else answers, TODAY)


def indicator(result: Assessment, indicator_id: str) -> IndicatorResult:
    return next(each for each in result.indicators if each.indicator.id == indicator_id)
