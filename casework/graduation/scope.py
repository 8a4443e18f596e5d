"""Nominations exist for whoever the household exists for, through the same door."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Subquery, and_

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.graduation.models import BatchEntry, Nomination
from casework.households import scope as households
from casework.regions.scope import in_areas, is_made_of_areas

#: Joins a nomination and its line in a batch to the ministry.
ITS_ENTRY = and_(
    BatchEntry.area_id == Nomination.area_id, BatchEntry.nomination_id == Nomination.id
)


def with_household(actor: Actor) -> tuple[Subquery, ColumnElement[bool]]:
    """The households in scope, and the condition that joins `Nomination` to them."""
    seen = households.households(actor)
    return seen, and_(is_of(seen), in_areas(actor, Nomination.area_id))


def is_of(household: Subquery) -> ColumnElement[bool]:
    """A nomination is that of the household."""
    return and_(
        household.c.area_id == Nomination.area_id, household.c.id == Nomination.household_id
    )


def sees_whole_areas(actor: Actor) -> bool:
    """Whether every household of the actor's areas is in scope: then a list may be cut to a
    page before households are joined."""
    return actor.role is not Role.FACILITATOR and is_made_of_areas(actor)
