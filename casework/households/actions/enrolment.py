"""Households as a payment roster names them: who is new, who changed, who stayed the same.

`plan` compares, `carry_out` writes; the page and the command show the plan first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from casework.core import clock
from casework.core.bulk import insert_many
from casework.core.db import db
from casework.core.ids import new_id
from casework.households.models import Household
from casework.households.queries import numbers
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


@dataclass(slots=True)
class Plan:
    """What carrying out would do in one regency; nothing is written yet."""

    area_id: int
    stage: str
    #: Not sealed before they are written: most plans are only looked at.
    inserts: list[tuple[Enrolment, Indexes]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    #: Named already by the roster of a later stage, which is not undone by an older one.
    outdated: int = 0
    contradictions: list[Contradiction] = field(default_factory=list)


def plan(area_id: int, stage: str, enrolments: Iterable[Enrolment]) -> Plan:
    """Compare a roster's households in one regency with those we know.

    A household is known by the caretaker's NIK, else by its No KK (domain: order of matching).
    Sealed columns are compared by their index, the address by opening it.
    """
    known = _Known(area_id)
    result = Plan(area_id, stage)
    now = clock.now()
    matched = []
    for each in enrolments:
        indexes = numbers.indexes(each.nik, each.no_kk)
        matched.append((each, indexes, known.find(indexes)))
    named: dict[uuid.UUID, list[int]] = {}
    for enrolment, _indexes, households in matched:
        for household in households:
            named.setdefault(household.id, []).append(enrolment.reference)
    for enrolment, indexes, households in matched:
        if not households:
            result.inserts.append((enrolment, indexes))
            continue
        own = enrolment.reference
        rivals = [other for each in households for other in named[each.id] if other != own]
        if len(households) > 1:
            result.contradictions.append(Contradiction(own, None))
        elif rivals:
            # Whichever came first must not decide: which row is right, only the office knows.
            result.contradictions.append(Contradiction(own, rivals[0]))
        else:
            _compare(result, households[0], enrolment, indexes, now)
    return result


def carry_out(wanted: Plan) -> None:
    """Write a plan, all of it, in the caller's transaction."""
    now = clock.now()
    insert_many(
        Household, (_insert(wanted.area_id, wanted.stage, *each, now) for each in wanted.inserts)
    )
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in wanted.updates:
        by_columns.setdefault(tuple(sorted(change)), []).append(change)
    for columns, changes in by_columns.items():
        statement = (
            update(Household)
            .where(Household.area_id == wanted.area_id, Household.id == bindparam("household"))
            .values({name: bindparam(name) for name in columns if name != "household"})
        )
        db.session.connection().execute(statement, changes)


class _Known:
    """Every household of a regency by both indexes: a roster names nearly all of them."""

    def __init__(self, area_id: int) -> None:
        rows = db.session.execute(
            select(
                Household.id,
                Household.nik_index,
                Household.no_kk_index,
                Household.address_sealed,
                Household.caretaker_name,
                Household.caretaker_born_on,
                Household.village_code,
                Household.first_stage,
                Household.last_stage,
                *_component_columns(),
            ).where(Household.area_id == area_id)
        ).all()
        self._by_nik = {row.nik_index: row for row in rows}
        self._by_no_kk = {row.no_kk_index: row for row in rows}

    def find(self, indexes: Indexes) -> list[Row[Any]]:
        """The household that NIK and No KK belong to; two when they belong to different ones."""
        by_nik = self._by_nik.get(indexes.nik)
        by_no_kk = self._by_no_kk.get(indexes.no_kk)
        found = [each for each in (by_nik, by_no_kk) if each is not None]
        return found[:1] if len(found) == 2 and found[0].id == found[1].id else found


COMPONENTS = (
    "pregnant",
    "early_childhood",
    "primary_school",
    "junior_school",
    "senior_school",
    "disability",
    "elderly",
    "rights_violation_victim",
)


_NONE = dict.fromkeys(COMPONENTS, 0)


def _component_columns() -> list[Any]:
    return [getattr(Household, name) for name in COMPONENTS]


def _insert(
    area_id: int, stage: str, enrolment: Enrolment, indexes: Indexes, now: datetime
) -> dict[str, Any]:
    household_id = new_id()
    sealed = numbers.seal(
        household_id,
        nik=enrolment.nik,
        no_kk=enrolment.no_kk,
        address=enrolment.address,
        known=indexes,
    )
    return {
        "area_id": area_id,
        "id": household_id,
        "status": HouseholdStatus.ACTIVE,
        "caretaker_name": enrolment.caretaker_name,
        "caretaker_born_on": enrolment.born_on,
        "village_code": enrolment.village_code,
        "first_stage": stage,
        "last_stage": stage,
        "created_at": now,
        "updated_at": now,
        **_NONE,
        **enrolment.components,
        "nik_sealed": sealed.nik_sealed,
        "nik_index": sealed.nik_index,
        "no_kk_sealed": sealed.no_kk_sealed,
        "no_kk_index": sealed.no_kk_index,
        "address_sealed": sealed.address_sealed,
    }


def _compare(
    result: Plan, known: Row[Any], enrolment: Enrolment, indexes: Indexes, now: datetime
) -> None:
    if known.last_stage > result.stage:
        result.outdated += 1
        return
    values: dict[str, Any] = {
        "caretaker_name": enrolment.caretaker_name,
        "village_code": enrolment.village_code,
        "last_stage": result.stage,
        **enrolment.components,
    }
    if enrolment.born_on is not None:
        values["caretaker_born_on"] = enrolment.born_on
    changed = {name: value for name, value in values.items() if getattr(known, name) != value}
    changed |= _changed_numbers(known, enrolment, indexes)
    if not changed:
        result.unchanged += 1
        return
    result.updates.append({**changed, "household": known.id, "updated_at": now})


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
