"""The regencies that have households, for commands that go through all of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from casework.core.db import db
from casework.households.models import Household
from casework.regions.queries.places import places
from casework.regions.rules import REGENCY_SIGNS


@dataclass(frozen=True, slots=True)
class Regency:
    area_id: int
    code: str
    time_zone: str
    households: int


def regencies(code: str | None = None) -> list[Regency]:
    """All of them by code, or the one of this code if it has any household."""
    place = places()
    rows = db.session.execute(
        select(place.c.area_id, place.c.code, place.c.time_zone, func.count().label("households"))
        .join(Household, Household.area_id == place.c.area_id)
        # Of all the places in a regency the regency itself: "71.71".
        .where(
            func.length(place.c.code) == REGENCY_SIGNS,
            *([place.c.code == code] if code else []),
        )
        .group_by(place.c.area_id, place.c.code, place.c.time_zone)
        .order_by(place.c.code)
    )
    return [Regency(**row._asdict()) for row in rows]
