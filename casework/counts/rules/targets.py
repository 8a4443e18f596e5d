"""What a target may be, what holds where nobody set one, and what held before; pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

#: Independent graduations that each facilitator is to reach in a year, unless somebody sets her
#: another target. Source: the ministry's target for 2025, "at least 10 for each pendamping",
#: 340,000 in all (domain 2.4; Kabupaten Pandeglang reckons its own as 172 x 10 = 1,720).
FACILITATOR_TARGET = 10

#: More households than the programme has: a slip of the finger.
LARGEST_TARGET = 10_000_000
#: Twice the largest caseload (domain 2.2: 450 families), a little more.
LARGEST_FACILITATOR_TARGET = 999


def target_of_facilitator(own: int | None) -> int:
    """`own` is what somebody set for her; none, or taken back, leaves what holds for everybody."""
    return FACILITATOR_TARGET if own is None else own


@dataclass(frozen=True, slots=True)
class Setting:
    """A target as it was set (None: taken back), and by whom."""

    households: int | None
    set_by: uuid.UUID
    set_by_name: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A setting, and what it put an end to; None where no target was."""

    setting: Setting
    before: int | None


def changes(newest_first: Iterable[Setting]) -> list[Change]:
    """Each setting beside the one that it replaced, newest first."""
    settings = list(newest_first)
    before = [setting.households for setting in settings[1:]]
    return [
        Change(setting, replaced)
        for setting, replaced in zip(settings, [*before, None], strict=False)
    ]
