"""What is wrong with a roster file, in words for the person who can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, format_decimal, gettext, lazy_gettext, lazy_ngettext, ngettext
from flask_babel.speaklater import LazyString

from casework.core.tables.labels import filled
from casework.households.rules import months_of
from casework.rosters.reading.columns import COMPONENTS, Column, Columns, Need
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.rows import RowProblem
from casework.rosters.rules import ImportStatus, NamedGroup, NumbersShown, TableFormat

IMPORT_STATUSES = {
    ImportStatus.CHECKED: lazy_gettext("Not applied yet"),
    ImportStatus.APPLIED: lazy_gettext("Applied"),
}

TABLE_FORMATS = {
    TableFormat.XLSX: lazy_gettext("Excel (XLSX)"),
    TableFormat.CSV: lazy_gettext("CSV"),
}

NUMBERS_SHOWN = {
    NumbersShown.NONE: lazy_gettext("Left out"),
    NumbersShown.MASKED: lazy_gettext("Masked"),
    NumbersShown.FULL: lazy_gettext("In full"),
}

NEEDS = {
    Need.ALWAYS: lazy_gettext("Obligatory"),
    Need.WITHOUT_CODE: lazy_gettext("Obligatory unless KODE WILAYAH is there"),
    Need.OPTIONAL: lazy_gettext("Read if it is there"),
}

REASONS = {
    CellProblem.MISSING: lazy_gettext("not filled in."),
    CellProblem.TOO_LONG: lazy_gettext("longer than %(limit)s characters."),
    CellProblem.NOT_DIGITS: lazy_gettext("holds something other than digits."),
    CellProblem.ALL_ZERO: lazy_gettext("nothing but zeros."),
    CellProblem.SCIENTIFIC: lazy_gettext(
        "Excel has shortened this number, its digits are lost. Type all 16 again, as text."
    ),
    CellProblem.NUMBER_CELL: lazy_gettext(
        "stored as a number, of which Excel keeps only 15 digits. Make the column text and type "
        "it again."
    ),
    CellProblem.DIGITS_LOST: lazy_gettext(
        "ten zeros at the end: digits were lost in Excel. Type it again from the card."
    ),
    CellProblem.LAST_DIGIT_LOST: lazy_gettext(
        "Excel has cut off the last digit, as of nearly all numbers in this column. Take the "
        "list from its source again, with the column as text, or type the digit from the card."
    ),
    CellProblem.NOT_A_DATE: lazy_gettext("not a date. Write it like 31/12/1980."),
    CellProblem.IMPOSSIBLE_DATE: lazy_gettext("there is no such date."),
    CellProblem.FUTURE_DATE: lazy_gettext("must not be after today."),
    CellProblem.DATE_TOO_EARLY: lazy_gettext("before the year %(year)s."),
    CellProblem.NOT_A_COUNT: lazy_gettext("should be a whole number, like 0 or 2."),
    CellProblem.COUNT_TOO_HIGH: lazy_gettext("more than %(limit)s."),
    CellProblem.NOT_RT_RW: lazy_gettext("should be one to three digits, like 003."),
    CellProblem.TWICE_IN_FILE: lazy_gettext("stands in row %(rows)s, too."),
    CellProblem.TWO_HOUSEHOLDS: lazy_gettext(
        "NIK and NO KK belong to two different families that are known here."
    ),
    CellProblem.SAME_HOUSEHOLD: lazy_gettext("is the same family as in row %(row)s."),
    CellProblem.KNOWN_ELSEWHERE: lazy_gettext(
        "this NIK belongs to a family in %(regency)s. Ask the administrator there."
    ),
    CellProblem.UNKNOWN_CODE: lazy_gettext("“%(value)s” is not the code of a village here."),
    CellProblem.UNKNOWN_PLACE: lazy_gettext("“%(value)s” is not known here."),
    CellProblem.AMBIGUOUS_PLACE: lazy_gettext(
        "several villages have this name: %(codes)s. Add a column KODE WILAYAH with one of them."
    ),
    CellProblem.CODE_CONTRADICTS_NAME: lazy_gettext(
        "this is the code of %(name)s, not of the village that is named."
    ),
}


def stage_words(stage: str) -> str:
    """2026-1 (January–March 2026)"""
    first, last = months_of(stage)
    months = f"{format_date(first, 'LLLL')}–{format_date(last, 'LLLL y')}"
    return f"{stage} ({months})"


#: Column of a household -> column of the file that says what is in it.
_SAID_BY = {
    "caretaker_name": Column.CARETAKER_NAME,
    "nik_index": Column.NIK,
    "no_kk_index": Column.NO_KK,
    "caretaker_born_on": Column.BORN_ON,
    **{column.value: column for column in COMPONENTS},
    "address_sealed": Column.ADDRESS,
    "village_code": Column.VILLAGE,
}


def changed_words(values: Mapping[str, Any], columns: Columns) -> str:
    """The columns in which a file says something new of a family, under their names there:
    "NO KK, SD". Empty when it only names the family again."""
    words = [columns.label(column) for name, column in _SAID_BY.items() if name in values]
    if "moved_from_id" in values:
        words.append(gettext("Moved here"))
    return ", ".join(words)


def group_words(group: NamedGroup) -> str:
    """Melati – Molas, Bunaken (12 keluarga)"""
    return ngettext(
        "%(name)s – %(place)s (%(families)s family)",
        "%(name)s – %(place)s (%(families)s families)",
        group.families,
        name=group.name,
        place=group.place,
        families=format_decimal(group.families),
    )


@dataclass(frozen=True)
class ProblemWords:
    """A problem as the columns of a list; `sentence` says it in one."""

    row: int
    column: str
    value: str
    reason: LazyString

    @property
    def sentence(self) -> LazyString:
        return lazy_gettext(
            "Row %(row)s, column %(column)s: %(reason)s",
            row=self.row,
            column=self.column,
            reason=self.reason,
        )


def problem_words(problem: RowProblem) -> ProblemWords:
    return ProblemWords(problem.row, problem.label, problem.value, _reason(problem))


def _reason(problem: RowProblem) -> LazyString:
    params = problem.params
    if problem.code is CellProblem.WRONG_LENGTH:
        return lazy_ngettext(
            "%(num)s digit, should be %(expected)s.",
            "%(num)s digits, should be %(expected)s.",
            params["found"],
            expected=params["expected"],
        )
    if problem.code is CellProblem.UNKNOWN_PLACE and "suggestion" in params:
        return lazy_gettext(
            "“%(value)s” is not known here. Is it %(suggestion)s?",
            value=problem.value,
            suggestion=params["suggestion"],
        )
    return LazyString(filled, REASONS[problem.code], {**params, "value": problem.value})
