"""Somebody who has every published table of one kind, state and year and works out what it leaves
possible; and somebody who has those of one place in both states and all years.

Exact, and by another way than the rules it judges: sets of possible numbers, as the bits of an
integer, are added and intersected along the equations whole = sum of parts. The equations of one
year are a tree, so going round it once from the cell in question gives everything that can be
known of it. Below a province nobody needs the cells of regency and month themselves: any sums of
rows and of columns with one total are those of some table of counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

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


def in_both_states(
    approved: Sequence[PublicCount], established: Sequence[PublicCount]
) -> tuple[list[int], list[int]]:
    """Of one place, by year from the first: what remains possible of each figure for who knows
    that what was established by the end of a year was approved by then.

    Exact: a number of one cell is possible where it is with all else approved at its most and all
    else established at its least.
    """
    most = [max(numbers(possible(figure))) for figure in approved]
    least = [min(numbers(possible(figure))) for figure in established]

    def holds(of_approved: Sequence[int], of_established: Sequence[int]) -> bool:
        ends = zip(accumulate(of_approved), accumulate(of_established), strict=True)
        return all(theirs >= hers for theirs, hers in ends)

    def left(figure: PublicCount, with_this: Callable[[int], bool]) -> int:
        return sum(1 << value for value in numbers(possible(figure)) if with_this(value))

    def at(place: int, row: Sequence[int], value: int) -> list[int]:
        return [*row[:place], value, *row[place + 1 :]]

    return (
        [
            left(figure, lambda value, place=place: holds(at(place, most, value), least))
            for place, figure in enumerate(approved)
        ],
        [
            left(figure, lambda value, place=place: holds(most, at(place, least, value)))
            for place, figure in enumerate(established)
        ],
    )


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
