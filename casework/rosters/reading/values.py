"""Cells of a roster -> values, or the reason why not. Nothing damaged is ever repaired."""

from __future__ import annotations

import re
from datetime import date, timedelta

from casework.core.masking import mask_nik
from casework.core.tables.reading.cells import Cell, text_of, undressed
from casework.rosters.reading.cut import UNKNOWN
from casework.rosters.reading.errors import CellFault, CellProblem

#: Digits of a NIK and of a No KK. Source: Law 23/2006 on population administration, art. 13.
NUMBER_LENGTH = 16
#: A spreadsheet keeps 15 significant digits of a number (IEEE 754 as Excel shows it).
_KEPT_BY_SPREADSHEETS = 15
#: A whole date part and serial of zeros does not occur; 1,27503E+15 written out does.
_ZEROS_OF_A_REPAIR = "0" * 10
_SOUND = re.compile(rf"(?!.*{_ZEROS_OF_A_REPAIR}\Z)[0-9]{{{NUMBER_LENGTH}}}").fullmatch
#: More children, elders or pregnant women than that in one family are a slip of the hand. Our
#: own bound; the programme pays for four components at most.
MAX_COUNT = 20
_FIRST_YEAR = 1900
_EXCEL_EPOCH = date(1899, 12, 30)

_WITHOUT_LAST = re.compile(rf"[0-9]{{{NUMBER_LENGTH - 1}}}{re.escape(UNKNOWN)}")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/\-.]([0-9]{1,2})[/\-.]([0-9]{4})(?: 00:00(?::00)?)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/\-]([0-9]{1,2})[/\-]([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_WHOLE = re.compile(r"([0-9]+)(?:[.,]0+)?")
_RT_RW = re.compile(r"(?:R[TW]\b\.?\s*)?([0-9]{1,3})", re.IGNORECASE)
_NOTHING = frozenset({"", "-"})
#: Nearly all cells of the columns of components.
_COUNTS: dict[Cell, int] = {"": 0, "-": 0, **{str(n): n for n in range(MAX_COUNT + 1)}}


def name(cell: Cell, *, limit: int) -> str:
    text = text_of(cell)
    if not any(character.isalpha() for character in text):
        raise CellFault(CellProblem.MISSING)
    return short(text, limit=limit)


def short(cell: Cell, *, limit: int) -> str:
    text = text_of(cell)
    if len(text) > limit:
        raise CellFault(CellProblem.TOO_LONG, limit=limit)
    return text


def personal_number(cell: Cell) -> str:
    """A NIK or No KK: 16 digits as text. Its first six digits are not looked up: they name
    where the person was first registered, under the codes of that time."""
    if isinstance(cell, int | float):
        return _number_cell(cell)
    if isinstance(cell, str) and _SOUND(cell):
        return cell
    text = undressed(cell)
    if not text:
        raise CellFault(CellProblem.MISSING)
    if _SCIENTIFIC.fullmatch(text):
        raise CellFault(CellProblem.SCIENTIFIC)
    if _WITHOUT_LAST.fullmatch(text):
        raise CellFault(CellProblem.LAST_DIGIT_LOST)
    if not re.fullmatch(r"[0-9]+", text):
        raise CellFault(CellProblem.NOT_DIGITS)
    if len(text) != NUMBER_LENGTH:
        raise CellFault(CellProblem.WRONG_LENGTH, found=len(text), expected=NUMBER_LENGTH)
    if not text.strip("0"):
        raise CellFault(CellProblem.ALL_ZERO)
    if text.endswith(_ZEROS_OF_A_REPAIR):
        raise CellFault(CellProblem.DIGITS_LOST)
    return text


def _number_cell(cell: float) -> str:
    digits = text_of(int(cell)) if float(cell).is_integer() else text_of(cell)
    if len(digits) > _KEPT_BY_SPREADSHEETS:
        raise CellFault(CellProblem.NUMBER_CELL)
    if not digits.isdecimal():
        raise CellFault(CellProblem.NOT_DIGITS)
    raise CellFault(CellProblem.WRONG_LENGTH, found=len(digits), expected=NUMBER_LENGTH)


def masked(cell: Cell) -> str:
    """A number that was refused, as far as its owner's list needs it to find the fault: what
    is not a digit stays, digits give way except at the ends of a long one."""
    text = text_of(cell)
    if re.fullmatch(r"[0-9]{16}", text):
        return mask_nik(text)
    if _SCIENTIFIC.fullmatch(text):
        return text
    if len(re.sub(r"[^0-9]", "", text)) < 12:
        return re.sub(r"[0-9]", "*", text)
    return text[:4] + re.sub(r"[0-9]", "*", text[4:-4]) + text[-4:]


def birth_date(cell: Cell, *, today: date) -> date | None:
    """A day as dd/mm/yyyy, dd-mm-yyyy, yyyy-mm-dd or a spreadsheet's date; None if empty."""
    day = _day(cell)
    if day is None:
        return None
    if day.year < _FIRST_YEAR:
        raise CellFault(CellProblem.DATE_TOO_EARLY, year=_FIRST_YEAR)
    if day > today:
        raise CellFault(CellProblem.FUTURE_DATE)
    return day


def _day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        return _serial(cell)
    text = text_of(cell)
    if text in _NOTHING:
        return None
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        raise CellFault(CellProblem.NOT_A_DATE)
    try:
        return date(year, month, day)
    except ValueError:
        raise CellFault(CellProblem.IMPOSSIBLE_DATE) from None


def _serial(cell: float) -> date:
    """A date that lost its format in the workbook is a count of days; only from March 1900 on
    do all programs agree on it, and what has six digits is something else."""
    if not 61 <= cell < 100_000:
        raise CellFault(CellProblem.NOT_A_DATE)
    return _EXCEL_EPOCH + timedelta(days=int(cell))


def count(cell: Cell) -> int:
    """How many members; an empty cell and a dash are none."""
    if (known := _COUNTS.get(cell)) is not None:
        return known
    text = text_of(cell)
    if text in _NOTHING:
        return 0
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise CellFault(CellProblem.NOT_A_COUNT)
    # The length first: Python refuses to read numbers of thousands of digits.
    digits = found.group(1).lstrip("0")
    if len(digits) > len(str(MAX_COUNT)) or int(digits or 0) > MAX_COUNT:
        raise CellFault(CellProblem.COUNT_TOO_HIGH, limit=MAX_COUNT)
    return int(digits or 0)


def rt_rw(cell: Cell) -> str:
    """Three digits with leading zeros, as offices write them; empty if not told."""
    text = text_of(cell)
    if text in _NOTHING:
        return ""
    found = _RT_RW.fullmatch(text)
    if found is None:
        raise CellFault(CellProblem.NOT_RT_RW)
    return found.group(1).zfill(3)
