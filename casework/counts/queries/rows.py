"""The public figures as rows, as the API gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.counts.models import Target
from casework.counts.queries import public
from casework.counts.queries.figures import What
from casework.counts.queries.public import Around, PublicFigure, Years
from casework.counts.rules import PublicCount
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
    """By code of the region, then by month; in few statements, however many rows.

    Raises: NotFound for no province or regency.
    """
    every = question.level is Level.REGENCY and question.region is None
    around = public.around(question.region, every_regency=every)
    shown = public.years(question.what.kind, cut_off, around.province)
    targets = public.targets(question.what, Target.year == question.year)
    return [
        Row(
            code,
            around.name_of(code),
            month,
            PublicFigure(count, targets.get((code, question.year)) if month is None else None),
        )
        for code, month, count in _counts(question, around, shown)
    ]


def _counts(question: Question, around: Around, shown: Years) -> Iterator[Count]:
    """In the order of codes, which is that of `around`."""
    what, year = question.what, question.year
    codes = list(_codes(question, around))
    if not question.by_month:
        for code in codes:
            yield code, None, shown.figure(what, year, code)
        return
    of_months = public.months(what, shown.cut_off, year, around.province)
    for code in codes:
        for month, places in of_months.items():
            if code in places:
                yield code, month, places[code]


def _codes(question: Question, around: Around) -> Iterable[str | None]:
    """Of which places there is to be a row: of the one asked for, or of those in it."""
    if question.level is level_of_place(question.region):
        return [question.region]
    return around.provinces if question.level is Level.PROVINCE else around.regencies
