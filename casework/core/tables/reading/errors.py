"""Why a file cannot be taken; the words for it are in `core.tables.labels`."""

from __future__ import annotations

from enum import StrEnum

from casework.core.errors import CaseworkError


class FileFault(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    NO_ROWS = "no_rows"
    #: An old .xls, or a workbook with a password: both have the same outer form.
    LEGACY_WORKBOOK = "legacy_workbook"
    BINARY_WORKBOOK = "binary_workbook"
    MACROS = "macros"
    OPEN_DOCUMENT = "open_document"
    WEB_PAGE = "web_page"
    NOT_A_TABLE = "not_a_table"
    UNKNOWN_ENCODING = "unknown_encoding"
    BROKEN_QUOTES = "broken_quotes"
    DAMAGED_WORKBOOK = "damaged_workbook"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    TOO_MANY_PARTS = "too_many_parts"
    #: DOCTYPE or ENTITY: no spreadsheet program writes them, attackers do.
    FORBIDDEN_MARKUP = "forbidden_markup"
    #: The reader ran into its limit of memory or time.
    TOO_COMPLEX = "too_complex"
    NO_HEADER = "no_header"
    MISSING_COLUMNS = "missing_columns"
    COLUMN_TWICE = "column_twice"


class UnreadableFile(CaseworkError):
    """The file as a whole cannot be read; no row of it was looked at."""

    status = 422

    def __init__(self, fault: FileFault, **params: object) -> None:
        super().__init__(fault.value, code=fault.value)
        self.fault = fault
        self.params = params
