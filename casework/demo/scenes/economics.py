"""Visits at home: what families put aside and earn, their businesses, the support they get,
and the questions of the readiness instrument."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

from casework.access.actor import Actor
from casework.core.ids import new_id
from casework.demo.cast import FACILITATORS
from casework.demo.families import Course, Family
from casework.demo.scenes.cases import Case, cases
from casework.demo.world import Scene, World
from casework.economics.actions import (
    Business,
    Seen,
    record_enterprise,
    record_observation,
    record_support,
)
from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseKind,
    Licence,
    SalesChannel,
    SupportKind,
)
from casework.readiness.actions import answer

#: Months (from 0) of the visits in which each kind of family is asked about its economy.
_VISITS = {
    Course.READY: (3, 6),
    Course.NEARLY: (4, 8),
    Course.CLIMBING: (5, 9),
    Course.STEADY: (7,),
    Course.SLIPPING: (),
}
#: How many of each kind are visited at all.
_VISITED = {
    Course.READY: 1.0,
    Course.NEARLY: 1.0,
    Course.CLIMBING: 0.8,
    Course.STEADY: 0.25,
    Course.SLIPPING: 0.0,
}

_BUSINESSES = (
    (EnterpriseKind.FOOD_STALL, "Warung nasi kuning"),
    (EnterpriseKind.FOOD_PRODUCTION, "Kue kering dan panada"),
    (EnterpriseKind.FOOD_PRODUCTION, "Abon cakalang"),
    (EnterpriseKind.SHOP, "Kios sembako"),
    (EnterpriseKind.FARMING, "Kebun rica dan sayur"),
    (EnterpriseKind.LIVESTOCK, "Ternak babi"),
    (EnterpriseKind.LIVESTOCK, "Ayam kampung"),
    (EnterpriseKind.FISHERY, "Ikan asap (cakalang fufu)"),
    (EnterpriseKind.TAILORING, "Jahit dan permak"),
    (EnterpriseKind.CRAFT, "Anyaman pandan"),
    (EnterpriseKind.SERVICES, "Cuci setrika"),
    (EnterpriseKind.ONLINE_TRADE, "Pulsa dan token listrik"),
)
_PROVIDERS = {
    SupportKind.ENTREPRENEURSHIP_TRAINING: "Dinas Koperasi dan UMKM Kota Manado",
    SupportKind.PRODUCTION_GUIDANCE: "Dinas Perindustrian Kota Manado",
    SupportKind.BUSINESS_LICENCE: "DPMPTSP Kota Manado",
    SupportKind.EQUIPMENT: "Kementerian Sosial (PENA)",
    SupportKind.DIGITAL_MARKETING: "Rumah BUMN Manado",
    SupportKind.ACCESS_TO_FINANCE: "Bank BRI, KUR Mikro",
}
_CHANNELS = (
    {SalesChannel.HOME, SalesChannel.NEIGHBOURHOOD},
    {SalesChannel.MARKET, SalesChannel.WHATSAPP},
    {SalesChannel.HOME, SalesChannel.WHATSAPP, SalesChannel.SOCIAL_MEDIA},
    {SalesChannel.GOFOOD, SalesChannel.WHATSAPP, SalesChannel.HOME},
    {SalesChannel.TOKOPEDIA, SalesChannel.BUKALAPAK, SalesChannel.SOCIAL_MEDIA},
)
_HAS_BUSINESS = {
    Course.READY: 1.0,
    Course.NEARLY: 0.85,
    Course.CLIMBING: 0.35,
    Course.STEADY: 0.1,
}
#: Income a month in 10,000 rupiah, from and to; savings in millions, from and to.
_MONEY = {
    Course.READY: (330, 520, (4.6, 9.5)),
    Course.NEARLY: (280, 400, (1.5, 5.2)),
    Course.CLIMBING: (160, 300, (0.1, 1.8)),
    Course.STEADY: (120, 260, (0.0, 0.6)),
}
_LENDERS = {
    Course.READY: (BorrowsFrom.NOBODY, BorrowsFrom.NOBODY, BorrowsFrom.BANK),
    Course.NEARLY: (BorrowsFrom.NOBODY, BorrowsFrom.BANK, BorrowsFrom.COOPERATIVE),
    Course.CLIMBING: (BorrowsFrom.NOBODY, BorrowsFrom.FAMILY, BorrowsFrom.MONEYLENDER),
    Course.STEADY: (BorrowsFrom.FAMILY, BorrowsFrom.MONEYLENDER, BorrowsFrom.ONLINE_LENDER),
}
_NOTES = ("", "", "Catatan belanja diisi rapi.", "Celengan ditunjukkan.", "Penghasilan musiman.")

#: The last visit lies so many days back at most.
_RECENT = 45
#: Step of the last visit at which what stood on paper is recorded.
_TYPED_AFTERWARDS = 7


def scenes(world: World) -> Iterator[Scene]:
    put_forward = {case.family.number: case for case in cases(world)}
    for family in world.families:
        chance = world.chance(f"economics {family.number}")
        if chance.random() < _VISITED[family.course]:
            yield from _of_family(world, family, chance, put_forward.get(family.number))


def is_visited(world: World, family: Family) -> bool:
    """Whether anything of its economy is recorded."""
    return world.chance(f"economics {family.number}").random() < _VISITED[family.course]


def _of_family(world: World, family: Family, chance: Random, case: Case | None) -> Iterator[Scene]:
    visits = [_Visit(world, family, day) for day in _days(world, family, chance, case)]
    for number, visit in enumerate(visits):
        seen = partial(_observe, visit, _seen(family, chance, number, visit.day))
        if case is not None and case.is_from_paper and visit is not visits[-1]:
            yield visits[-1].scene(_TYPED_AFTERWARDS + number, seen)
        else:
            yield visit.scene(0, seen)
    if chance.random() < _HAS_BUSINESS[family.course]:
        business = _business(world, family, chance)
        yield visits[0].scene(1, partial(_record_business, visits[0], business))
        kinds = chance.sample(list(_PROVIDERS), chance.randint(0, 3))
        for step, kind in enumerate(kinds, start=2):
            yield visits[-1].scene(step, partial(_receive_support, visits[-1], kind))
    if family.course is not Course.STEADY:
        for visit in visits[-2:]:
            said = _answers(family, chance, asks_all=visit is visits[-1])
            yield visit.scene(6, partial(_ask, visit, said))


def _days(world: World, family: Family, chance: Random, case: Case | None) -> list[date]:
    """The last visit is recent, or for a family that is put forward a week before that: later
    it is no longer the facilitator's to observe."""
    last = world.today - timedelta(days=chance.randint(2, _RECENT))
    if case is not None:
        last = case.drafted_on - timedelta(days=chance.randint(3, 9))
    planned = [
        world.months[month] + timedelta(days=chance.randint(0, 27))
        for month in _VISITS[family.course]
    ]
    return [day for day in planned if day < last - timedelta(days=14)] + [last]


@dataclass(frozen=True)
class _Visit:
    world: World
    family: Family
    day: date

    @property
    def household_id(self) -> uuid.UUID:
        return self.world.household_ids[self.family.number]

    def scene(self, step: int, act: Callable[[Actor], object]) -> Scene:
        """The steps of one visit follow each other within the hour."""
        number = self.family.number
        return Scene(
            self.world.at(self.day, 13 + number % 4, number * 7 % 50 + step),
            FACILITATORS[self.family.group.facilitator].username,
            act,
        )


def _observe(visit: _Visit, seen: Seen, actor: Actor) -> None:
    record_observation(actor, visit.household_id, seen, observation_id=new_id())


def _record_business(visit: _Visit, business: Business, actor: Actor) -> None:
    record_enterprise(actor, visit.household_id, business, enterprise_id=new_id())


def _receive_support(visit: _Visit, kind: SupportKind, actor: Actor) -> None:
    record_support(
        actor,
        visit.household_id,
        support_id=new_id(),
        kind=kind,
        received_on=visit.day - timedelta(days=10),
        provider=_PROVIDERS[kind],
    )


def _ask(visit: _Visit, said: dict[str, bool], actor: Actor) -> None:
    answer(actor, visit.household_id, answered_on=visit.day, answers=said)


def _seen(family: Family, chance: Random, number: int, day: date) -> Seen:
    """Better from visit to visit, in the measure of the family's course."""
    course = family.course
    low, high, saved = _MONEY[course]
    income = int(chance.uniform(low, high) * (0.9 + 0.1 * number)) * 10_000
    saves = chance.choice((50, 75, 100, 150, 200)) * 1000
    thrifty = course in (Course.READY, Course.NEARLY)
    return Seen(
        observed_on=day,
        keeps_budget=thrifty or chance.random() < 0.6,
        saves_per_month=saves if thrifty or chance.random() < 0.55 else 0,
        savings_total=int(chance.uniform(*saved) * 10) * 100_000,
        uses_bank_account=thrifty or chance.random() < 0.4,
        borrows_from=chance.choice(_LENDERS[course]),
        income_per_month=income,
        note=chance.choice(_NOTES),
    )


def _business(world: World, family: Family, chance: Random) -> Business:
    kind, name = chance.choice(_BUSINESSES)
    settled = family.course in (Course.READY, Course.NEARLY)
    months_before = chance.randint(14, 48) if settled else chance.randint(-2, 10)
    since_on = world.months[3] - timedelta(days=months_before * 30)
    return Business(
        kind=kind,
        since_on=since_on,
        name=name,
        turnover_per_month=chance.randint(8, 60) * 100_000,
        licences=frozenset({Licence.NIB}) if settled and chance.random() < 0.6 else frozenset(),
        channels=frozenset(chance.choice(_CHANNELS)),
    )


def _answers(family: Family, chance: Random, *, asks_all: bool) -> dict[str, bool]:
    ready = family.course is Course.READY
    said = {
        "productive_asset": ready or chance.random() < 0.6,
        "school_and_health": ready or chance.random() < 0.9,
        "steady_work": chance.random() < 0.3,
    }
    if asks_all:
        said["family_is_ready"] = ready or chance.random() < 0.3
    return said
