"""Somebody who has every published table of a year and works out what it leaves possible.

Exact, and by another way than the rules it judges: sets of possible numbers, as the bits of an
integer, are added and intersected along the equations whole = sum of parts. The equations of one
year are a tree, so going round it once from the cell in question gives everything that can be
known of it. Below a province nobody needs the cells of regency and month themselves: any sums of
rows and of columns with one total are those of some table of counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casework.counts.rules import PublicCount, Shown

#: Nobody believes in more than this; what is held back could otherwise be anything.
MOST = 1200
_ALL = (1 << MOST + 1) - 1


@dataclass(frozen=True)
class Province:
    year: PublicCount
    regencies: Sequence[PublicCount]
    months: Sequence[PublicCount]


def possible(figure: PublicCount) -> int:
    """The numbers that a figure by itself can stand for."""
    match figure.shown:
        case Shown.UNDER_TEN:
            return (1 << 10) - 1
        case Shown.ROUNDED:
            assert figure.households is not None
            return ((1 << 10) - 1) << figure.households
        case _:
            return _ALL


def numbers(these: int) -> list[int]:
    return [value for value in range(these.bit_length()) if these >> value & 1]


def plus(these: int, those: int) -> int:
    found = 0
    few, many = sorted((these, those), key=int.bit_count)
    for value in numbers(few):
        found |= many << value
    return found & _ALL


def minus(these: int, those: int) -> int:
    """Every difference that is not negative."""
    found = 0
    for value in numbers(those):
        found |= these >> value
    return found


def total(sets: Iterable[int]) -> int:
    found = 1
    for each in sets:
        found = plus(found, each)
    return found


def of_parts(whole: int, parts: Sequence[int]) -> list[int]:
    """What remains possible for each part, once the whole can be only this."""
    return [
        part & minus(whole, total(parts[:place] + parts[place + 1 :]))
        for place, part in enumerate(map(int, parts))
    ]


@dataclass(frozen=True)
class Known:
    """What remains possible for each cell, in the order of the tables."""

    nation: int
    provinces: list[int]
    regencies: list[list[int]]
    months: list[list[int]]


def works_out(nation: PublicCount, provinces: Sequence[Province]) -> Known:
    rows = [list(map(possible, province.regencies)) for province in provinces]
    columns = [list(map(possible, province.months)) for province in provinces]
    alone = [possible(province.year) for province in provinces]
    from_below = [
        year & total(row) & total(column)
        for year, row, column in zip(alone, rows, columns, strict=True)
    ]
    from_above = of_parts(possible(nation), from_below)
    return Known(
        possible(nation) & total(from_below),
        from_above,
        [
            of_parts(above & year & total(column), row)
            for above, year, row, column in zip(from_above, alone, rows, columns, strict=True)
        ],
        [
            of_parts(above & year & total(row), column)
            for above, year, row, column in zip(from_above, alone, rows, columns, strict=True)
        ],
    )
