"""Everything that the public page of one place shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_

from casework.counts.models import Target
from casework.counts.queries import public
from casework.counts.queries.figures import Place, What
from casework.counts.queries.kinds import kinds_of
from casework.counts.queries.public import Around, PublicFigure, Release
from casework.counts.rules import (
    HELD_BACK,
    NATION,
    NOT_YET,
    Pace,
    PublicCount,
    added_up,
    closed_months,
    pace,
)
from casework.regions.rules import RegionLevel

#: Years that are always listed, so that a year in the list tells nothing by being there.
_YEARS = 5


@dataclass(frozen=True, slots=True)
class PublicRegion:
    code: str
    name: str
    figure: PublicFigure


@dataclass(frozen=True, slots=True)
class Overview:
    place: Place
    #: Name of the province of a regency.
    province: tuple[str, str] | None
    #: Figures of each year, newest first.
    years: Mapping[int, PublicFigure]
    #: Of the closed months; empty for a regency, of which months are not public.
    months: Mapping[int, PublicCount]
    #: Largest gap first, those without a target after them.
    regions: list[PublicRegion]
    #: Of the year asked for.
    total: PublicFigure
    pace: Pace | None
    #: Every kind and state by itself, of the year asked for; never to be added up.
    kinds: Mapping[What, PublicCount]
    #: All provinces, to choose one.
    provinces: Mapping[str, str]


def overview(code: str | None, what: What, year: int, cut_off: date) -> Overview:
    """Five statements, whatever the data. Raises: NotFound for no province or regency."""
    around = public.around(code)
    of_provinces = public.province_years(what, cut_off)
    releases = {
        each: Release.of(list(around.provinces), counts) for each, counts in of_provinces.items()
    }
    release = releases.setdefault(year, Release.of(list(around.provinces), {}))
    wholes = of_provinces.get(year, {})
    months: Mapping[int, PublicCount] = {}
    regions: Mapping[str, PublicCount] = {}
    if around.province is None:
        months = _of_nation(around, release, wholes, what, year, cut_off)
        regions = release.provinces
        counted = {each: one.nation for each, one in releases.items()}
    elif around.place.level is RegionLevel.PROVINCE:
        months, regions = _of_province(
            around.province, around, release, wholes, what, year, cut_off
        )
        counted = {
            each: one.provinces.get(around.province, HELD_BACK) for each, one in releases.items()
        }
    else:
        counted = _of_regency(around, around.province, releases, of_provinces, what, cut_off)
    if year > cut_off.year:
        regions = dict.fromkeys(regions, NOT_YET)
    targets = _targets(around, what, year, list(regions))
    years = _years(around.place.code, counted, targets, year, cut_off)
    total = years[year]
    number = total.counted.households
    return Overview(
        place=around.place,
        province=_province_of(around),
        years=years,
        months=months,
        regions=_worst_first(around, regions, targets, year),
        total=total,
        pace=pace(number, total.target, closed_months(year, cut_off))
        if number is not None and what.is_targeted
        else None,
        kinds=kinds_of(around, year, cut_off),
        provinces=around.provinces,
    )


def _of_nation(
    around: Around,
    release: Release,
    wholes: Mapping[str, int],
    what: What,
    year: int,
    cut_off: date,
) -> dict[int, PublicCount]:
    counts = public.province_months(what, cut_off, year)
    return months_of_nation(around, release, wholes, counts, public.months_closed(year, cut_off))


def months_of_nation(
    around: Around,
    release: Release,
    wholes: Mapping[str, int],
    counts: Mapping[str, Mapping[int, int]],
    closed: list[int],
) -> dict[int, PublicCount]:
    """The provinces' public months added up."""
    of_provinces = [
        release.below(code, wholes.get(code, 0), closed, counts.get(code, {}))
        for code in around.provinces
    ]
    return {month: added_up([months[month] for months in of_provinces]) for month in closed}


def _of_province(
    province: str,
    around: Around,
    release: Release,
    wholes: Mapping[str, int],
    what: What,
    year: int,
    cut_off: date,
) -> tuple[dict[int, PublicCount], dict[str, PublicCount]]:
    cells = public.regency_months(what, cut_off, year, province)
    whole = wholes.get(province, 0)
    closed = public.months_closed(year, cut_off)
    by_month = {month: sum(row.get(month, 0) for row in cells.values()) for month in closed}
    by_regency = {code: sum(row.values()) for code, row in cells.items()}
    return (
        release.below(province, whole, closed, by_month),
        release.below(province, whole, list(around.regencies), by_regency),
    )


def _of_regency(
    around: Around,
    province: str,
    releases: Mapping[int, Release],
    of_provinces: Mapping[int, Mapping[str, int]],
    what: What,
    cut_off: date,
) -> dict[int, PublicCount]:
    """One of its province's parts, in each year."""
    of_years = public.regency_years(what, cut_off, province)
    found = {}
    for year, release in releases.items():
        whole = of_provinces.get(year, {}).get(province, 0)
        parts = release.below(province, whole, list(around.regencies), of_years.get(year, {}))
        found[year] = parts[str(around.place.code)]
    return found


def _targets(
    around: Around, what: What, year: int, regions: list[str]
) -> dict[tuple[str | None, int], int]:
    here = Target.region_code == (around.place.code or NATION)
    inside = and_(Target.year == year, Target.region_code.in_(regions))
    return public.targets(what, or_(here, inside) if regions else here)


def _years(
    code: str | None,
    counted: Mapping[int, PublicCount],
    targets: Mapping[tuple[str | None, int], int],
    year: int,
    cut_off: date,
) -> dict[int, PublicFigure]:
    always = {year, *range(cut_off.year - _YEARS + 1, cut_off.year + 1)}
    with_number = {each for each, figure in counted.items() if figure.households}
    with_target = {each for place, each in targets if place == code}
    nothing = Release.of([], {}).nation
    return {
        each: PublicFigure(
            counted.get(each, nothing) if each <= cut_off.year else NOT_YET,
            targets.get((code, each)),
        )
        for each in sorted(always | with_number | with_target, reverse=True)
    }


def _worst_first(
    around: Around,
    regions: Mapping[str, PublicCount],
    targets: Mapping[tuple[str | None, int], int],
    year: int,
) -> list[PublicRegion]:
    found = [
        PublicRegion(code, around.name_of(code), PublicFigure(count, targets.get((code, year))))
        for code, count in regions.items()
    ]
    return sorted(found, key=lambda one: (one.figure.gap is None, -(one.figure.gap or 0), one.code))


def _province_of(around: Around) -> tuple[str, str] | None:
    if around.province is None or around.place.code == around.province:
        return None
    return around.province, around.provinces[around.province]
