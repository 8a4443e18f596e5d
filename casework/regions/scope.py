"""What lies within a region, or a person's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from casework.access.actor import Actor
from casework.core.errors import NotFound
from casework.regions.models import Area
from casework.regions.rules import dotted, holds_whole_regencies, lies_in


def lying_in(code: ColumnElement[str] | Any, region: str) -> ColumnElement[bool]:
    """`rules.lies_in` as a condition on a column of dotted codes."""
    return or_(code == region, code.startswith(f"{region}.", autoescape=True))


def in_areas(actor: Actor, area_id: ColumnElement[int] | Any) -> ColumnElement[bool]:
    """Condition on rows with an area: it is one of those that the actor's region lies in or is
    made of. A bound value wherever there is one, so that the database reads one regency's part
    of every index."""
    if actor.region_code is None:
        return true()
    if actor.area_id is None:
        return area_id.in_(select(Area.id).where(Area.province_code == actor.region_code))
    return area_id == actor.area_id


def probed_areas(actor: Actor, area_id: ColumnElement[int] | Any) -> ColumnElement[bool]:
    """`in_areas`, for a look-up by id: for the whole nation, too, one probe of the index for
    each regency instead of a walk through all rows."""
    if actor.region_code is None:
        return area_id.in_(select(Area.id))
    return in_areas(actor, area_id)


def within(
    actor: Actor, area_id: ColumnElement[int] | Any, village_code: ColumnElement[str] | Any
) -> ColumnElement[bool]:
    """Condition on rows with an area and a village: they lie in the actor's region."""
    mine = in_areas(actor, area_id)
    if is_made_of_areas(actor):
        return mine
    return and_(mine, lying_in(village_code, str(actor.region_code)))


def asked_part(actor: Actor, code: str | None) -> str | None:
    """The part of the actor's region that an address asks for; None for all of it.

    Raises: NotFound for what no page offers: another spelling of a code, or a place outside.
    """
    if not code or code == actor.region_code:
        return None
    if dotted(code) != code or not lies_in(code, actor.region_code):
        raise NotFound
    return code


def is_made_of_areas(actor: Actor) -> bool:
    """Whether the actor's region is a regency or larger: then areas alone tell what lies in it,
    and no village is asked for."""
    return holds_whole_regencies(actor.region_code)


def is_one_area(actor: Actor) -> bool:
    """Whether the actor's region is one regency: what lies in it has one number."""
    return actor.area_id is not None and is_made_of_areas(actor)
