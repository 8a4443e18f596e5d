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

#: ="1275..." is how some programs keep a spreadsheet from reading a number.
_FORMULA_TEXT = re.compile(r'="([0-9 ]*)"')


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


def undressed(cell: Cell) -> str:
    """A number without what keeps spreadsheets from reading it, and without blanks."""
    text = text_of(cell).lstrip("'")
    if wrapped := _FORMULA_TEXT.fullmatch(text):
        text = wrapped.group(1)
    return text.replace(" ", "")


def squash(name: str) -> str:
    """A header without case, blanks and punctuation: "NO. KK", "No_KK" and "nokk" are one."""
    return re.sub(r"[\W_]+", "", name.casefold())
