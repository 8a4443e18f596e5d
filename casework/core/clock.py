"""The one place that knows what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("casework_fixed_time", default=None)


def now() -> datetime:
    """The moment, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today(time_zone: str) -> date:
    """The date on the wall where the person stands (WIB, WITA or WIT), not in UTC:
    an evening meeting in Jayapura is not yesterday's."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def midnight(time_zone: str) -> datetime:
    """The moment at which that day began."""
    return datetime.combine(today(time_zone), time(), ZoneInfo(time_zone))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let this thread live at another moment.

    The demo acts out twelve past months through the ordinary actions, and tests stand at
    month ends; both need the same actions to believe in that moment.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
