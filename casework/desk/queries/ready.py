"""Families that the instrument calls ready and that nobody has put forward."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Subquery, and_, func, select, tuple_

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.paging import PAGE_SIZE, Page
from casework.graduation.models import Nomination
from casework.graduation.states import open_statuses
from casework.households import scope
from casework.households.rules import IN_PROGRAMME
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict
from casework.regions.queries.places import places


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is filtered by."""

    facilitator_id: uuid.UUID | None = None
    #: Only those of groups that are given to nobody.
    nobodys: bool = False
    after: uuid.UUID | None = None


def ready_by_group(actor: Actor) -> Subquery:
    """How many there are in each group: area_id, group_id, households."""
    seen = scope.households(actor)
    return (
        _ready(select(seen.c.area_id, seen.c.group_id, func.count().label("households")), seen)
        .group_by(seen.c.area_id, seen.c.group_id)
        .subquery("ready")
    )


def ready_list(actor: Actor, wanted: Wanted) -> Page[Row[Any]]:
    """A page of them by name: id, caretaker_name, group_name, village_name, facilitator_name."""
    seen, place, facilitator = scope.households(actor), places(), people()
    query = _ready(
        select(
            seen.c.id,
            seen.c.caretaker_name,
            seen.c.group_name,
            place.c.name.label("village_name"),
            facilitator.c.name.label("facilitator_name"),
        ),
        seen,
    )
    query = query.join(place, place.c.code == seen.c.village_code).outerjoin(
        facilitator, facilitator.c.id == seen.c.facilitator_id
    )
    if wanted.facilitator_id is not None:
        query = query.where(seen.c.facilitator_id == wanted.facilitator_id)
    if wanted.nobodys:
        query = query.where(seen.c.facilitator_id.is_(None), seen.c.group_id.is_not(None))
    if wanted.after is not None:
        last = scope.household(actor, wanted.after)
        query = query.where(
            tuple_(seen.c.caretaker_name, seen.c.id) > tuple_(last.caretaker_name, last.id)
        )
    rows = db.session.execute(query.order_by(seen.c.caretaker_name, seen.c.id).limit(PAGE_SIZE + 1))
    return Page.of(rows.all())


def _ready(query: Select[*tuple[Any, ...]], seen: Subquery) -> Select[*tuple[Any, ...]]:
    taken = (
        select(Nomination.id)
        .where(
            Nomination.area_id == seen.c.area_id,
            Nomination.household_id == seen.c.id,
            Nomination.status.in_(open_statuses()),
        )
        .exists()
    )
    return (
        query.select_from(seen)
        .join(
            Readiness,
            and_(Readiness.area_id == seen.c.area_id, Readiness.household_id == seen.c.id),
        )
        .where(Readiness.verdict == Verdict.READY, seen.c.status.in_(IN_PROGRAMME), ~taken)
    )
