"""Visits to the pioneers after their graduation: one is late, one finds a family that is slipping
back, one family was not found at first and fares well, and one is to be visited now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial

from casework.access.actor import Actor
from casework.aftercare.actions import Visit, record_visit
from casework.aftercare.rules import Graduation, since, windows
from casework.aftercare.states import Livelihood, NextStep, Shock, Unable
from casework.core import clock
from casework.core.ids import new_id
from casework.demo.cast import FACILITATORS
from casework.demo.families import Family
from casework.demo.scenes.ministry import pioneers, stage_of_pioneers
from casework.demo.world import Scene, World
from casework.economics.rules import BorrowsFrom

#: Days after the day of each visit on which it was made.
_WENT_AFTER = timedelta(days=12)

#: What was found at the pioneers' visits, by place among them and number of the visit.
_FOUND = (
    (0, 0, {"livelihood": Livelihood.RUNNING, "income_per_month": 3_900_000}),
    (1, 0, {"livelihood": Livelihood.RUNNING, "income_per_month": 4_100_000}),
    (
        1,
        1,
        {
            "livelihood": Livelihood.STOPPED,
            "income_per_month": 1_800_000,
            "shocks": frozenset({Shock.ILLNESS}),
            "borrows_from": BorrowsFrom.MONEYLENDER,
            "next_step": NextStep.VILLAGE_PROPOSAL,
            "note": "Suami sakit lama, modal warung habis untuk berobat.",
        },
    ),
    (2, 0, {"unable": Unable.NOT_FOUND, "note": "Rumah kosong, tetangga bilang pergi melaut."}),
    (
        2,
        1,
        {
            "livelihood": Livelihood.ANOTHER,
            "income_per_month": 4_600_000,
            "borrows_from": BorrowsFrom.BANK,
            "note": "Warung menjadi kios, KUR dibayar lancar.",
        },
    ),
)


def scenes(world: World) -> Iterator[Scene]:
    since_on = since(stage_of_pioneers(world))
    planned = windows(Graduation(since_on, since_on))
    families = [case.family for case in pioneers(world)]
    for place, visit, found in _FOUND:
        family = families[place]
        day = planned[visit].due_on + _WENT_AFTER
        yield Scene(
            world.at(day, 14, family.number % 60),
            FACILITATORS[family.group.facilitator].username,
            partial(_visit, world, family, found),
        )


def _visit(world: World, family: Family, found: Mapping[str, object], actor: Actor) -> None:
    spoken = {} if "unable" in found else {"next_step": NextStep.NOTHING}
    told = Visit(clock.today(actor.time_zone), **{**spoken, **found})  # type: ignore[arg-type]
    record_visit(actor, world.household_ids[family.number], told, visit_id=new_id())
