from __future__ import annotations

from functools import cache

from sqlalchemy import Row, Select, Subquery, func, select

from casework.access.actor import Actor
from casework.core.db import db
from casework.regions.models import Area, Region
from casework.regions.rules import with_ancestors
from casework.regions.scope import is_made_of_areas


@cache
def places() -> Subquery:
    """Any region with what work there needs to know: columns code, name, area_id (null above
    a regency) and time_zone. To be joined on `code`, once in a statement. Built once: nearly
    every page and act asks for it."""
    time_zone = (
        select(Area.time_zone)
        .where(Area.province_code == func.substr(Region.code, 1, 2))
        .limit(1)
        .scalar_subquery()
    )
    return select(Region.code, Region.name, Region.area_id, time_zone.label("time_zone")).subquery(
        "place"
    )


def path_of(code: str) -> list[Row[tuple[str, str]]]:
    """Code and name of a region and of what it lies in, from the province down."""
    return list(
        db.session.execute(
            select(Region.code, Region.name)
            .where(Region.code.in_(with_ancestors(code)))
            .order_by(Region.code)
        )
    )


def areas_of(actor: Actor) -> list[int]:
    """Numbers of the regencies that lie in the actor's region: its own, or those of the
    province; none for a part of a regency, which has no area of its own."""
    if not is_made_of_areas(actor):
        return []
    if actor.area_id is not None:
        return [actor.area_id]
    query = select(Area.id)
    if actor.region_code is not None:
        query = query.where(Area.province_code == actor.region_code)
    return list(db.session.scalars(query.order_by(Area.id)))


def every_area() -> Select[int]:
    """The numbers of all regencies, to be looked through one by one."""
    return select(Area.id)
