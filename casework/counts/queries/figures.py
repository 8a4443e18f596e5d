"""Counted graduations by year and region, from the tally; targets beside them.

Whoever asks gets the same: these are the public figures, without a household behind them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, and_, func, select, true

from casework.core.db import db
from casework.core.errors import NotFound
from casework.counts.models import Target
from casework.counts.rules import NATION, Progress
from casework.ledger.models import Tally
from casework.ledger.rules import CountedState, ExitKind
from casework.regions.models import Area, Region
from casework.regions.rules import RegionLevel, regency_of


@dataclass(frozen=True, slots=True)
class What:
    """What exactly a figure counts; every page that shows one says it."""

    kind: ExitKind
    state: CountedState


@dataclass(frozen=True, slots=True)
class Place:
    """The nation (no code), a province or a regency."""

    code: str | None
    name: str
    level: RegionLevel | None


@dataclass(frozen=True, slots=True)
class RegionFigure:
    code: str
    name: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class YearFigure:
    year: int
    progress: Progress


INDONESIA = Place(None, "Indonesia", None)


def place(code: str | None) -> Place:
    """Raises: NotFound for a code that is neither a province nor a regency."""
    if not code:
        return INDONESIA
    row = db.session.execute(
        select(Region.code, Region.name, Region.level).where(
            Region.code == code,
            Region.level.in_([RegionLevel.PROVINCE, RegionLevel.REGENCY]),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Place(row.code, row.name, row.level)


def by_year(where: Place, what: What) -> list[YearFigure]:
    """Every year that has a count or a target, oldest first."""
    counted = _counted(where, what)
    target = (
        select(Target.year, Target.households)
        .where(Target.region_code == (where.code or NATION), Target.kind == what.kind)
        .subquery("target_of_year")
    )
    years = select(counted.c.year).union(select(target.c.year)).subquery("years")
    rows = db.session.execute(
        select(years.c.year, counted.c.households, target.c.households.label("target"))
        .outerjoin(counted, counted.c.year == years.c.year)
        .outerjoin(target, target.c.year == years.c.year)
        .order_by(years.c.year)
    )
    return [YearFigure(row.year, Progress(int(row.households or 0), row.target)) for row in rows]


def by_region(where: Place, what: What, year: int) -> list[RegionFigure]:
    """The provinces of the nation, or the regencies of a province, by code; none below."""
    if where.level is RegionLevel.REGENCY:
        return []
    level = RegionLevel.PROVINCE if where.code is None else RegionLevel.REGENCY
    group = Area.province_code if where.code is None else Area.code
    counted = (
        select(group.label("code"), func.sum(Tally.counted).label("households"))
        .join(Area, Area.id == Tally.area_id)
        .where(Tally.year == year, Tally.kind == what.kind, Tally.state == what.state)
        .where(_inside(where))
        .group_by(group)
        .subquery("counted")
    )
    rows = db.session.execute(
        select(Region.code, Region.name, counted.c.households, Target.households.label("target"))
        .outerjoin(counted, counted.c.code == Region.code)
        .outerjoin(
            Target,
            and_(
                Target.region_code == Region.code,
                Target.year == year,
                Target.kind == what.kind,
            ),
        )
        .where(
            Region.level == level,
            Region.valid_to.is_(None),
            true() if where.code is None else Region.parent_code == where.code,
        )
        .order_by(Region.code)
    )
    return [
        RegionFigure(row.code, row.name, Progress(int(row.households or 0), row.target))
        for row in rows
    ]


def _counted(where: Place, what: What) -> Subquery:
    return (
        select(Tally.year, func.sum(Tally.counted).label("households"))
        .join(Area, Area.id == Tally.area_id)
        .where(Tally.kind == what.kind, Tally.state == what.state)
        .where(_inside(where))
        .group_by(Tally.year)
        .subquery("counted")
    )


def _inside(where: Place) -> ColumnElement[bool]:
    if where.code is None:
        return true()
    column = Area.province_code if where.level is RegionLevel.PROVINCE else Area.code
    return column == where.code


def progress(region_code: str | None, what: What, year: int) -> Progress:
    """One year of the nation, a province or a regency. A district or village has no figure of
    its own here: its regency's is given."""
    code = region_code and (regency_of(region_code) or region_code)
    return of_year(by_year(place(code), what), year)


def of_year(years: list[YearFigure], year: int) -> Progress:
    """That year's figure; nothing counted and no target where the year is not among them."""
    return next((row.progress for row in years if row.year == year), Progress(0, None))
