"""Meetings of which something differs still, whoever may settle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, select, tuple_

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.paging import PAGE_SIZE, Cursor, Page
from casework.households import scope
from casework.meetings.models import Meeting
from casework.meetings.rules import SUPERVISOR_AFTER
from casework.regions.queries.places import places
from casework.regions.scope import in_areas


@dataclass(frozen=True, slots=True)
class Unsettled:
    meetings: int
    #: Of these, those that a supervisor may settle by now.
    overdue: int
    oldest_since: datetime | None

    @property
    def days(self) -> int:
        """After so many days the supervisor may settle it."""
        return SUPERVISOR_AFTER.days


def unsettled(actor: Actor) -> Unsettled:
    """How many there are among the actor's groups, and since when."""
    group = scope.groups_ever(actor)
    counted = select(
        func.count().label("meetings"),
        func.count(case((is_overdue(), 1))).label("overdue"),
        func.min(Meeting.differs_since).label("oldest_since"),
    )
    row = db.session.execute(_among(actor, counted, group)).one()
    return Unsettled(row.meetings, row.overdue, row.oldest_since)


def unsettled_list(actor: Actor, after: Cursor | None = None) -> Page[Row[Any]]:
    """A page of them, what differs longest first: id, held_on, differs_since, differing,
    is_head_differing, group_name, village_name, facilitator_name."""
    group, place = scope.groups_ever(actor), places()
    query = _among(
        actor,
        select(
            Meeting.id,
            Meeting.held_on,
            Meeting.differs_since,
            Meeting.differing,
            Meeting.is_head_differing,
            group.c.name.label("group_name"),
            group.c.facilitator_name,
            place.c.name.label("village_name"),
        ),
        group,
    ).join(place, place.c.code == group.c.village_code)
    if after is not None:
        last: Any = (after.at, after.id)
        query = query.where(tuple_(Meeting.differs_since, Meeting.id) > last)
    order = (Meeting.differs_since, Meeting.id)
    return Page.of(db.session.execute(query.order_by(*order).limit(PAGE_SIZE + 1)).all())


def _among(
    actor: Actor, query: Select[*tuple[Any, ...]], group: Subquery
) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(Meeting)
        .join(group, and_(group.c.area_id == Meeting.area_id, group.c.id == Meeting.group_id))
        .where(in_areas(actor, Meeting.area_id), Meeting.differs_since.is_not(None))
    )


def is_overdue() -> ColumnElement[bool]:
    """`rules.supervisor_may` as a condition."""
    return Meeting.differs_since <= clock.now() - SUPERVISOR_AFTER
