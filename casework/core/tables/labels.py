"""What is wrong with a file of rows, in words for the person who can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, lazy_gettext
from flask_babel.speaklater import LazyString

from casework.core.tables.reading.errors import FileFault, UnreadableFile

FILE_FAULTS = {
    FileFault.EMPTY: lazy_gettext("The file is empty."),
    FileFault.TOO_LARGE: lazy_gettext("The file is larger than %(limit)s MB. Split it."),
    FileFault.TOO_MANY_ROWS: lazy_gettext("The file has more than %(limit)s rows. Split it."),
    FileFault.NO_ROWS: lazy_gettext("There is no row under the header in row %(row)s."),
    FileFault.LEGACY_WORKBOOK: lazy_gettext(
        "This is an old Excel file (.xls), or it has a password. Save it as .xlsx without a "
        "password."
    ),
    FileFault.BINARY_WORKBOOK: lazy_gettext("This is an .xlsb file. Save it as .xlsx."),
    FileFault.MACROS: lazy_gettext("The workbook holds macros. Save it as .xlsx without macros."),
    FileFault.OPEN_DOCUMENT: lazy_gettext("This is an .ods file. Save it as .xlsx."),
    FileFault.WEB_PAGE: lazy_gettext(
        "This is a web page under the name of a table. Open it in Excel and save it as .xlsx."
    ),
    FileFault.NOT_A_TABLE: lazy_gettext("This is neither a CSV nor an XLSX file."),
    FileFault.UNKNOWN_ENCODING: lazy_gettext(
        "The letters in the file cannot be read. Save it as “CSV UTF-8” or as .xlsx."
    ),
    FileFault.BROKEN_QUOTES: lazy_gettext(
        "A quotation mark near row %(row)s has no partner. Save the file as .xlsx, or mend it."
    ),
    FileFault.DAMAGED_WORKBOOK: lazy_gettext("The workbook is damaged or incomplete."),
    FileFault.UNPACKS_TOO_LARGE: lazy_gettext(
        "Unpacked, the workbook is larger than %(limit)s MB. Split it."
    ),
    FileFault.TOO_MANY_PARTS: lazy_gettext(
        "The workbook has more than %(limit)s parts. Keep only the sheet with the list."
    ),
    FileFault.FORBIDDEN_MARKUP: lazy_gettext(
        "The workbook holds instructions that do not belong in a table."
    ),
    FileFault.TOO_COMPLEX: lazy_gettext(
        "Reading the workbook takes too much memory or time. Keep only the sheet with the "
        "list, or save it as CSV."
    ),
    FileFault.NO_HEADER: lazy_gettext("The first %(within)s rows hold no header with %(columns)s."),
    FileFault.MISSING_COLUMNS: lazy_gettext(
        "The header in row %(row)s lacks these columns: %(columns)s."
    ),
    FileFault.COLUMN_TWICE: lazy_gettext(
        "Column %(column)s stands twice in the header in row %(row)s. Keep one of them."
    ),
}


def file_fault_words(error: UnreadableFile) -> LazyString:
    return LazyString(filled, FILE_FAULTS[error.fault], error.params)


def filled(template: LazyString, params: Mapping[str, Any]) -> str:
    """The words with their parameters, in the reader's language and notation of numbers."""
    shown = {
        name: format_decimal(value) if name == "limit" else value for name, value in params.items()
    }
    return str(template) % {
        name: ", ".join(value) if isinstance(value, tuple) else value
        for name, value in shown.items()
    }
