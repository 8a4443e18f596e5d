"""The figures that anybody may see, on the page and through the API alike.

What the functions here read are exact sums, for `overview`, `rows` and `kinds` alone (an
architecture test): those show them only as `Release` and `rules.small_counts` let them. Few
statements, whatever the data: places, provinces by year, what lies inside, targets. The sums are
kept a minute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Subquery, case, func, or_, select, union_all

from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.kept_a_while import kept_a_while
from casework.counts.models import Target
from casework.counts.queries.figures import INDONESIA, Place, What
from casework.counts.rules import (
    HELD_BACK,
    NATION,
    Progress,
    PublicCount,
    Shown,
    closed_months,
    public_count,
    public_parts,
)
from casework.ledger.models import MonthTally, Tally
from casework.regions.models import Area, Region
from casework.regions.rules import PROVINCE_SIGNS, RegionLevel, level_of

#: Counts by code of a region.
Counts = Mapping[str, int]
#: Of a part: the code of a regency, the number of a month.
Key = TypeVar("Key", str, int)
A = TypeVar("A", str, int)
B = TypeVar("B", str, int)


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """What may be seen of a count, beside its target."""

    counted: PublicCount
    target: int | None = None

    @property
    def share(self) -> float | None:
        """Of the target, at least; None without a target or a number."""
        if self.counted.households is None:
            return None
        return Progress(self.counted.households, self.target).share

    @property
    def gap(self) -> int | None:
        """Still missing to the target, at most; None without a target, or with nothing shown."""
        if self.counted.shown in (Shown.HELD_BACK, Shown.NOT_YET):
            return None
        return Progress(self.counted.at_least, self.target).gap


@dataclass(frozen=True, slots=True)
class Around:
    """A place, and those that its figures are made of: all provinces, and the regencies asked
    for. Code -> name, by code; codes that have gone are not among them."""

    place: Place
    provinces: Mapping[str, str]
    regencies: Mapping[str, str]

    @property
    def province(self) -> str | None:
        return self.place.code and self.place.code[:PROVINCE_SIGNS]

    def name_of(self, code: str | None) -> str:
        if code is None:
            return INDONESIA.name
        return self.provinces.get(code) or self.regencies[code]


@dataclass(slots=True)
class Release:
    """What is published of one year; `below` gives the parts of its provinces."""

    nation: PublicCount = HELD_BACK
    provinces: dict[str, PublicCount] = field(default_factory=dict)

    @classmethod
    def of(cls, codes: Sequence[str], counts: Counts) -> Release:
        whole = sum(counts.values())
        nation = public_count(whole)
        parts = public_parts(whole, [counts.get(code, 0) for code in codes], nation)
        return cls(nation, dict(zip(codes, parts, strict=True)))

    def below(
        self, province: str, whole: int, keys: Sequence[Key], counts: Mapping[Key, int]
    ) -> dict[Key, PublicCount]:
        """The regencies of a province, or its months."""
        figure = self.provinces.get(province, HELD_BACK)
        parts = public_parts(whole, [counts.get(key, 0) for key in keys], figure)
        return dict(zip(keys, parts, strict=True))


def around(code: str | None, *, every_regency: bool = False) -> Around:
    """Raises: NotFound for a code that is neither a province nor a regency of today."""
    province = code and code[:PROVINCE_SIGNS]
    inside = (
        Region.level == RegionLevel.REGENCY if every_regency else Region.parent_code == province
    )
    rows = db.session.execute(
        select(Region.code, Region.name, Region.level)
        .where(Region.valid_to.is_(None), or_(Region.level == RegionLevel.PROVINCE, inside))
        .order_by(Region.code)
    ).all()
    provinces = {row.code: row.name for row in rows if row.level is RegionLevel.PROVINCE}
    regencies = {row.code: row.name for row in rows if row.level is RegionLevel.REGENCY}
    if not code:
        return Around(INDONESIA, provinces, regencies)
    name = provinces.get(code) or regencies.get(code)
    if name is None:
        raise NotFound
    return Around(Place(code, name, level_of(code)), provinces, regencies)


@kept_a_while
def province_years(what: What, cut_off: date, year: int | None = None) -> Mapping[int, Counts]:
    """Of every year that has a count, or of one: province -> count."""
    closed = _closed(what, cut_off, year)
    return _nested(_sums(closed, closed.c.year, Area.province_code))


@kept_a_while
def province_months(what: What, cut_off: date, year: int) -> Mapping[str, Mapping[int, int]]:
    """Of one year: province -> month -> count."""
    closed = _closed_months(what, cut_off, year)
    return _nested(_sums(closed, Area.province_code, closed.c.month))


@kept_a_while
def regency_months(
    what: What, cut_off: date, year: int, province: str
) -> Mapping[str, Mapping[int, int]]:
    """Of one year and province: regency -> month -> count. Only sums of it may be shown."""
    closed = _closed_months(what, cut_off, year)
    return _nested(_sums(closed, Area.code, closed.c.month, Area.province_code == province))


@kept_a_while
def regency_years(what: What, cut_off: date, province: str) -> Mapping[int, Counts]:
    """Of one province: year -> regency -> count."""
    closed = _closed(what, cut_off)
    return _nested(_sums(closed, closed.c.year, Area.code, Area.province_code == province))


@kept_a_while
def regencies_of_year(what: What, cut_off: date, year: int) -> Mapping[str, Counts]:
    """Of one year: province -> regency -> count."""
    closed = _closed(what, cut_off, year)
    return _nested(_sums(closed, Area.province_code, Area.code))


@kept_a_while
def nation_of_every_kind(cut_off: date, year: int) -> Mapping[What, int]:
    """Of one year, by kind and state."""
    closed = _closed_of_every_kind(cut_off, year)
    rows = db.session.execute(
        select(closed.c.kind, closed.c.state, func.sum(closed.c.counted)).group_by(
            closed.c.kind, closed.c.state
        )
    )
    return {What(kind, state): int(households) for kind, state, households in rows}


@kept_a_while
def of_every_kind(
    cut_off: date, year: int, province: str | None
) -> tuple[Mapping[What, Counts], Mapping[What, Counts]]:
    """Of one year, by kind and state: province -> count, and of the one named: regency -> count."""
    closed = _closed_of_every_kind(cut_off, year)
    place = case((Area.province_code == province, Area.code), else_=Area.province_code)
    rows = db.session.execute(
        select(closed.c.kind, closed.c.state, place, func.sum(closed.c.counted))
        .join(Area, Area.id == closed.c.area_id)
        .group_by(closed.c.kind, closed.c.state, place)
    )
    provinces: dict[What, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    regencies: dict[What, dict[str, int]] = defaultdict(dict)
    for kind, state, code, households in rows:
        what = What(kind, state)
        provinces[what][code[:PROVINCE_SIGNS]] += int(households)
        if len(code) > PROVINCE_SIGNS:
            regencies[what][code] = int(households)
    return provinces, regencies


def _closed_of_every_kind(cut_off: date, year: int) -> Subquery:
    """By regency, kind and state. The running year is its tally less the months that are not over:
    there are fewer of them than of the others, and here all kinds are read."""
    counted = select(Tally.area_id, Tally.kind, Tally.state, Tally.counted).where(
        Tally.year == year
    )
    if year != cut_off.year:
        return counted.subquery("closed")
    open_months = select(
        MonthTally.area_id, MonthTally.kind, MonthTally.state, -MonthTally.counted
    ).where(MonthTally.year == year, MonthTally.month > cut_off.month)
    return union_all(counted, open_months).subquery("closed")


def targets(what: What, where: ColumnElement[bool]) -> dict[tuple[str | None, int], int]:
    """(region or None for the nation, year) -> households to reach; none of a state that targets
    are not set for."""
    if not what.is_targeted:
        return {}
    rows = db.session.execute(
        select(Target.region_code, Target.year, Target.households).where(
            Target.kind == what.kind, where
        )
    )
    return {
        (None if row.region_code == NATION else row.region_code, row.year): row.households
        for row in rows
    }


def _closed(what: What, cut_off: date, year: int | None = None) -> Subquery:
    """By regency and year: past years from their tally, the running one from its closed months."""
    past = select(Tally.area_id, Tally.year, Tally.counted).where(
        Tally.kind == what.kind, Tally.state == what.state, Tally.year < cut_off.year
    )
    running = select(MonthTally.area_id, MonthTally.year, MonthTally.counted).where(
        MonthTally.kind == what.kind,
        MonthTally.state == what.state,
        MonthTally.year == cut_off.year,
        MonthTally.month <= cut_off.month,
    )
    if year is not None:
        # One of the two answers nothing, and costs nothing.
        past, running = past.where(Tally.year == year), running.where(MonthTally.year == year)
    return union_all(past, running).subquery("closed")


def _closed_months(what: What, cut_off: date, year: int) -> Subquery:
    """By regency and month."""
    last = closed_months(year, cut_off)
    return (
        select(MonthTally.area_id, MonthTally.month, MonthTally.counted)
        .where(MonthTally.kind == what.kind, MonthTally.state == what.state)
        .where(MonthTally.year == year, MonthTally.month <= last)
        .subquery("closed")
    )


def _sums(closed: Subquery, first: Any, second: Any, *where: Any) -> list[tuple[Any, Any, int]]:
    rows = db.session.execute(
        select(first, second, func.sum(closed.c.counted))
        .join(Area, Area.id == closed.c.area_id)
        .where(*where)
        .group_by(first, second)
    )
    return [(one, two, int(households)) for one, two, households in rows]


def _nested(rows: list[tuple[A, B, int]]) -> dict[A, dict[B, int]]:
    found: dict[A, dict[B, int]] = defaultdict(dict)
    for one, two, households in rows:
        found[one][two] = households
    return dict(found)


def months_closed(year: int, cut_off: date) -> list[int]:
    return list(range(1, closed_months(year, cut_off) + 1))
