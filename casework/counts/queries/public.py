"""The figures that anybody may see, on the page and through the API alike (docs/decisions/0020).

Nothing else shows the sums of `public_sums`. How many statements they take does not hang on the
data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.kept_a_while import kept_a_while
from casework.counts.models import Target
from casework.counts.queries import public_sums
from casework.counts.queries.figures import INDONESIA, Place, What
from casework.counts.rules import (
    NATION,
    NOT_YET,
    UNDER_TEN,
    Code,
    Progress,
    PublicCount,
    Release,
    Shown,
    all_releases,
    months_of_year,
    release,
)
from casework.ledger.rules import ExitKind, states_of
from casework.regions.models import Region
from casework.regions.rules import PROVINCE_SIGNS, RegionLevel, level_of

#: Every kind in every state in which it is counted, in the order of a table.
EVERY_KIND = tuple(What(kind, state) for kind in ExitKind for state in states_of(kind))


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
    """A place, and those that one goes to from it: all provinces, and the regencies asked for.
    Code -> name, by code; codes that have gone are not among them."""

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


@dataclass(frozen=True, slots=True)
class Years:
    """The figures of one kind: of the nation, or of one province and what lies in it."""

    cut_off: date
    releases: Mapping[tuple[What, int], Release]
    #: Of a year before the first count.
    nothing: Mapping[What, Release]

    def figure(self, what: What, year: int, code: Code) -> PublicCount:
        if year > self.cut_off.year:
            return NOT_YET
        # A province of today in which there is no regency yet has none counted.
        return self.releases.get((what, year), self.nothing[what]).get(code, UNDER_TEN)

    def of(self, what: What, code: Code) -> dict[int, PublicCount]:
        return {year: self.figure(what, year, code) for each, year in self.releases if each == what}


@kept_a_while
def years(kind: ExitKind, cut_off: date, province: str | None) -> Years:
    """In every state of the kind, since the first year in which anybody was counted."""
    parts, sums = public_sums.of_years(kind, cut_off, province)
    shown = all_releases(province, parts, [list(each.values()) for each in sums.values()])
    nothing = all_releases(province, parts, [[{}] for _what in sums])
    return Years(
        cut_off,
        {
            (what, year): one
            for (what, of_years), releases in zip(sums.items(), shown, strict=True)
            for year, one in zip(of_years, releases, strict=True)
        },
        {what: one for what, (one,) in zip(sums, nothing, strict=True)},
    )


@kept_a_while
def other_kinds(cut_off: date, year: int, province: str | None) -> Mapping[What, Release]:
    """Of one year, every kind but graduasi mandiri, of which `years` tells."""
    parts, sums = public_sums.of_other_kinds(cut_off, year, province)
    # Of most kinds nobody is counted.
    nothing = release(province, parts, {})
    return {
        what: release(province, parts, counts) if any(counts.values()) else nothing
        for what, counts in sums.items()
    }


@kept_a_while
def months(
    what: What, cut_off: date, year: int, province: str | None
) -> Mapping[int, Mapping[Code, PublicCount]]:
    """What was counted from January to the end of each closed month: in the provinces and in the
    nation, or in one province."""
    parts, counts = public_sums.of_months(what, cut_off, year, province)
    shown = months_of_year(province, parts, list(counts.values()))
    return dict(zip(counts, shown, strict=True))


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
