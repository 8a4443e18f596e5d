"""The national registry of NIK: who bears a number, wherever in the country.

Scope does not apply here, on purpose: who asks learns in which regency a number is known, and
nothing of the family (docs/decisions/0010).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, Row, Select, and_, select

from casework.core.among import among, portions
from casework.core.db import db
from casework.core.kept import Kept
from casework.households.models import Household, RegisteredNik
from casework.households.rules import HouseholdStatus


def registered(numbers: Collection[bytes]) -> dict[bytes, tuple[int, uuid.UUID]]:
    """Blind index -> regency and household, of those numbers that somebody bears."""
    found: dict[bytes, tuple[int, uuid.UUID]] = {}
    for portion in portions(numbers):
        for row in _registered.execute({"numbers": portion}):
            found[row.nik_index] = (row.area_id, row.household_id)
    return found


@Kept
def _registered() -> Select[*tuple[Any, ...]]:
    return select(RegisteredNik.nik_index, RegisteredNik.area_id, RegisteredNik.household_id).where(
        among(RegisteredNik.nik_index, "numbers", LargeBinary)
    )


def bearers(
    area_id: int, household_ids: Collection[uuid.UUID], *, for_change: bool
) -> dict[uuid.UUID, Row[Any]]:
    """Households of one regency by id: what decides whether they have moved, and what goes with
    them. `for_change` holds them until the transaction ends."""
    query: Select[*tuple[Any, ...]] = select(
        Household.area_id,
        Household.id,
        Household.status,
        Household.nik_index,
        Household.last_stage,
        Household.member_since_year,
    ).where(Household.area_id == area_id, among(Household.id, "ids"))
    if for_change:
        query = query.order_by(Household.id).with_for_update(key_share=True)
    return {
        row.id: row
        for portion in portions(sorted(household_ids))
        for row in db.session.execute(query, {"ids": portion})
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """A household that the registry does not know by its number, or an entry that belongs to no
    household."""

    area_id: int
    household_id: uuid.UUID
    is_entry: bool


def unregistered(area_id: int) -> Iterator[Difference]:
    """Of one regency: households whose number the registry does not have, or has as another's."""
    own = and_(
        RegisteredNik.nik_index == Household.nik_index,
        RegisteredNik.area_id == Household.area_id,
        RegisteredNik.household_id == Household.id,
    )
    query = (
        select(Household.id)
        .outerjoin(RegisteredNik, own)
        .where(
            Household.area_id == area_id,
            Household.status != HouseholdStatus.MOVED,
            RegisteredNik.nik_index.is_(None),
        )
        .order_by(Household.id)
    )
    for household_id in db.session.scalars(query):
        yield Difference(area_id, household_id, is_entry=False)


def stray_entries() -> Iterator[Difference]:
    """Entries of the whole registry that no open household bears out."""
    query = (
        select(RegisteredNik.area_id, RegisteredNik.household_id)
        .outerjoin(Household, bearing())
        .where(Household.id.is_(None))
        .order_by(RegisteredNik.area_id, RegisteredNik.household_id)
    )
    for row in db.session.execute(query):
        yield Difference(row.area_id, row.household_id, is_entry=True)


def bearing() -> Any:
    """An entry and the household that it names rightly."""
    return and_(
        Household.area_id == RegisteredNik.area_id,
        Household.id == RegisteredNik.household_id,
        Household.nik_index == RegisteredNik.nik_index,
        Household.status != HouseholdStatus.MOVED,
    )


def areas_with_households() -> list[int]:
    return list(
        db.session.scalars(select(Household.area_id).distinct().order_by(Household.area_id))
    )
