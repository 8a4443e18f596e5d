"""Records made long after their day, which is allowed and shown.

A family's history may be taken over from paper in all honesty; who decides on it has to see that
six months of savings were typed on one evening.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

#: A record made more than so many days after its day is shown as such.
#: Source: none official; product default, as long as a register may be recorded late
#: (`meetings.rules.BACKDATING_DAYS`).
LATE_AFTER_DAYS = 35


class Late(NamedTuple):
    recorded_on: date
    #: After the day that the record is of.
    days: int


def lateness(day: date, recorded_at: datetime, time_zone: str) -> Late | None:
    """Of a record of that day; None where it was made in time. Days are those of
    that time zone."""
    recorded_on = recorded_at.astimezone(ZoneInfo(time_zone)).date()
    days = (recorded_on - day).days
    return Late(recorded_on, days) if days > LATE_AFTER_DAYS else None
