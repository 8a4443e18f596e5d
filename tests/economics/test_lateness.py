"""When a record counts as made long after its day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from casework.economics.labels import late_words
from casework.economics.rules import LATE_AFTER_DAYS, Late, lateness
from casework.meetings.rules import BACKDATING_DAYS

WITA = "Asia/Makassar"
#: 35 days after 8 October; in Manado noon, in Jayapura one hour later.
NOON = datetime(2026, 11, 12, 4, tzinfo=UTC)
#: In Manado and Jayapura it is the 13th by then, in Jakarta still the 12th.
EVENING = datetime(2026, 11, 12, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "recorded_at", "time_zone", "days"),
    [
        (date(2026, 11, 12), NOON, WITA, None),
        (date(2026, 10, 9), NOON, WITA, None),
        (date(2026, 10, 8), NOON, WITA, None),
        (date(2026, 10, 7), NOON, WITA, 36),
        (date(2026, 4, 25), NOON, WITA, 201),
        (date(2024, 2, 29), NOON, WITA, 987),
        # Nobody records what has not been; but a row that says so is not late.
        (date(2026, 11, 13), NOON, WITA, None),
        (date(2026, 10, 8), EVENING, "Asia/Jakarta", None),
        (date(2026, 10, 8), EVENING, WITA, 36),
        (date(2026, 10, 8), EVENING, "Asia/Jayapura", 36),
    ],
)
def test_late_is_more_than_35_days_on_the_wall(
    day: date, recorded_at: datetime, time_zone: str, days: int | None
) -> None:
    found = lateness(day, recorded_at, time_zone)
    assert (found.days if found else None) == days


def test_it_says_on_which_day_of_that_wall_it_was_recorded() -> None:
    assert lateness(date(2026, 4, 25), EVENING, WITA) == Late(date(2026, 11, 13), 202)
    assert lateness(date(2026, 4, 25), EVENING, "Asia/Jakarta") == Late(date(2026, 11, 12), 201)


def test_a_record_is_late_when_a_register_could_not_be_saved_any_more() -> None:
    assert LATE_AFTER_DAYS == BACKDATING_DAYS, "say in rules/lateness.py why they differ now"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (36, "dicatat 12 Nov 2026 (36 hari kemudian)"),
        (731, "dicatat 12 Nov 2026 (731 hari kemudian)"),
        (732, "dicatat 12 Nov 2026 (lebih dari 2 tahun kemudian)"),
        (1407, "dicatat 12 Nov 2026 (lebih dari 3 tahun kemudian)"),
    ],
)
def test_a_long_time_is_told_in_years(app: Flask, days: int, words: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "id"}):
        assert late_words(Late(date(2026, 11, 12), days)) == words
