"""One cell as a file holds it, and its text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from casework.core.tables.cells import unguard

Cell = str | int | float | date
"""Text; or, from a workbook only, a number or a date. An empty cell is empty text."""

#: Invisible characters that come along when people copy from web pages and PDFs.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")

#: Most cells: words of printable ASCII with one blank between them, no apostrophe in front.
_TIDY = re.compile("[!-&(-~][!-~]*(?: [!-~]+)*").fullmatch


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row under the number that a spreadsheet program shows beside it."""

    number: int
    cells: tuple[Cell, ...]


def text_of(cell: Cell) -> str:
    """The cell as clean text: one blank between words, no invisible characters, no guard
    apostrophe; whole numbers without a decimal point."""
    if isinstance(cell, str):
        if _TIDY(cell) or not cell:
            return cell
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", unguard(cell)))
        return " ".join(text.split())
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
