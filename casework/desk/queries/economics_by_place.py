"""Businesses, licences, channels, loans and support by place: of a regency and what lies in it as
of now, of what is larger as it was counted at night (docs/decisions/0029)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.access.actor import Actor
from casework.core.db import db
from casework.economics.models import AreaEconomics
from casework.economics.queries.by_place import FIGURES, families_of, figures, support
from casework.economics.rules import SupportKind
from casework.regions.models import Area, Region
from casework.regions.rules import DISTRICT_SIGNS, PROVINCE_SIGNS, RegionLevel, level_of
from casework.regions.scope import in_areas


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    code: str
    name: str
    households: int
    business: int
    licence: int
    channel: int
    loan: int
    dear: int


@dataclass(frozen=True, slots=True)
class EconomicsByPlace:
    #: By name.
    places: Sequence[PlaceFigures]
    #: Families that received each kind of support at any time.
    support: Mapping[SupportKind, int]
    #: When the oldest of the figures was counted; None: now.
    counted_at: datetime | None = None


def economics_by_place(actor: Actor, region: str) -> EconomicsByPlace:
    """Of a regency by its districts, of a district by its villages, in two statements. The caller
    has seen that the actor works there."""
    families = families_of(actor, region, _signs_below(region))
    counted = figures(families).subquery("counted")
    rows = db.session.execute(
        select(Region.code, Region.name, *(counted.c[each] for each in FIGURES))
        .join(counted, counted.c.place == Region.code)
        .order_by(Region.name, Region.code)
    )
    found = {row.kind: row.households for row in db.session.execute(support(families))}
    return EconomicsByPlace(
        [PlaceFigures(*row) for row in rows],
        {kind: found.get(kind, 0) for kind in SupportKind},
    )


def _signs_below(region: str) -> int | None:
    return DISTRICT_SIGNS if level_of(region) is RegionLevel.REGENCY else None


def economics_as_counted(actor: Actor, province: str | None) -> EconomicsByPlace:
    """Of a province by its regencies, of the nation by its provinces: those that were counted, in
    two statements. The caller has seen that the actor works there."""
    signs = None if province else PROVINCE_SIGNS
    counted = db.session.execute(
        select(Area.code, AreaEconomics)
        .join(AreaEconomics, AreaEconomics.area_id == Area.id)
        .where(
            in_areas(actor, Area.id),
            *([Area.province_code == province] if province else []),
        )
    ).all()
    places: dict[str, Counter[str]] = {}
    received: Counter[str] = Counter()
    for code, row in counted:
        place = places.setdefault(code[:signs], Counter())
        for each in FIGURES:
            place[each] += getattr(row, each)
        received.update(row.support)
    return EconomicsByPlace(
        [
            PlaceFigures(code, name, *(places[code][each] for each in FIGURES))
            for code, name in _names(list(places))
        ],
        {kind: received[kind] for kind in SupportKind},
        min((row.counted_at for _code, row in counted), default=None),
    )


def _names(codes: list[str]) -> list[tuple[str, str]]:
    """Code and name, by name."""
    rows = db.session.execute(
        select(Region.code, Region.name)
        .where(Region.code.in_(codes))
        .order_by(Region.name, Region.code)
    )
    return [(row.code, row.name) for row in rows]
