"""What the scenes of the demonstration share."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random

from casework.access.actor import Actor
from casework.demo.calendar import MONTHS, meeting_day, moment, months_until
from casework.demo.cast import FACILITATORS
from casework.demo.families import SEED, Family, GroupPlan, groups, invent


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a demonstration: groups of each facilitator, by their households."""

    sizes: tuple[int, ...]

    @property
    def groups(self) -> int:
        return len(self.sizes) * len(FACILITATORS)


#: Kota Manado with 24 groups and 600 households.
FULL = Scale((25, 23, 27, 24, 26, 22, 28, 25))
#: Everything the full one shows, in a tenth of the time; one group is as large as they come.
SMALL = Scale((30, 8, 8))


@dataclass(frozen=True)
class Scene:
    """One act of one person at one moment."""

    at: datetime
    username: str
    act: Callable[[Actor], object]


@dataclass
class World:
    """Families and groups as planned, and the ids they were given."""

    scale: Scale
    now: datetime
    today: date
    groups: list[GroupPlan] = field(init=False)
    families: list[Family] = field(init=False)
    group_ids: dict[int, uuid.UUID] = field(default_factory=dict)
    household_ids: dict[int, uuid.UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.groups = groups(self.scale.sizes)
        self.families = invent(self.groups, self.today)

    @cached_property
    def months(self) -> list[date]:
        return months_until(self.today, MONTHS)

    @property
    def begins_on(self) -> date:
        """When the office began to use the system."""
        return self.months[0] - timedelta(days=20)

    def chance(self, what: str) -> Random:
        """Reproducible, and each subject's own, so that one can change without the others."""
        return Random(f"{SEED} {what}")

    def members(self, group: GroupPlan) -> list[Family]:
        return [family for family in self.families if family.group is group]

    def met_on(self, group: GroupPlan) -> list[date]:
        """The days on which the group has met, oldest first. In the present month the first
        group of every facilitator is always late: there is something left to do."""
        days = [meeting_day(month, group.number) for month in self.months]
        if group.position == 0:
            days.pop()
        return [day for day in days if day <= self.today]

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment by the clock in Manado, but never one that is still to come."""
        return min(moment(day, hour, minute), self.now)
