"""What the public may see of a count (docs/decisions/0020).

Three rules. Every figure is rounded down to full tens, and "under ten" is said of what is below. A
whole is not higher than its rounded parts can make up while one of them lost nothing. And what was
established is not higher than the rounded figures of what was approved leave for it. So whoever
puts all tables together, of both states and of all years, finds every number from 0 to 9 possible
for each figure under ten: `tests/counts/test_small_counts.py` tries all the counts that could
stand behind them.

Where one of the last two rules sets a figure, it says "at least", or no number at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

#: The smallest count that is shown, and the step that every figure moves by.
STEP = 10


class Shown(StrEnum):
    """How a public figure is to be read."""

    #: Full tens; the count lies less than ten above.
    ROUNDED = "rounded"
    #: Somewhere from 0 to 9.
    UNDER_TEN = "under_10"
    #: Full tens; the count may lie further above, for it would tell too much of others.
    AT_LEAST = "at_least"
    #: As at least, and the number would be none.
    HELD_BACK = "held_back"
    #: No month of that year is closed yet.
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class PublicCount:
    """One public figure; `households` is None where there is no number to show."""

    shown: Shown
    households: int | None = None
    #: Whether the count can be anything from the figure to nine above it, whatever else is
    #: published. Not so of what was established where too few were approved.
    is_free: bool = True
    #: For sums, shares and the order of lists: they may know no more than the figure tells.
    at_least: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Made once for each number and read ten thousand times for a page of the nation.
        object.__setattr__(self, "at_least", self.households or 0)

    @property
    def at_most(self) -> int:
        """What the rules reckon with, not what the count is: that may lie above."""
        return self.at_least + (STEP - 1 if self.is_free else 0)


UNDER_TEN = PublicCount(Shown.UNDER_TEN)
NOT_YET = PublicCount(Shown.NOT_YET)
#: Less than none is left for it.
NONE_LEFT = PublicCount(Shown.HELD_BACK, is_free=False)
HELD_BACK = PublicCount(Shown.HELD_BACK)


def public_count(households: int, left: int | None = None) -> PublicCount:
    """A count by itself; `left` is the most that the figures it must fit leave for it."""
    tens = households // STEP * STEP if households > 0 else 0
    if left is not None:
        if left < 0:
            return NONE_LEFT
        most = left // STEP * STEP
        # Also where they are equal: that it says so must hang on published figures alone.
        if tens >= most:
            return _at_least(most) if most else HELD_BACK
    return _rounded(tens) if tens else UNDER_TEN


# By full tens: whole numbers of five years of 514 regencies would be too many to keep.


@lru_cache(maxsize=10_000)
def _rounded(tens: int) -> PublicCount:
    return PublicCount(Shown.ROUNDED, tens)


@lru_cache(maxsize=10_000)
def _at_least(tens: int) -> PublicCount:
    return PublicCount(Shown.AT_LEAST, tens)


def public_whole(
    households: int, parts: Sequence[PublicCount], left: int | None = None
) -> PublicCount:
    """The count of what has these parts, at least one; `left` as of `public_count`.

    Rounded down each part can have lost up to nine, and one of them must be able to have lost
    nothing. A lone part is the whole.
    """
    if len(parts) == 1:
        return parts[0]
    told = [part.at_least for part in parts if part.is_free]
    if not told:
        return NONE_LEFT
    of_parts = sum(told) + (STEP - 1) * (len(told) - 1)
    return public_count(households, of_parts if left is None else min(of_parts, left))


def added_up(parts: Sequence[PublicCount]) -> PublicCount:
    """The sum of public figures; nobody learns from it what they did not say."""
    total = sum(part.at_least for part in parts)
    return _at_least(total) if total else HELD_BACK
