"""Many nominations: a facilitator's own by state, and a supervisor's queue."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select, tuple_

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core import clock
from casework.core.db import db
from casework.core.paging import PAGE_SIZE, Cursor, Page
from casework.graduation.models import Nomination
from casework.graduation.rules import ANSWER_WITHIN
from casework.graduation.scope import sees_whole_areas, with_household
from casework.graduation.states import NominationStatus
from casework.households import scope as households
from casework.regions.queries.places import places
from casework.regions.scope import in_areas, lying_in

#: The order in which a facilitator looks at them: what asks for work first.
WORK_ORDER = (
    NominationStatus.RETURNED,
    NominationStatus.DRAFT,
    NominationStatus.SUBMITTED,
    NominationStatus.APPROVED,
    NominationStatus.FORWARDED,
    NominationStatus.ESTABLISHED,
    NominationStatus.REFUSED,
    NominationStatus.REJECTED,
    NominationStatus.WITHDRAWN,
    NominationStatus.REVERSED,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is filtered by."""

    status: NominationStatus = NominationStatus.SUBMITTED
    region: str | None = None
    facilitator: uuid.UUID | None = None
    overdue: bool = False
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    waiting: int
    overdue: int
    oldest_since: datetime | None

    @property
    def days(self) -> int:
        """After so many days one waits too long."""
        return ANSWER_WITHIN.days


def _columns(seen: Any, village: Any, facilitator: Any) -> tuple[Any, ...]:
    return (
        Nomination.id,
        Nomination.status,
        Nomination.first_submitted_at,
        Nomination.updated_at,
        Nomination.decision_reason,
        seen.c.caretaker_name,
        seen.c.group_name,
        village.c.name.label("village_name"),
        facilitator.c.name.label("facilitator_name"),
    )


def listed(actor: Actor, wanted: Wanted) -> Page[Row[Any]]:
    """One page: what waits oldest first, everything else latest first.

    The page is cut from the index of nominations first and joined afterwards, so that its
    cost does not grow with what is behind it.
    """
    waits = wanted.status is NominationStatus.SUBMITTED
    at = Nomination.first_submitted_at if waits else Nomination.updated_at
    page = select(Nomination.area_id, Nomination.id).where(Nomination.status == wanted.status)
    page = _filtered(actor, page, wanted)
    if wanted.after is not None:
        last: Any = (wanted.after.at, wanted.after.id)
        here = tuple_(at, Nomination.id)
        page = page.where(here > last if waits else here < last)
    order = (at, Nomination.id) if waits else (at.desc(), Nomination.id.desc())
    keys = page.order_by(*order).limit(PAGE_SIZE + 1).subquery("page")
    seen, joined = with_household(actor)
    village, facilitator = places(), people()
    rows = db.session.execute(
        select(*_columns(seen, village, facilitator))
        .select_from(keys)
        .join(Nomination, and_(Nomination.area_id == keys.c.area_id, Nomination.id == keys.c.id))
        .join(seen, joined)
        .join(village, village.c.code == seen.c.village_code)
        .outerjoin(facilitator, facilitator.c.id == seen.c.facilitator_id)
        .order_by(*order)
    ).all()
    return Page.of(rows)


def cursor_after(row: Row[Any]) -> Cursor:
    waits = row.status is NominationStatus.SUBMITTED
    return Cursor(row.first_submitted_at if waits else row.updated_at, row.id)


def _filtered(
    actor: Actor, page: Select[*tuple[Any, ...]], wanted: Wanted
) -> Select[*tuple[Any, ...]]:
    if wanted.overdue:
        page = page.where(_is_overdue())
    if sees_whole_areas(actor) and not wanted.region and not wanted.facilitator:
        # The village is not asked for: the region is made of whole areas.
        return page.where(in_areas(actor, Nomination.area_id))
    seen, joined = with_household(actor)
    page = page.join(seen, joined)
    if wanted.facilitator:
        page = page.where(seen.c.facilitator_id == wanted.facilitator)
    if wanted.region:
        page = page.where(lying_in(seen.c.village_code, wanted.region))
    return page


def _is_overdue() -> ColumnElement[bool]:
    return Nomination.first_submitted_at < clock.now() - ANSWER_WITHIN


def waiting(actor: Actor) -> Waiting:
    """How many wait in the actor's region, how many of them too long, and since when."""
    counted = select(
        func.count().label("waiting"),
        func.count(case((_is_overdue(), 1))).label("overdue"),
        func.min(Nomination.first_submitted_at).label("oldest_since"),
    ).where(Nomination.status == NominationStatus.SUBMITTED)
    row = db.session.execute(_filtered(actor, counted.select_from(Nomination), Wanted())).one()
    return Waiting(row.waiting, row.overdue, row.oldest_since)


def own(actor: Actor) -> dict[NominationStatus, Sequence[Row[Any]]]:
    """A facilitator's nominations by state, in the order of `WORK_ORDER`, the latest of each;
    `total` tells how many there are. One statement."""
    seen, joined = with_household(actor)
    village, facilitator = places(), people()
    by_status: dict[str, Any] = {"partition_by": Nomination.status}
    latest = (Nomination.updated_at.desc(), Nomination.id.desc())
    ranked = (
        select(
            *_columns(seen, village, facilitator),
            func.count().over(**by_status).label("total"),
            func.row_number().over(order_by=latest, **by_status).label("place"),
        )
        .select_from(Nomination)
        .join(seen, joined)
        .join(village, village.c.code == seen.c.village_code)
        .outerjoin(facilitator, facilitator.c.id == seen.c.facilitator_id)
        .subquery("ranked")
    )
    rows = db.session.execute(
        select(ranked).where(ranked.c.place <= PAGE_SIZE).order_by(ranked.c.place)
    ).all()
    return {
        status: found
        for status in WORK_ORDER
        if (found := [row for row in rows if row.status is status])
    }


def facilitators(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """Who looks after groups in the actor's regency, by name; nobody above a regency, where
    the list would be too long to choose from."""
    if actor.area_id is None:
        return []
    groups = households.groups(actor)
    rows = db.session.execute(
        select(groups.c.facilitator_id, groups.c.facilitator_name)
        .where(groups.c.facilitator_id.is_not(None))
        .distinct()
        .order_by(groups.c.facilitator_name, groups.c.facilitator_id)
    )
    return [(row.facilitator_id, row.facilitator_name) for row in rows]
