"""Why a row of a file of outcomes cannot be taken; the words are in `graduation.labels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class OutcomeFault(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    #: A spreadsheet keeps 15 of 16 digits of a number.
    CUT = "cut"
    NOT_AN_OUTCOME = "not_an_outcome"
    NOT_A_STAGE = "not_a_stage"
    #: "2027-1" typed into a spreadsheet becomes a day of January.
    STAGE_IS_A_DATE = "stage_is_a_date"
    IMPOSSIBLE_STAGE = "impossible_stage"
    #: No number in the row at all.
    NOBODY = "nobody"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    NOT_IN_BATCH = "not_in_batch"
    TWO_FAMILIES = "two_families"
    TWICE = "twice"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    #: Whoever brings the file documented the nomination.
    OWN = "own"


@dataclass(frozen=True, slots=True)
class OutcomeProblem:
    row: int
    #: The column's name as the file writes it.
    column: str
    #: What stands there; personal numbers masked.
    value: str
    code: OutcomeFault
    params: Mapping[str, object] = field(default_factory=dict)
