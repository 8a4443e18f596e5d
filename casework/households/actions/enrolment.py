"""Households as a payment roster names them: who is new, who changed, who stayed the same.

`plan` compares, `enrolling.carry_out` writes; the page and the command show the plan first.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from casework.core import clock
from casework.households.actions.bearers import Bearer, bearers_elsewhere
from casework.households.queries import numbers
from casework.households.queries.known import Known
from casework.households.queries.numbers import Indexes
from casework.households.rules import HouseholdStatus


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One household of a roster, every value checked. `reference` is the row in the file."""

    reference: int
    caretaker_name: str
    born_on: date | None
    nik: str
    no_kk: str
    address: str
    village_code: str
    #: Column of `Household` -> members; a component the roster has no column for is absent.
    components: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """NIK and No KK of one row belong to two households, or two rows to one: a person has to
    look. `other` is the row that names the same household, if there is one."""

    reference: int
    other: int | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The NIK of this row is a family's in another regency, and that it moved is not said."""

    reference: int
    area_id: int


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A household to be added; sealed when it is written: most plans are only looked at."""

    enrolment: Enrolment
    indexes: Indexes
    moved_from: Bearer | None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a known household, and of its entry in the registry of numbers."""

    household_id: uuid.UUID
    #: Column -> value.
    values: dict[str, Any]
    claims: bytes | None = None
    releases: bytes | None = None
    moved_from: Bearer | None = None


@dataclass(slots=True)
class Plan:
    """What carrying out would do in one regency; nothing is written yet."""

    area_id: int
    stage: str
    inserts: list[Newcomer] = field(default_factory=list)
    updates: list[Change] = field(default_factory=list)
    unchanged: int = 0
    #: Named already by the roster of a later stage, which is not undone by an older one.
    outdated: int = 0
    contradictions: list[Contradiction] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    #: Every known household that a row of the roster speaks of, in whatever regency.
    named: Collection[uuid.UUID] = ()

    @property
    def arrivals(self) -> int:
        """Families that come from another regency."""
        come = [each.moved_from for each in self.inserts]
        come += [each.moved_from for each in self.updates]
        return len(come) - come.count(None)


@dataclass(slots=True)
class _Match:
    """A row of the roster and the households here that it may speak of."""

    enrolment: Enrolment
    indexes: Indexes
    known: list[Row[Any]]
    bearer: Bearer | None = None

    def is_outdated(self, stage: str) -> bool:
        return len(self.known) == 1 and self.known[0].last_stage > stage

    def asks_registry(self, stage: str) -> bool:
        """An open household that bears the number here is the one in the registry."""
        if len(self.known) > 1 or self.is_outdated(stage):
            return False
        own = self.known[0] if self.known else None
        return (
            own is None or own.nik_index != self.indexes.nik or own.status is HouseholdStatus.MOVED
        )

    @property
    def households(self) -> list[uuid.UUID]:
        """All that must not be another row's as well."""
        here = [each.id for each in self.known]
        return here if self.bearer is None else [*here, self.bearer.household_id]


#: Which of these households of a regency have something under way that a move would leave hanging.
Engaged = Callable[[int, Collection[uuid.UUID]], set[uuid.UUID]]


def plan(
    stage: str,
    enrolments: Mapping[int, Sequence[Enrolment]],
    *,
    engaged: Engaged,
    for_change: bool,
) -> list[Plan]:
    """Compare a roster's households, by number of their regency, with those we know.

    A household is known by the caretaker's NIK, else by its No KK (domain: order of matching);
    a NIK is looked for in the whole country. Sealed columns are compared by their index, the
    address by opening it. `for_change`: what this depends on is held until the transaction ends.
    """
    matches = {area_id: _matched(area_id, rows) for area_id, rows in enrolments.items()}
    _find_elsewhere(stage, matches, engaged, for_change=for_change)
    named: dict[uuid.UUID, list[int]] = {}
    for rows in matches.values():
        for match in rows:
            for household_id in match.households:
                named.setdefault(household_id, []).append(match.enrolment.reference)
    now = clock.now()
    plans = []
    for area_id, rows in matches.items():
        result = Plan(area_id, stage, named=named.keys())
        for match in rows:
            _add(result, match, named, now)
        plans.append(result)
    return plans


def _matched(area_id: int, enrolments: Sequence[Enrolment]) -> list[_Match]:
    known = Known(area_id)
    matched = []
    for each in enrolments:
        indexes = numbers.indexes(each.nik, each.no_kk)
        matched.append(_Match(each, indexes, known.find(indexes)))
    return matched


def _find_elsewhere(
    stage: str, matches: Mapping[int, list[_Match]], engaged: Engaged, *, for_change: bool
) -> None:
    asking = [match for rows in matches.values() for match in rows if match.asks_registry(stage)]
    found = bearers_elsewhere(
        stage, [match.indexes.nik for match in asking], engaged, for_change=for_change
    )
    for match in asking if found else ():
        match.bearer = found.get(match.indexes.nik)


def _add(result: Plan, match: _Match, named: Mapping[uuid.UUID, list[int]], now: datetime) -> None:
    own, bearer = match.enrolment.reference, match.bearer
    rivals = [other for each in match.households for other in named[each] if other != own]
    if len(match.known) > 1:
        result.contradictions.append(Contradiction(own, None))
    elif rivals:
        # Whichever came first must not decide: which row is right, only the office knows.
        result.contradictions.append(Contradiction(own, rivals[0]))
    elif match.is_outdated(result.stage):
        result.outdated += 1
    elif bearer is not None and (not bearer.has_moved or bearer.area_id == result.area_id):
        result.elsewhere.append(Elsewhere(own, bearer.area_id))
    elif not match.known:
        result.inserts.append(Newcomer(match.enrolment, match.indexes, bearer))
    else:
        _compare(result, match.known[0], match, now)


def _compare(result: Plan, known: Row[Any], match: _Match, now: datetime) -> None:
    enrolment, indexes = match.enrolment, match.indexes
    values: dict[str, Any] = {
        "caretaker_name": enrolment.caretaker_name,
        "village_code": enrolment.village_code,
        "last_stage": result.stage,
        **enrolment.components,
    }
    if enrolment.born_on is not None:
        values["caretaker_born_on"] = enrolment.born_on
    comes_back = known.status is HouseholdStatus.MOVED
    if comes_back:
        values["status"] = HouseholdStatus.ACTIVE
    changed = {name: value for name, value in values.items() if getattr(known, name) != value}
    changed |= _changed_numbers(known, enrolment, indexes)
    if match.bearer is not None:
        changed["moved_from_area_id"] = match.bearer.area_id
        changed["moved_from_id"] = match.bearer.household_id
    if not changed:
        result.unchanged += 1
        return
    new_nik = indexes.nik != known.nik_index
    result.updates.append(
        Change(
            known.id,
            {**changed, "updated_at": now},
            claims=indexes.nik if new_nik or comes_back else None,
            releases=known.nik_index if new_nik and not comes_back else None,
            moved_from=match.bearer,
        )
    )


def _changed_numbers(known: Row[Any], enrolment: Enrolment, indexes: Indexes) -> dict[str, Any]:
    """Compared by index and in clear: sealing is random, so an equal number sealed again would
    look like a change."""
    address = numbers.unseal(known.id, numbers.Number.ADDRESS, known.address_sealed)
    new_nik = indexes.nik != known.nik_index
    new_no_kk = indexes.no_kk != known.no_kk_index
    new_address = bool(enrolment.address) and enrolment.address != address
    if not (new_nik or new_no_kk or new_address):
        return {}
    sealed = numbers.seal(
        known.id,
        nik=enrolment.nik,
        no_kk=enrolment.no_kk,
        address=enrolment.address,
        known=indexes,
    )
    changed: dict[str, Any] = {}
    if new_nik:
        changed |= {"nik_sealed": sealed.nik_sealed, "nik_index": sealed.nik_index}
    if new_no_kk:
        changed |= {"no_kk_sealed": sealed.no_kk_sealed, "no_kk_index": sealed.no_kk_index}
    if new_address:
        changed["address_sealed"] = sealed.address_sealed
    return changed
