"""The day on the wall where the person stands."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from casework.core import clock


@pytest.mark.parametrize(
    ("zone", "day", "began"),
    [
        ("Asia/Jakarta", date(2026, 11, 11), datetime(2026, 11, 10, 17, tzinfo=UTC)),
        ("Asia/Makassar", date(2026, 11, 12), datetime(2026, 11, 11, 16, tzinfo=UTC)),
        ("Asia/Jayapura", date(2026, 11, 12), datetime(2026, 11, 11, 15, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_on_the_wall(zone: str, day: date, began: datetime) -> None:
    with clock.at(datetime(2026, 11, 11, 16, 30, tzinfo=UTC)):
        assert (clock.today(zone), clock.midnight(zone)) == (day, began)
