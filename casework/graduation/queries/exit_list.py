"""Families that left the programme otherwise than by a nomination, by how they left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, select, tuple_

from casework.access.actor import Actor
from casework.core.db import db
from casework.core.paging import PAGE_SIZE, Cursor, Page
from casework.graduation.models import HouseholdExit
from casework.households import scope as households
from casework.ledger.rules import ExitKind
from casework.regions.queries.places import places
from casework.regions.scope import in_areas, lying_in


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is filtered by."""

    kind: ExitKind | None = None
    region: str | None = None
    after: Cursor | None = None


def exits(actor: Actor, wanted: Wanted) -> Page[Row[Any]]:
    """A page of those that stand, what was recorded last first: id, household_id, kind, stage,
    recorded_at, caretaker_name, group_name, village_name."""
    seen, place = households.households(actor), places()
    query = (
        select(
            HouseholdExit.id,
            HouseholdExit.household_id,
            HouseholdExit.kind,
            HouseholdExit.stage,
            HouseholdExit.recorded_at,
            seen.c.caretaker_name,
            seen.c.group_name,
            place.c.name.label("village_name"),
        )
        .select_from(HouseholdExit)
        .join(
            seen,
            and_(
                seen.c.area_id == HouseholdExit.area_id,
                seen.c.id == HouseholdExit.household_id,
            ),
        )
        .join(place, place.c.code == seen.c.village_code)
        .where(in_areas(actor, HouseholdExit.area_id), HouseholdExit.reversed_at.is_(None))
    )
    if wanted.kind is not None:
        query = query.where(HouseholdExit.kind == wanted.kind)
    if wanted.region is not None:
        query = query.where(lying_in(seen.c.village_code, wanted.region))
    order = (HouseholdExit.recorded_at, HouseholdExit.id)
    if wanted.after is not None:
        last: Any = (wanted.after.at, wanted.after.id)
        query = query.where(tuple_(*order) < last)
    latest = [each.desc() for each in order]
    return Page.of(db.session.execute(query.order_by(*latest).limit(PAGE_SIZE + 1)).all())
