"""What lies within a person's region."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from casework.access.actor import Actor
from casework.regions.models import Area

#: A code with more than this many characters names a district or a village ("71.71.01").
_REGENCY_CODE_LENGTH = 5


def within(
    actor: Actor, area_id: ColumnElement[int] | Any, village_code: ColumnElement[str] | Any
) -> ColumnElement[bool]:
    """Condition on rows with an area and a village: they lie in the actor's region.

    The area is a bound value wherever the region lies in one regency, so that the database
    reads one regency's part of every index.
    """
    if actor.region_code is None:
        return true()
    if actor.area_id is None:
        return area_id.in_(select(Area.id).where(Area.province_code == actor.region_code))
    in_area = area_id == actor.area_id
    if len(actor.region_code) <= _REGENCY_CODE_LENGTH:
        return in_area
    below = village_code.startswith(f"{actor.region_code}.", autoescape=True)
    return and_(in_area, or_(village_code == actor.region_code, below))


def people_within(
    actor: Actor, region_code: ColumnElement[str | None] | Any
) -> ColumnElement[bool]:
    """Condition on people: their region is the actor's own or lies in it. Nobody with the whole
    nation is inside a smaller region."""
    if actor.region_code is None:
        return true()
    below = region_code.startswith(f"{actor.region_code}.", autoescape=True)
    return or_(region_code == actor.region_code, below)
