"""Exact counts by year and region, of every kind, with targets beside them: for people at work.

The public gets those of `queries.public` (docs/decisions/0020).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, select, true

from casework.core.db import db
from casework.core.errors import NotFound
from casework.counts.models import Target
from casework.counts.rules import NATION, Progress, gap_order
from casework.ledger.models import MonthTally, Tally
from casework.ledger.rules import GROUPS, CountedState, ExitGroup, ExitKind, states_of
from casework.regions.models import Area, Region
from casework.regions.rules import RegionLevel, regency_of

#: What targets are set for: nobody sets out to have families leave by force, or without graduating.
TARGET_KINDS = tuple(kind for kind in ExitKind if GROUPS[kind] is ExitGroup.GRADUATION)


@dataclass(frozen=True, slots=True)
class What:
    """What exactly a figure counts; every page that shows one says it."""

    kind: ExitKind
    state: CountedState

    @classmethod
    def in_first_state(cls, kind: ExitKind) -> What:
        """That kind in the state in which it is counted before any other."""
        return cls(kind, states_of(kind)[0])

    @classmethod
    def of_target(cls, kind: ExitKind) -> What:
        """What a region's target of that kind is measured by."""
        return cls.in_first_state(kind)

    @property
    def is_targeted(self) -> bool:
        """Whether the target of a region is measured by it: it is of the state in which its kind
        is counted first, and says nothing about another one (docs/decisions/0026)."""
        return self == What.of_target(self.kind)

    @property
    def has_public_months(self) -> bool:
        """Of the first state only, whatever targets are of: where one state follows another, the
        rules for the public keep them apart by the year only (docs/decisions/0020)."""
        return self == What.in_first_state(self.kind)


@dataclass(frozen=True, slots=True)
class Place:
    """The nation (no code), or a region."""

    code: str | None
    name: str
    level: RegionLevel | None
    #: Of a regency and what lies in it.
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class RegionFigure:
    code: str
    name: str
    progress: Progress


INDONESIA = Place(None, "Indonesia", None)


def place(code: str | None, *levels: RegionLevel) -> Place:
    """The nation without a code, else a province or a regency, or one of the `levels` given.

    Raises: NotFound for a code of another level, and without a code where levels are given.
    """
    if not code and not levels:
        return INDONESIA
    row = db.session.execute(
        select(Region.code, Region.name, Region.level, Region.area_id).where(
            Region.code == code,
            Region.level.in_(levels or (RegionLevel.PROVINCE, RegionLevel.REGENCY)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Place(row.code, row.name, row.level, row.area_id)


def of_year(where: Place, what: What, year: int) -> Progress:
    """Counted in that year, and its target; one statement."""
    counted = (
        select(func.sum(Tally.counted))
        .where(Tally.year == year, Tally.kind == what.kind, Tally.state == what.state)
        .where(_inside(where))
    )
    if where.code is not None:
        counted = counted.join(Area, Area.id == Tally.area_id)
    target = select(Target.households).where(
        Target.region_code == (where.code or NATION),
        Target.year == year,
        _is_target_of(what),
    )
    row = db.session.execute(
        select(counted.scalar_subquery().label("counted"), target.scalar_subquery().label("target"))
    ).one()
    return Progress(int(row.counted or 0), row.target)


def by_month(where: Place, what: What, year: int) -> dict[int, int]:
    """Month -> what was counted in it; one statement."""
    rows = db.session.execute(
        select(MonthTally.month, func.sum(MonthTally.counted).label("households"))
        .join(Area, Area.id == MonthTally.area_id)
        .where(
            MonthTally.year == year,
            MonthTally.kind == what.kind,
            MonthTally.state == what.state,
            _inside(where),
        )
        .group_by(MonthTally.month)
    )
    return {row.month: int(row.households) for row in rows}


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
                _is_target_of(what),
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


def worst_first(regions: Iterable[RegionFigure]) -> list[RegionFigure]:
    """As the public tables stand: the largest gap first, no target last, by code within."""
    return sorted(regions, key=lambda each: gap_order(each.progress.gap, each.code))


def _is_target_of(what: What) -> ColumnElement[bool]:
    return Target.kind == what.kind if what.is_targeted else false()


def _inside(where: Place) -> ColumnElement[bool]:
    if where.code is None:
        return true()
    column = Area.province_code if where.level is RegionLevel.PROVINCE else Area.code
    return column == where.code


def progress(region_code: str | None, what: What, year: int) -> Progress:
    """One year of the nation, a province or a regency. A district or village has no figure of
    its own here: its regency's is given."""
    code = region_code and (regency_of(region_code) or region_code)
    return of_year(place(code), what, year)
