"""Rows that cannot be taken, handed back as a file with a reason beside each."""

from __future__ import annotations

from collections.abc import Iterator

from casework.core.tables.cells import unguard
from casework.core.tables.csv_out import write_csv
from casework.core.tables.reading.cells import Cell
from casework.rosters.actions.importing import Check
from casework.rosters.labels import problem_words
from casework.rosters.reading.columns import Columns
from casework.rosters.reading.cut import without_last_digit
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.roster import BadRow
from casework.rosters.reading.values import undressed

#: In the language of the file, like the columns beside it.
REASON_COLUMN = "ALASAN"
_ENDING = "-salah"

#: A spreadsheet keeps 15 significant digits, so a whole number from here on is damaged.
_EXACT = 10**15


def bad_rows_csv(checked: Check) -> Iterator[bytes]:
    """The rows as they came, so that they can be mended and read again; the reasons in the
    reader's language."""
    columns = checked.roster.columns
    header = columns.header
    # A file that was handed back before has the column already.
    kept = [place for place, name in enumerate(header) if name != REASON_COLUMN]
    return write_csv(
        ([*_cells(row, columns, kept), _reason(row)] for row in checked.bad_rows),
        [*(header[place] for place in kept), REASON_COLUMN],
        for_excel=True,
    )


def bad_rows_name(file_name: str) -> str:
    """KPM.xlsx -> KPM-salah.csv"""
    stem = file_name.rpartition(".")[0] or file_name
    return f"{stem.removesuffix(_ENDING)}{_ENDING}.csv"


def _cells(row: BadRow, columns: Columns, kept: list[int]) -> list[Cell]:
    cells = [_as_it_came(cell) for cell in row.cells]
    for problem in row.problems:
        place = columns.position(row.cells, problem.column)
        if problem.code is CellProblem.LAST_DIGIT_LOST and place is not None:
            cells[place] = without_last_digit(undressed(cells[place]))
    return [cells[place] if place < len(cells) else "" for place in kept]


def _as_it_came(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return unguard(cell)
    if isinstance(cell, int | float) and abs(cell) >= _EXACT:
        return _as_excel_shows(cell)
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _as_excel_shows(number: float) -> str:
    """9901020304050600 -> 9,90102E+15, as text. Written out, the digits that survived would look
    like a number somebody was given, and be taken for one once the rest of the row is mended."""
    mantissa, _e, exponent = f"{number:.5E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.').replace('.', ',')}E{exponent}"


def _reason(row: BadRow) -> str:
    return " ".join(f"{words.column}: {words.reason}" for words in map(problem_words, row.problems))
