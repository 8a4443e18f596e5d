"""What is known of a household: all that readiness is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from casework.economics.rules import EnterpriseFacts, LessonAttended, ObservationFacts


@dataclass(frozen=True, slots=True)
class AttendanceYear:
    """Of the twelve months up to the day's: with a register for the household, with it present."""

    held: int
    attended: int

    def __post_init__(self) -> None:
        if not 0 <= self.attended <= self.held:
            raise ValueError(f"attended in {self.attended} of {self.held} months")


class Components(NamedTuple):
    """Members who make the family eligible, by kind, as far as readiness asks."""

    pregnant: int = 0
    disability: int = 0
    elderly: int = 0
    #: Children of any age and all other kinds.
    others: int = 0


class HouseholdFacts(NamedTuple):
    """Facts later than the day asked about may stand in it: they are left out.

    Only `attendance` is counted beforehand, for that day.
    """

    attendance: AttendanceYear
    #: Attended lessons; those outside the economics module are ignored.
    lessons: tuple[LessonAttended, ...] = ()
    observations: tuple[ObservationFacts, ...] = ()
    enterprises: tuple[EnterpriseFacts, ...] = ()
    member_since_year: int | None = None
    components: Components | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One filled-in list of questions."""

    answered_on: date
    recorded_at: datetime
    answers: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Answer:
    value: bool
    on: date


def latest_answers(checks: Iterable[Check], as_of: date) -> dict[str, Answer]:
    """The last answer to each question up to a day, in whatever order the checks come.

    Of two recorded at the same moment a no counts.
    """
    found: dict[str, tuple[date, datetime, bool]] = {}
    for check in checks:
        if check.answered_on > as_of:
            continue
        for question, value in check.answers.items():
            rank = (check.answered_on, check.recorded_at, not value)
            if question not in found or rank > found[question]:
                found[question] = rank
    return {question: Answer(not no, on) for question, (on, _, no) in found.items()}
