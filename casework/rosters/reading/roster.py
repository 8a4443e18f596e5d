"""A whole roster file: what can be taken, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from casework.core.tables.reading import sources
from casework.core.tables.reading.cells import Cell, SourceRow
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.rosters.reading.columns import (
    HEADER_WITHIN,
    Columns,
    find_header,
    known_in,
    no_header,
)
from casework.rosters.reading.places import VillageResolver
from casework.rosters.reading.rows import Checked, RosterRow, RowChecker, RowProblem, check_file

#: A roster is uploaded by regency; a large one has about 50,000 households.
MAX_ROWS = 100_000

TELL_EVERY = 1000


@dataclass(frozen=True)
class BadRow:
    """A row to be handed back, as it came, with everything that is wrong with it."""

    number: int
    cells: tuple[Cell, ...] = field(repr=False)
    problems: tuple[RowProblem, ...]
    #: What can be read of them: the row names a family, whatever else is wrong with it.
    nik: str | None = field(default=None, repr=False)
    no_kk: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Roster:
    columns: Columns
    #: Households without a problem, in the order of the file.
    rows: tuple[RosterRow, ...]
    bad_rows: tuple[BadRow, ...]
    #: Every row as it came, by its number: what is fine in itself may contradict what is known.
    cells: Mapping[int, tuple[Cell, ...]] = field(repr=False)

    @property
    def problems(self) -> list[RowProblem]:
        return [problem for row in self.bad_rows for problem in row.problems]


def read_roster(
    data: bytes,
    *,
    resolver: VillageResolver,
    today: date,
    max_rows: int = MAX_ROWS,
    progress: Callable[[int], None] | None = None,
) -> Roster:
    """`progress` is told now and then how many rows were read.

    Raises: UnreadableFile if the file as a whole cannot be read.
    """
    columns, source_rows = find_table(data)
    checker = RowChecker(columns, resolver=resolver, today=today)
    checked: list[Checked] = []
    cells: dict[int, tuple[Cell, ...]] = {}
    for source in source_rows:
        if len(checked) == max_rows:
            raise UnreadableFile(FileFault.TOO_MANY_ROWS, limit=max_rows)
        row = checker.check(source)
        checked.append(row)
        cells[row.number] = source.cells
        if progress is not None and len(checked) % TELL_EVERY == 0:
            progress(len(checked))
    if not checked:
        raise UnreadableFile(FileFault.NO_ROWS, row=columns.row_number)
    shared: dict[int, list[RowProblem]] = {}
    for problem in check_file(checked, columns):
        shared.setdefault(problem.row, []).append(problem)
    bad = tuple(
        BadRow(
            row.number,
            cells[row.number],
            (*row.problems, *shared.get(row.number, ())),
            row.nik,
            row.no_kk,
        )
        for row in checked
        if row.problems or row.number in shared
    )
    good = tuple(row.household for row in checked if row.household and row.number not in shared)
    return Roster(columns, good, bad, cells)


def find_table(data: bytes) -> tuple[Columns, Iterator[SourceRow]]:
    """The first sheet with the header of a roster, and the rows under it."""
    first_fault: UnreadableFile | None = None
    for rows in sources.sheets(data, known_in):
        top = list(islice(rows, HEADER_WITHIN))
        try:
            columns = find_header(top)
        except UnreadableFile as fault:
            first_fault = first_fault or fault
            continue
        below = (row for row in top if row.number > columns.row_number)
        return columns, chain(below, rows)
    raise first_fault or no_header()
