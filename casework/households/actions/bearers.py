"""Families in other regencies whose number a roster names: have they moved?"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass

from casework.households.queries import registry
from casework.households.rules import has_moved
from casework.regions.queries import areas


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears a number that is wanted by a row of a roster."""

    area_id: int
    household_id: uuid.UUID
    #: The roster says that the family lives elsewhere now; if not, a person has to look.
    has_moved: bool
    member_since_year: int | None


def bearers_elsewhere(
    stage: str,
    numbers: Collection[bytes],
    engaged: Callable[[int, Collection[uuid.UUID]], set[uuid.UUID]],
    *,
    for_change: bool,
) -> dict[bytes, Bearer]:
    """Blind index -> who bears the number, of those that somebody does.

    Nothing is decided on rows that somebody else is changing: with `for_change` their regencies
    are held before their households are read.
    """
    found = registry.registered(numbers)
    by_area: dict[int, dict[uuid.UUID, bytes]] = {}
    for number, (area_id, household_id) in found.items():
        by_area.setdefault(area_id, {})[household_id] = number
    if by_area and for_change:
        areas.hold(by_area)
    bearers: dict[bytes, Bearer] = {}
    for area_id, wanted in sorted(by_area.items()):
        rows = registry.bearers(area_id, wanted, for_change=for_change)
        busy = engaged(area_id, rows)
        for household_id, number in wanted.items():
            row = rows.get(household_id)
            # Somebody may have changed it since the registry was asked: then it stays where
            # it is, and the next look tells more.
            moved = (
                row is not None
                and row.nik_index == number
                and has_moved(row.status, row.last_stage, stage, engaged=household_id in busy)
            )
            bearers[number] = Bearer(
                area_id, household_id, moved, row.member_since_year if row else None
            )
    return bearers
