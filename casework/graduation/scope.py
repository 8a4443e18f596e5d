"""Nominations exist for whoever the household exists for, through the same door."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, true

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.graduation.models import Nomination
from casework.households import scope as households


def with_household(actor: Actor) -> tuple[Subquery, ColumnElement[bool]]:
    """The households in scope, and the condition that joins `Nomination` to them."""
    seen = households.households(actor)
    return seen, and_(
        seen.c.area_id == Nomination.area_id,
        seen.c.id == Nomination.household_id,
        in_area(actor, Nomination.area_id),
    )


def in_area(actor: Actor, area_id: Any) -> ColumnElement[bool]:
    """Binds the area wherever the actor's region lies in one, so that one regency's part of
    every index is read."""
    return true() if actor.area_id is None else area_id == actor.area_id


def sees_whole_areas(actor: Actor) -> bool:
    """Whether every household of the actor's areas is in scope: then a list may be cut to a
    page before households are joined."""
    return actor.role is not Role.FACILITATOR and (
        actor.region_code is None or actor.region_code.count(".") <= 1
    )
