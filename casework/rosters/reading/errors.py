"""Why a cell of a roster cannot be taken; the words for it are in `rosters.labels`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CellProblem(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    WRONG_LENGTH = "wrong_length"
    NOT_DIGITS = "not_digits"
    ALL_ZERO = "all_zero"
    #: 1,27503E+15: ten of sixteen digits are gone, nothing can bring them back.
    SCIENTIFIC = "scientific"
    #: Sixteen digits as a number: a spreadsheet keeps fifteen.
    NUMBER_CELL = "number_cell"
    #: Sixteen digits with ten zeros at the end: somebody "repaired" a scientific number.
    DIGITS_LOST = "digits_lost"
    #: Ends in 0 like nearly all numbers of its column: a spreadsheet has cut them (`cut`).
    LAST_DIGIT_LOST = "last_digit_lost"
    NOT_A_DATE = "not_a_date"
    IMPOSSIBLE_DATE = "impossible_date"
    FUTURE_DATE = "future_date"
    DATE_TOO_EARLY = "date_too_early"
    NOT_A_COUNT = "not_a_count"
    COUNT_TOO_HIGH = "count_too_high"
    NOT_RT_RW = "not_rt_rw"
    TWICE_IN_FILE = "twice_in_file"
    #: Found only beside the households already known: NIK and No KK belong to two of them,
    TWO_HOUSEHOLDS = "two_households"
    #: or two rows, by different numbers, to one.
    SAME_HOUSEHOLD = "same_household"
    #: or the NIK is a family's in another regency.
    KNOWN_ELSEWHERE = "known_elsewhere"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_PLACE = "unknown_place"
    AMBIGUOUS_PLACE = "ambiguous_place"
    CODE_CONTRADICTS_NAME = "code_contradicts_name"


class CellFault(Exception):
    """A cell cannot be taken; caught by `rows.check_row`, which knows row and column."""

    def __init__(self, code: CellProblem, **params: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.params: Mapping[str, object] = params
