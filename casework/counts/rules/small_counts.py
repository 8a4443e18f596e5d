"""What the public may see of a count (docs/decisions/0020).

Two rules. Every figure is rounded down to full tens, and "under ten" is said of what is below.
And where the rounded parts leave their whole less play than they need, one of them is held back.
Then every number from 0 to 9 remains possible for each figure under ten, whoever puts all tables
of one kind, state and year together; `tests/counts/test_small_counts.py` holds this against an
attacker of its own. What both states of all years tell together stands in the decision.

Published are, for each kind, state and year, a whole (the nation) and its parts (provinces), and
for each province its own parts twice: its regencies, and its months. Nothing is published of a
regency's months, and the nation's months are the provinces' rounded months added up: these two
would tie the tables to each other in a ring, and no rule of a group alone would be enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

#: The smallest count that is shown, and the step that every figure moves by.
STEP = 10


class Shown(StrEnum):
    """How a public figure is to be read."""

    #: Full tens; the count lies less than ten above.
    ROUNDED = "rounded"
    #: Somewhere from 0 to 9.
    UNDER_TEN = "under_10"
    #: Rounded parts added up: not more than the count.
    AT_LEAST = "at_least"
    #: Not shown, because a neighbour's small figure could be worked out with it.
    HELD_BACK = "held_back"
    #: No month of that year is closed yet.
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class PublicCount:
    """One public figure; `households` is None where there is no number to show."""

    shown: Shown
    households: int | None = None

    @property
    def at_least(self) -> int:
        """For sums, shares and the order of lists: they may know no more than the figure tells."""
        return self.households or 0


HELD_BACK = PublicCount(Shown.HELD_BACK)
UNDER_TEN = PublicCount(Shown.UNDER_TEN)
NOT_YET = PublicCount(Shown.NOT_YET)


def public_count(households: int) -> PublicCount:
    """A count by itself."""
    tens = _tens(households)
    return PublicCount(Shown.ROUNDED, tens) if tens else UNDER_TEN


def public_parts(whole: int, parts: Sequence[int], figure: PublicCount) -> list[PublicCount]:
    """The parts of a whole, which is published as `figure`.

    The last part is held back where the parts leave their whole too little play: rounded down
    each can have lost up to 9, and one of them must be able to have lost nothing. Always the
    last, so that which one it is tells nothing.
    """
    if figure.shown is Shown.HELD_BACK:
        return [HELD_BACK] * len(parts)
    found = [public_count(part) for part in parts]
    play = (STEP - 1) * (len(parts) - 1)
    if parts and _tens(whole) > sum(part.at_least for part in found) + play:
        found[-1] = HELD_BACK
    return found


def added_up(parts: Sequence[PublicCount]) -> PublicCount:
    """The sum of public figures; nobody learns from it what they did not say."""
    if any(part.shown is Shown.HELD_BACK for part in parts):
        return HELD_BACK
    total = sum(part.at_least for part in parts)
    # No rounded part at all is no sum worth showing, and not "under ten" either.
    return PublicCount(Shown.AT_LEAST, total) if total else HELD_BACK


def _tens(households: int) -> int:
    return max(households, 0) // STEP * STEP
