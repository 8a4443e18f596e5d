"""Households as the list shows them: filtered, or found by name or number."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select, tuple_

from casework.access.actor import Actor
from casework.core.crypto import current_keyring
from casework.core.db import db
from casework.core.paging import PAGE_SIZE, Page
from casework.households import scope
from casework.households.models import Household
from casework.households.queries.numbers import nik_index, no_kk_index
from casework.households.rules import HouseholdStatus
from casework.regions.queries.places import places


@dataclass(frozen=True, slots=True)
class Filters:
    status: HouseholdStatus | None = None
    village_code: str | None = None
    group_id: uuid.UUID | None = None
    #: Only those that belong to no group.
    ungrouped: bool = False


def households(
    actor: Actor, filters: Filters = Filters(), *, after: uuid.UUID | None = None
) -> Page[Row[Any]]:
    """A page of households by name: the columns of `scope.households` and village_name."""
    query, seen = _listed(actor)
    if filters.status is not None:
        query = query.where(seen.c.status == filters.status)
    if filters.village_code is not None:
        query = query.where(seen.c.village_code == filters.village_code)
    if filters.group_id is not None:
        query = query.where(seen.c.group_id == filters.group_id)
    if filters.ungrouped:
        query = query.where(seen.c.group_id.is_(None))
    if after is not None:
        last = scope.household(actor, after)
        query = query.where(
            tuple_(seen.c.caretaker_name, seen.c.id) > tuple_(last.caretaker_name, last.id)
        )
    return Page.of(db.session.execute(query).all())


def by_name(actor: Actor, text: str) -> Page[Row[Any]]:
    """The first households whose caretaker's name contains the text."""
    query, seen = _listed(actor)
    name = func.lower(seen.c.caretaker_name)
    return Page.of(
        db.session.execute(query.where(name.contains(text.lower(), autoescape=True))).all()
    )


def by_number(actor: Actor, number: str) -> Page[Row[Any]]:
    """The household with exactly this NIK or No KK; what lies out of scope is not found."""
    keyring = current_keyring()
    query, seen = _listed(actor)
    query = query.join(
        Household, and_(Household.area_id == seen.c.area_id, Household.id == seen.c.id)
    ).where(
        or_(
            Household.nik_index == nik_index(keyring, number),
            Household.no_kk_index == no_kk_index(keyring, number),
        )
    )
    return Page.of(db.session.execute(query).all())


def _listed(actor: Actor) -> tuple[Select[Any], Any]:
    seen, place = scope.households(actor), places()
    query = (
        select(seen, place.c.name.label("village_name"))
        .join(place, place.c.code == seen.c.village_code)
        .order_by(seen.c.caretaker_name, seen.c.id)
        .limit(PAGE_SIZE + 1)
    )
    return query, seen


def villages(actor: Actor) -> list[Row[str, str]]:
    """Code and name of the villages that have households of the actor; none for people whose
    region is larger than a regency: that would be a list of thousands."""
    if actor.area_id is None:
        return []
    seen, place = scope.households(actor), places()
    return list(
        db.session.execute(
            select(place.c.code, place.c.name)
            .where(place.c.code.in_(select(seen.c.village_code)))
            .order_by(place.c.name, place.c.code)
        )
    )
