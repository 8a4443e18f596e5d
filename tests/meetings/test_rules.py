"""What a register may say, case by case; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from casework.core import clock
from casework.meetings.rules import (
    DateProblem,
    Mark,
    MarkedHow,
    Presence,
    Understanding,
    date_problem,
    last_month,
    settle,
    totals,
    twelve_months,
)

FUTURE, EARLY, LONG = (
    DateProblem.IN_THE_FUTURE,
    DateProblem.BEFORE_LAST_MONTH,
    DateProblem.TOO_LONG_AGO,
)


@pytest.mark.parametrize(
    ("held_on", "today", "problem"),
    [
        (date(2026, 11, 12), date(2026, 11, 12), None),
        (date(2026, 11, 13), date(2026, 11, 12), FUTURE),
        (date(2026, 11, 1), date(2026, 11, 30), None),
        # 35 days back, inside the month before
        (date(2026, 10, 26), date(2026, 11, 30), None),
        (date(2026, 10, 25), date(2026, 11, 30), LONG),
        # the month before begins later than 35 days ago
        (date(2026, 10, 1), date(2026, 11, 5), None),
        (date(2026, 9, 30), date(2026, 11, 4), EARLY),
        (date(2026, 9, 30), date(2026, 11, 1), EARLY),
        (date(2026, 10, 1), date(2026, 11, 1), None),
        # over New Year and the end of February
        (date(2026, 12, 1), date(2027, 1, 1), None),
        (date(2026, 11, 30), date(2027, 1, 1), EARLY),
        (date(2028, 1, 26), date(2028, 3, 1), EARLY),
        (date(2028, 2, 1), date(2028, 3, 1), None),
        (date(1, 1, 1), date(2026, 11, 12), EARLY),
        (date(9999, 12, 31), date(2026, 11, 12), FUTURE),
    ],
)
def test_a_meeting_lies_in_this_month_or_the_last_at_most_35_days_back(
    held_on: date, today: date, problem: DateProblem | None
) -> None:
    assert date_problem(held_on, today) is problem


@pytest.mark.parametrize(
    ("days", "problem"), [(0, LONG), (1, LONG), (2, None), (3, None), (400, None)]
)
def test_how_long_back_is_a_setting(days: int, problem: DateProblem | None) -> None:
    assert date_problem(date(2026, 11, 10), date(2026, 11, 12), days) is problem


@pytest.mark.parametrize(
    ("time_zone", "today"),
    [
        # 16.30 UTC on the last of October: half past eleven at night in Jakarta,
        # half past midnight in Manado, half past one in Jayapura.
        ("Asia/Jakarta", date(2026, 10, 31)),
        ("Asia/Makassar", date(2026, 11, 1)),
        ("Asia/Jayapura", date(2026, 11, 1)),
    ],
)
def test_the_day_turns_where_the_facilitator_stands(time_zone: str, today: date) -> None:
    with clock.at(datetime(2026, 10, 31, 16, 30, tzinfo=UTC)):
        assert clock.today(time_zone) == today
        problem = date_problem(date(2026, 11, 1), clock.today(time_zone))
    assert problem is (FUTURE if time_zone == "Asia/Jakarta" else None)


def test_the_month_before_january_is_december() -> None:
    assert last_month(date(2027, 1, 31)) == date(2026, 12, 1)
    assert last_month(date(2026, 3, 31)) == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 1), date(2025, 12, 1)),
        (date(2026, 11, 30), date(2025, 12, 1)),
        (date(2026, 12, 31), date(2026, 1, 1)),
        (date(2027, 1, 1), date(2026, 2, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
    ],
)
def test_the_twelve_months_that_end_with_that_of_a_day(day: date, first: date) -> None:
    assert twelve_months(day) == first


@pytest.mark.parametrize("presence", [Presence.SICK, Presence.EXCUSED, Presence.ABSENT])
@pytest.mark.parametrize("understanding", [None, *Understanding])
def test_who_was_not_there_cannot_be_assessed(
    presence: Presence, understanding: Understanding | None
) -> None:
    assert settle(presence, understanding) is Understanding.NOT_ASSESSABLE
    if understanding is not Understanding.NOT_ASSESSABLE:
        with pytest.raises(ValueError, match="cannot be assessed"):
            Mark(presence, understanding)


@pytest.mark.parametrize("understanding", [None, *Understanding])
def test_who_was_there_is_assessed_now_or_later(understanding: Understanding | None) -> None:
    assert settle(Presence.PRESENT, understanding) is understanding
    assert Mark(Presence.PRESENT, understanding).understanding is understanding


def test_not_marked_is_no_mark() -> None:
    with pytest.raises(ValueError, match="no mark"):
        Mark(Presence.NOT_MARKED)


def test_totals_keep_kinds_and_ways_of_marking_apart() -> None:
    away = Understanding.NOT_ASSESSABLE
    figures = totals(
        [
            Mark(Presence.PRESENT),
            Mark(Presence.PRESENT, Understanding.GOOD, assessed_how=MarkedHow.SINGLE),
            Mark(Presence.PRESENT, Understanding.GOOD, "", MarkedHow.BULK, MarkedHow.BULK),
            Mark(Presence.SICK, away),
            Mark(Presence.EXCUSED, away),
            Mark(Presence.ABSENT, away),
            Mark(Presence.ABSENT, away),
        ]
    )
    assert (figures.present, figures.sick, figures.excused, figures.absent) == (3, 1, 1, 2)
    assert (figures.total, figures.away) == (7, 4)
    assert (figures.single, figures.bulk) == (6, 1)
    assert (figures.not_assessed, figures.assessed_in_bulk) == (1, 1)
    assert totals([]).total == 0
