"""The groups of a region or a caseload, with what became of their meetings this month."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, Subquery, select, tuple_

from casework.access.actor import Actor
from casework.core.db import db
from casework.core.paging import PAGE_SIZE, Page
from casework.households import scope
from casework.households.queries.registers import member_count
from casework.households.rules import Care
from casework.meetings.queries.months import state_in_month
from casework.meetings.rules import MonthState
from casework.regions.queries.places import places


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is filtered by."""

    facilitator_id: uuid.UUID | None = None
    #: Only those that are given to nobody.
    nobodys: bool = False
    #: Only those that wait for a facilitator: nobody's, and of those who left them behind.
    unattended: bool = False
    state: MonthState | None = None
    closed: bool = False
    after: uuid.UUID | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.facilitator_id or self.nobodys or self.unattended or self.state)


def group_list(actor: Actor, wanted: Wanted, month: date) -> Page[Row[Any]]:
    """A page of groups by village and name: id, name, village_code, village_name, closed_on,
    facilitator_id, facilitator_name, care, members, state.

    The page is cut first and everything else is looked up for its rows only.
    """
    seen = scope.groups_ever(actor) if wanted.closed else scope.groups(actor)
    state = state_in_month(seen, month)
    columns = (
        seen.c.area_id,
        seen.c.id,
        seen.c.name,
        seen.c.village_code,
        seen.c.closed_on,
        seen.c.facilitator_id,
        seen.c.facilitator_name,
        seen.c.care,
    )
    cut = _narrowed(actor, select(*columns, state.label("state")), seen, wanted)
    if wanted.state is not None:
        cut = cut.where(state == wanted.state)
    page = (
        cut.order_by(seen.c.village_code, seen.c.name, seen.c.id)
        .limit(PAGE_SIZE + 1)
        .subquery("page")
    )
    place = places()
    rows = db.session.execute(
        select(page, place.c.name.label("village_name"), member_count(page).label("members"))
        .join(place, place.c.code == page.c.village_code)
        .order_by(page.c.village_code, page.c.name, page.c.id)
    )
    return Page.of(rows.all())


def _narrowed(
    actor: Actor, query: Select[*tuple[Any, ...]], seen: Subquery, wanted: Wanted
) -> Select[*tuple[Any, ...]]:
    if wanted.closed:
        query = query.where(seen.c.closed_on.is_not(None))
    if wanted.facilitator_id is not None:
        query = query.where(seen.c.facilitator_id == wanted.facilitator_id)
    if wanted.nobodys:
        query = query.where(seen.c.facilitator_id.is_(None))
    if wanted.unattended:
        query = query.where(seen.c.care != Care.GIVEN)
    if wanted.after is not None:
        last = scope.group_ever(actor, wanted.after)
        query = query.where(
            tuple_(seen.c.village_code, seen.c.name, seen.c.id)
            > tuple_(last.village_code, last.name, last.id)
        )
    return query
