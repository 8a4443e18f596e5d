"""The public figures as rows, as the API gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.counts.models import Target
from casework.counts.queries import public
from casework.counts.queries.figures import What
from casework.counts.queries.overview import months_of_nation
from casework.counts.queries.public import Around, PublicFigure, Release
from casework.counts.rules import NOT_YET, PublicCount
from casework.regions.rules import PROVINCE_SIGNS

#: Region (None: the nation), month (None: the year), and what is shown.
Count = tuple[str | None, int | None, PublicCount]


class Level(StrEnum):
    """Of which places there is to be a row."""

    NATION = "nation"
    PROVINCE = "province"
    REGENCY = "regency"


@dataclass(frozen=True, slots=True)
class Row:
    #: None is the nation.
    region: str | None
    name: str
    #: None is the whole year.
    month: int | None
    figure: PublicFigure


@dataclass(frozen=True, slots=True)
class Question:
    what: What
    year: int
    #: None is the nation.
    region: str | None
    level: Level
    by_month: bool


def level_of_place(region: str | None) -> Level:
    """The level of a code, by its form."""
    if region is None:
        return Level.NATION
    return Level.PROVINCE if len(region) == PROVINCE_SIGNS else Level.REGENCY


def rows(question: Question, cut_off: date) -> list[Row]:
    """By code of the region, then by month. Four statements at most.

    Raises: NotFound for no province or regency.
    """
    every = question.level is Level.REGENCY and question.region is None
    around = public.around(question.region, every_regency=every)
    wholes = public.province_years(question.what, cut_off, question.year).get(question.year, {})
    release = Release.of(list(around.provinces), wholes)
    targets = public.targets(question.what, Target.year == question.year)
    is_early = question.year > cut_off.year
    return [
        Row(
            code,
            around.name_of(code),
            month,
            PublicFigure(
                NOT_YET if is_early else count,
                targets.get((code, question.year)) if month is None else None,
            ),
        )
        for code, month, count in _counts(question, around, release, wholes, cut_off)
    ]


def _counts(
    question: Question,
    around: Around,
    release: Release,
    wholes: Mapping[str, int],
    cut_off: date,
) -> Iterator[Count]:
    if question.by_month:
        yield from _by_month(question, around, release, wholes, cut_off)
    elif question.level is Level.NATION:
        yield None, None, release.nation
    elif question.level is Level.PROVINCE:
        for code, count in release.provinces.items():
            if around.province in (None, code):
                yield code, None, count
    else:
        yield from _regencies(question, around, release, wholes, cut_off)


def _by_month(
    question: Question,
    around: Around,
    release: Release,
    wholes: Mapping[str, int],
    cut_off: date,
) -> Iterator[Count]:
    cells = public.province_months(question.what, cut_off, question.year)
    closed = public.months_closed(question.year, cut_off)
    if question.level is Level.NATION:
        for month, count in months_of_nation(around, release, wholes, cells, closed).items():
            yield None, month, count
        return
    for code in around.provinces:
        if around.province in (None, code):
            whole = wholes.get(code, 0)
            months = release.below(code, whole, closed, cells.get(code, {}))
            for month, count in months.items():
                yield code, month, count


def _regencies(
    question: Question,
    around: Around,
    release: Release,
    wholes: Mapping[str, int],
    cut_off: date,
) -> Iterator[Count]:
    counts = public.regencies_of_year(question.what, cut_off, question.year)
    siblings: dict[str, list[str]] = {}
    for code in around.regencies:
        siblings.setdefault(code[:PROVINCE_SIGNS], []).append(code)
    is_one = level_of_place(question.region) is Level.REGENCY
    for province, codes in siblings.items():
        whole = wholes.get(province, 0)
        parts = release.below(province, whole, codes, counts.get(province, {}))
        for code, count in parts.items():
            if not is_one or code == question.region:
                yield code, None, count
