"""Somebody who knows the rules, has every table that is published, of both states and of all years,
and tries all the counts that could stand behind them.

She takes no step of the proof in docs/decisions/0020: she counts. So that she comes to an end,
figures are in full twos or threes for her instead of full tens, and nobody counts much higher
than one such step; the rules know no other number than the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from operator import or_

from casework.counts.rules import PublicCount, Shown, releases

#: Approved and established, by year, and by month within it: what was counted since January.
History = tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]


@dataclass(frozen=True)
class Nation:
    """How large a nation she tries."""

    step: int
    #: Nobody is counted higher in a regency and year.
    most: int
    years: int = 1
    months: int = 1
    both_states: bool = False
    #: Of each province the number of its regencies.
    regencies: tuple[int, ...] = (3,)

    @property
    def codes(self) -> list[list[str]]:
        return [
            [f"{province}.{regency}" for regency in range(regencies)]
            for province, regencies in enumerate(self.regencies)
        ]


@dataclass(frozen=True)
class Cell:
    """One figure, as it is published."""

    state: int
    year: int
    #: None is the year.
    month: int | None
    place: str | None


@dataclass(frozen=True)
class Finding:
    cell: Cell
    figure: PublicCount
    left: list[int]


def histories(nation: Nation) -> list[History]:
    """Of one regency: nobody is established who was not approved before."""
    a_year = [
        months
        for months in product(range(nation.most + 1), repeat=nation.months)
        if list(months) == sorted(months)
    ]
    every = list(product(a_year, repeat=nation.years))
    nobody = [((0,) * nation.months,) * nation.years]
    return [
        (approved, established)
        for approved in every
        for established in (every if nation.both_states else nobody)
        if _in_order(approved, established)
    ]


def _in_order(approved: Sequence[tuple[int, ...]], established: Sequence[tuple[int, ...]]) -> bool:
    def since_the_beginning(years: Sequence[tuple[int, ...]]) -> Iterator[int]:
        before = [0, *accumulate(year[-1] for year in years)]
        for start, year in zip(before, years, strict=False):
            yield from (start + month for month in year)

    pairs = zip(since_the_beginning(approved), since_the_beginning(established), strict=True)
    return all(more >= less for more, less in pairs)


class World:
    """A history for each regency, and what is published of it."""

    def __init__(self, nation: Nation, chosen: Sequence[History]) -> None:
        self.nation = nation
        self.parts: dict[str | None, list[str]] = {
            str(province): codes for province, codes in enumerate(nation.codes)
        }
        self.parts[None] = list(map(str, range(len(nation.codes))))
        leaves = [code for codes in nation.codes for code in codes]
        self.histories = dict(zip(leaves, chosen, strict=True))

    def count(self, cell: Cell) -> int:
        month = -1 if cell.month is None else cell.month
        return sum(
            history[cell.state][cell.year][month]
            for code, history in self.histories.items()
            if cell.place is None or f"{code}.".startswith(f"{cell.place}.")
        )

    def tables(self) -> dict[Cell, PublicCount]:
        years = range(self.nation.years)
        counts = [
            [
                {code: history[state][year][-1] for code, history in self.histories.items()}
                for year in years
            ]
            for state in range(1 + self.nation.both_states)
        ]
        found = {
            Cell(state, year, None, place): figure
            for state, of_years in enumerate(releases.all_releases(None, self.parts, counts))
            for year, table in enumerate(of_years)
            for place, figure in table.items()
        }
        for year in years:
            months = [self._by_itself(year, month) for month in range(self.nation.months)]
            tables = releases.months_of_year(None, self.parts, months)
            for month, table in enumerate(tables[:-1]):
                for place, figure in table.items():
                    found[Cell(0, year, month, place)] = figure
        return found

    def _by_itself(self, year: int, month: int) -> dict[str, int]:
        """What each regency approved in that month."""
        since_january = {code: history[0][year] for code, history in self.histories.items()}
        return {
            code: months[month] - (months[month - 1] if month else 0)
            for code, months in since_january.items()
        }


def given_away(nation: Nation) -> tuple[int, list[Finding]]:
    """How many different sets of tables she looked through, and the figures of which fewer
    numbers remain than the step has, or others than the figure says."""
    every = histories(nation)
    behind: dict[tuple[PublicCount, ...], list[int]] = {}
    cells: list[Cell] = []
    for chosen in product(every, repeat=sum(nation.regencies)):
        world = World(nation, chosen)
        tables = world.tables()
        cells = list(tables)
        numbers = [1 << world.count(cell) for cell in cells]
        key = tuple(tables.values())
        known = behind.get(key)
        behind[key] = numbers if known is None else list(map(or_, known, numbers))
    findings = []
    looked_through = 0
    for figures, possible in behind.items():
        of_regencies = [
            figure for cell, figure in zip(cells, figures, strict=True) if "." in (cell.place or "")
        ]
        # Beyond what she counts to there are numbers that she does not know of.
        if max(figure.at_least for figure in of_regencies) + nation.step - 1 > nation.most:
            continue
        looked_through += 1
        for cell, figure, these in zip(cells, figures, possible, strict=True):
            left = [number for number in range(these.bit_length()) if these >> number & 1]
            if not _is_open(figure, left, nation.step):
                findings.append(Finding(cell, figure, left))
    return looked_through, findings


def _is_open(figure: PublicCount, left: list[int], step: int) -> bool:
    expected = set(range(figure.at_least, figure.at_least + step))
    if figure.shown in (Shown.ROUNDED, Shown.UNDER_TEN):
        return set(left) == expected
    if figure.is_free:
        return expected <= set(left) and left[0] >= figure.at_least
    return len(left) >= step
