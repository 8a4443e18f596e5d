"""Whether a condition is met by what is known of a household; `measuring` says why.

Apart from the reasons, because a register that is saved asks for thirty families at once and
stores the verdict alone. A condition becomes a function once, and tells many families apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from casework.economics.rules import Dated, Economy, EnterpriseFacts, Height, LessonAttended
from casework.readiness.rules.facts import Answer, HouseholdFacts
from casework.readiness.rules.instrument import (
    Condition,
    Indicator,
    QuestionCondition,
    Signal,
    Thresholds,
)


class Status(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    #: Never counted as met.
    UNKNOWN = "unknown"


class Subject(NamedTuple):
    """A household on a day, with what is worked out once and used by several signals."""

    facts: HouseholdFacts
    as_of: date
    thresholds: Thresholds
    answers: Mapping[str, Answer]
    #: Economics lessons attended by the day: the first time each, understood if ever so.
    lessons: tuple[LessonAttended, ...]
    economy: Economy
    height: Height
    running: tuple[EnterpriseFacts, ...]


Teller = Callable[[Subject], Status]


def teller_of_indicator(indicator: Indicator) -> Teller:
    tellers = [teller(each) for each in indicator.any_of]
    if len(tellers) == 1:
        return tellers[0]
    return lambda subject: best([tell(subject) for tell in tellers])


def best(statuses: list[Status]) -> Status:
    """Of conditions of which one met is enough."""
    if _MET in statuses:
        return _MET
    return _UNKNOWN if _UNKNOWN in statuses else _NOT_MET


def teller(condition: Condition) -> Teller:
    """What tells of any household whether it meets the condition."""
    if isinstance(condition, QuestionCondition):
        return _of_question(condition.question)
    return _OF_SIGNAL[condition.signal](condition.passes)


def status_of(subject: Subject, condition: Condition) -> Status:
    return teller(condition)(subject)


def whole_months(since: date, until: date) -> int:
    """Months completed between two days: from the 31st, a month ends on the next 1st at most."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if until.day >= since.day else months - 1


def percent_attended(subject: Subject) -> int | None:
    """None while the family was met in too few months to tell."""
    held = subject.facts.attendance.held
    if held < max(subject.thresholds.minimum_months, 1):
        return None
    # 79.9 percent is shown as 79 and is not 80: whole percents, rounded down.
    return subject.facts.attendance.attended * 100 // held


def years_in_programme(subject: Subject) -> int | None:
    since = subject.facts.member_since_year
    return None if since is None or since > subject.as_of.year else subject.as_of.year - since


def licences_held(subject: Subject) -> int:
    return len({licence for each in subject.running for licence in each.licences})


def is_answer_valid(subject: Subject, answer: Answer) -> bool:
    valid_from = subject.as_of - timedelta(days=subject.thresholds.answers_valid_days)
    return answer.on >= valid_from


_MET, _NOT_MET, _UNKNOWN = Status.MET, Status.NOT_MET, Status.UNKNOWN

_Passes = Callable[[int], bool]


def _between(passes: _Passes, low: int, high: int) -> Status:
    """Of a value that lies between what is known and what may turn out."""
    if passes(low):
        return _MET
    return _UNKNOWN if passes(high) else _NOT_MET


def _of_value(value: Callable[[Subject], int | None]) -> Callable[[_Passes], Teller]:
    """Of a value that is known or is not."""

    def bound(passes: _Passes) -> Teller:
        def tell(subject: Subject) -> Status:
            found = value(subject)
            if found is None:
                return _UNKNOWN
            return _MET if passes(found) else _NOT_MET

        return tell

    return bound


def _recent(seen: Dated[int] | None, as_of: date) -> int | None:
    return seen.value if seen is not None and seen.is_recent(as_of) else None


def _of_business(value: Callable[[Subject], int]) -> Callable[[_Passes], Teller]:
    """Of a value that only a family with a business has, however low the limit."""

    def bound(passes: _Passes) -> Teller:
        def tell(subject: Subject) -> Status:
            return _MET if subject.running and passes(value(subject)) else _NOT_MET

        return tell

    return bound


def _of_understanding(passes: _Passes) -> Teller:
    def tell(subject: Subject) -> Status:
        good = open_ = 0
        for each in subject.lessons:
            if each.understood is None:
                open_ += 1
            elif each.understood:
                good += 1
        return _between(passes, good, good + open_)

    return tell


def _of_ladder(passes: _Passes) -> Teller:
    return lambda subject: _between(passes, subject.height.reached, subject.height.possible)


def _of_question(question: str) -> Teller:
    def tell(subject: Subject) -> Status:
        answer = subject.answers.get(question)
        if answer is None or answer.on > subject.as_of or not is_answer_valid(subject, answer):
            return _UNKNOWN
        return _MET if answer.value else _NOT_MET

    return tell


_OF_SIGNAL: Mapping[Signal, Callable[[_Passes], Teller]] = {
    Signal.ATTENDANCE: _of_value(percent_attended),
    Signal.ECONOMICS_LESSONS: _of_value(lambda subject: len(subject.lessons)),
    Signal.ECONOMICS_UNDERSTOOD: _of_understanding,
    Signal.LADDER_RUNGS: _of_ladder,
    Signal.ENTERPRISE_MONTHS: _of_business(
        lambda subject: whole_months(subject.running[0].since_on, subject.as_of)
    ),
    Signal.INCOME: _of_value(
        lambda subject: _recent(subject.economy.income_per_month, subject.as_of)
    ),
    Signal.SAVINGS: _of_value(
        lambda subject: _recent(subject.economy.savings_total, subject.as_of)
    ),
    Signal.YEARS_ON_PROGRAMME: _of_value(years_in_programme),
    Signal.LICENCES: _of_business(licences_held),
}
