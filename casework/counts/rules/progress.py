"""What was counted beside what was to be reached, and where the year is heading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from casework.counts.rules.small_counts import STEP

MONTHS = 12
#: What stands for the whole nation where the code of a region is wanted.
NATION = "ID"
#: Targets are set a few years ahead at most.
YEARS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """Counted households beside a target; no target is None, not zero."""

    counted: int
    target: int | None

    @property
    def share(self) -> float | None:
        """Counted by target, 1.0 is the target reached; None without a target to reach."""
        return self.counted / self.target if self.target else None

    @property
    def gap(self) -> int | None:
        """Households still missing to the target; 0 when it is reached or passed."""
        return None if self.target is None else max(self.target - self.counted, 0)


def gap_order(gap: int | None, code: str) -> tuple[bool, int, str]:
    """Key to sort places by: the largest gap first, those without a target after all others."""
    return gap is None, -(gap or 0), code


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a running year is heading."""

    #: Counted by the end of the year if it goes on like this, rounded down.
    by_year_end: int
    #: Wanted in each of the months that are left to reach the target; None without a target.
    needed_a_month: int | None


def pace(counted: int, target: int | None, closed_months: int) -> Pace | None:
    """Of a public figure, in full tens. None where no month is closed yet, or none is left."""
    left = MONTHS - closed_months
    if not closed_months or not left:
        return None
    gap = Progress(counted, target).gap
    return Pace(
        counted * MONTHS // closed_months // STEP * STEP, None if gap is None else -(-gap // left)
    )


def exact_pace(counted: int, target: int | None, year: int, today: date) -> Pace | None:
    """Of an exact figure, which counts to this day: by days. None of a year that is not running,
    and in January, when a week would speak for the year."""
    if year != today.year or today.month == 1:
        return None
    day, days = (each.timetuple().tm_yday for each in (today, date(year, MONTHS, 31)))
    gap = Progress(counted, target).gap
    left = MONTHS - today.month + 1
    return Pace(max(counted, 0) * days // day, None if gap is None else -(-gap // left))


def last_closed_day(today: date) -> date:
    """Public figures go to the end of the last full month (docs/decisions/0020)."""
    return today.replace(day=1) - timedelta(days=1)


def closed_months(year: int, cut_off: date) -> int:
    """How many months of that year are closed on the cut-off day."""
    return cut_off.month if year == cut_off.year else MONTHS if year < cut_off.year else 0
