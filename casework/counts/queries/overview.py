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
from casework.counts.queries.public import Around, PublicFigure, Years
from casework.counts.rules import NATION, Pace, PublicCount, closed_months, gap_order, pace
from casework.ledger.rules import ExitKind
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
    #: From January to the end of each closed month; empty where months are not public: of a
    #: regency, and of what was established.
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
    """All that a page of public figures shows of a place, in few statements, whatever the data.

    Raises: NotFound for no province or regency.
    """
    around = public.around(code)
    here = around.place.code
    shown = public.years(what.kind, cut_off, around.province)
    inside: Mapping[str, str] = {}
    if here is None:
        inside = around.provinces
    elif around.place.level is RegionLevel.PROVINCE:
        inside = around.regencies
    regions = {each: shown.figure(what, year, each) for each in inside}
    targets = _targets(around, what, year, list(regions))
    years = _years(here, what, shown, targets, year)
    total = years[year]
    number = total.counted.households
    is_mandiri = what.kind is ExitKind.INDEPENDENT
    mandiri = shown if is_mandiri else public.years(ExitKind.INDEPENDENT, cut_off, around.province)
    return Overview(
        place=around.place,
        province=_province_of(around),
        years=years,
        months=_months(around, what, year, cut_off),
        regions=_worst_first(around, regions, targets, year),
        total=total,
        pace=pace(number, total.target, closed_months(year, cut_off))
        if number is not None and what.is_targeted
        else None,
        kinds=kinds_of(here, around.province, mandiri, year),
        provinces=around.provinces,
    )


def _months(around: Around, what: What, year: int, cut_off: date) -> Mapping[int, PublicCount]:
    if around.place.level is RegionLevel.REGENCY or not what.has_public_months:
        return {}
    of_months = public.months(what, cut_off, year, around.province)
    here = around.place.code
    return {month: places[here] for month, places in of_months.items() if here in places}


def _targets(
    around: Around, what: What, year: int, regions: list[str]
) -> dict[tuple[str | None, int], int]:
    here = Target.region_code == (around.place.code or NATION)
    inside = and_(Target.year == year, Target.region_code.in_(regions))
    return public.targets(what, or_(here, inside) if regions else here)


def _years(
    code: str | None,
    what: What,
    shown: Years,
    targets: Mapping[tuple[str | None, int], int],
    year: int,
) -> dict[int, PublicFigure]:
    last = shown.cut_off.year
    always = {year, *range(last - _YEARS + 1, last + 1)}
    with_number = {each for each, figure in shown.of(what, code).items() if figure.households}
    with_target = {each for place, each in targets if place == code}
    return {
        each: PublicFigure(shown.figure(what, each, code), targets.get((code, each)))
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
    return sorted(found, key=lambda one: gap_order(one.figure.gap, one.code))


def _province_of(around: Around) -> tuple[str, str] | None:
    if around.province is None or around.place.code == around.province:
        return None
    return around.province, around.provinces[around.province]
