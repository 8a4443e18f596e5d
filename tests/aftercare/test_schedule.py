"""When a graduated family is visited: windows, states, and the days at their edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.aftercare.rules import (
    MONTHS,
    MOST_OPENINGS,
    Graduation,
    months_after,
    openings,
    since,
    state_of,
    window_at,
    windows,
)
from casework.aftercare.states import VisitState

_S = VisitState

#: Established from the first stage of 2026, recorded in the January before.
GRADUATION = Graduation(date(2026, 1, 1), date(2026, 1, 20))

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 1), 3, date(2026, 4, 1)),
        (date(2026, 10, 1), 3, date(2027, 1, 1)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),  # a leap year
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 3, date(2028, 5, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_end_where_the_calendar_ends_them(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@pytest.mark.parametrize(
    ("stage", "expected"), [("2026-1", date(2026, 1, 1)), ("2026-4", date(2026, 10, 1))]
)
def test_a_stage_begins_with_its_quarter(stage: str, expected: date) -> None:
    assert since(stage) == expected


def test_three_visits_after_three_six_and_twelve_months() -> None:
    found = [
        (each.months, each.opens_on, each.due_on, each.late_from, each.closes_on)
        for each in windows(GRADUATION)
    ]
    assert found == [
        (3, date(2026, 3, 18), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 17)),
        (6, date(2026, 6, 17), date(2026, 7, 1), date(2026, 8, 1), date(2026, 12, 18)),
        (12, date(2026, 12, 18), date(2027, 1, 1), date(2027, 2, 1), date(2027, 4, 1)),
    ]


@pytest.mark.parametrize(
    ("visit", "today", "expected"),
    [
        (0, date(2026, 1, 1), _S.AHEAD),
        (0, date(2026, 3, 17), _S.AHEAD),
        (0, date(2026, 3, 18), _S.DUE),
        (0, date(2026, 4, 1), _S.DUE),
        (0, date(2026, 4, 30), _S.DUE),
        (0, date(2026, 5, 1), _S.LATE),
        (0, date(2026, 6, 16), _S.LATE),
        (0, date(2026, 6, 17), _S.MISSED),
        (1, date(2026, 6, 16), _S.AHEAD),
        (1, date(2026, 6, 17), _S.DUE),
        (1, date(2026, 7, 31), _S.DUE),
        (1, date(2026, 8, 1), _S.LATE),
        (1, date(2026, 12, 17), _S.LATE),
        (1, date(2026, 12, 18), _S.MISSED),
        (2, date(2026, 12, 17), _S.AHEAD),
        (2, date(2026, 12, 18), _S.DUE),
        (2, date(2027, 1, 31), _S.DUE),
        (2, date(2027, 2, 1), _S.LATE),
        (2, date(2027, 3, 31), _S.LATE),
        (2, date(2027, 4, 1), _S.MISSED),
    ],
)
def test_a_visit_that_nobody_made_on_each_day(
    visit: int, today: date, expected: VisitState
) -> None:
    window = windows(GRADUATION)[visit]
    assert state_of(window, GRADUATION.known_on, today, visited=False, tried=False) is expected
    assert state_of(window, GRADUATION.known_on, today, visited=False, tried=True) is (
        _S.NOT_POSSIBLE
    )
    assert state_of(window, GRADUATION.known_on, today, visited=True, tried=True) is _S.DONE


@pytest.mark.parametrize(
    ("known_on", "today", "expected"),
    [
        # Recorded after the day of the visit: it is late a month after that.
        (date(2026, 5, 20), date(2026, 5, 20), _S.DUE),
        (date(2026, 5, 20), date(2026, 6, 16), _S.DUE),
        (date(2026, 4, 30), date(2026, 5, 29), _S.DUE),
        (date(2026, 4, 30), date(2026, 5, 30), _S.LATE),
        # Recorded on the last day on which it could be made, and a day later.
        (date(2026, 6, 16), date(2026, 6, 16), _S.DUE),
        (date(2026, 6, 16), date(2026, 6, 17), _S.MISSED),
        (date(2026, 6, 17), date(2026, 6, 17), _S.NOT_ASKED),
        (date(2026, 9, 1), date(2027, 1, 1), _S.NOT_ASKED),
    ],
)
def test_nobody_is_late_for_a_graduate_whom_nobody_knew_of(
    known_on: date, today: date, expected: VisitState
) -> None:
    window = windows(Graduation(GRADUATION.since_on, known_on))[0]
    assert state_of(window, known_on, today, visited=False, tried=False) is expected


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2026, 3, 17), None),
        (date(2026, 3, 18), 3),
        (date(2026, 6, 16), 3),
        (date(2026, 6, 17), 6),
        (date(2026, 12, 18), 12),
        (date(2027, 3, 31), 12),
        (date(2027, 4, 1), None),
    ],
)
def test_a_visit_counts_for_the_window_that_its_day_lies_in(day: date, months: int | None) -> None:
    window = window_at(GRADUATION, day)
    assert (window.months if window else None) == months


@given(since_on=days)
def test_windows_follow_each_other_without_a_gap(since_on: date) -> None:
    found = windows(Graduation(since_on, since_on))
    assert [each.months for each in found] == list(MONTHS)
    for before, after in zip(found, found[1:], strict=False):
        assert before.closes_on == after.opens_on
    for each in found:
        assert each.opens_on < each.due_on < each.late_from < each.closes_on


@given(today=days)
def test_whoever_graduated_from_a_stage_has_the_visit_that_its_opening_says(today: date) -> None:
    open_now = {each.stage: each.window for each in openings(today)}
    assert len(open_now) <= MOST_OPENINGS
    for quarters in range(-2, 12):
        month = months_after(today.replace(day=1), -3 * quarters)
        stage = f"{month.year}-{(month.month - 1) // 3 + 1}"
        first = since(stage)
        assert window_at(Graduation(first, first), today) == open_now.get(stage), stage


def test_a_stage_that_begins_later_has_no_visit_yet() -> None:
    today = date(2026, 11, 29)
    ahead = Graduation(since("2027-1"), today - timedelta(days=3))
    states = {
        state_of(each, ahead.known_on, today, visited=False, tried=False) for each in windows(ahead)
    }
    assert states == {_S.AHEAD}
