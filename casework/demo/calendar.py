"""When things happen in the demonstration; pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Manado's, whatever the clock of the machine that loads the demonstration says.
ZONE = ZoneInfo("Asia/Makassar")
MONTHS = 12


def months_until(today: date, count: int) -> list[date]:
    """First days of the last `count` months, the present one last."""
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - count + 1, number + 1)]


def meeting_day(month: date, group: int) -> date:
    """The day of the month on which a group meets: the same week and weekday each month, two
    or three groups a week, Monday to Friday."""
    week, weekday = divmod(group * 7 % 20, 5)
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    return first + timedelta(weeks=week)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock on the wall in Manado, in UTC."""
    wall = datetime.combine(day, time(hour, minute), ZONE)
    return wall.astimezone(UTC)
