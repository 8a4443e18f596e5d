"""Whether a condition is met by what is known of a household; `measuring` says why.

Apart from the reasons, because a register that is saved asks for thirty families at once and
stores the verdict alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.economics.rules import Dated, Economy, EnterpriseFacts, Ladder, LessonAttended
from casework.readiness.rules.facts import Answer, HouseholdFacts
from casework.readiness.rules.instrument import (
    Condition,
    Indicator,
    QuestionCondition,
    Signal,
    SignalCondition,
    Thresholds,
)


class Status(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    #: Never counted as met.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Subject:
    """A household on a day, with what is worked out once and used by several signals."""

    facts: HouseholdFacts
    as_of: date
    thresholds: Thresholds
    answers: Mapping[str, Answer]
    #: Economics lessons attended by the day: the first time each, understood if ever so.
    lessons: tuple[LessonAttended, ...]
    economy: Economy
    ladder: Ladder
    running: tuple[EnterpriseFacts, ...]


def status_of_indicator(subject: Subject, indicator: Indicator) -> Status:
    return best([status_of(subject, each) for each in indicator.any_of])


def best(statuses: list[Status]) -> Status:
    """Of conditions of which one met is enough."""
    if Status.MET in statuses:
        return Status.MET
    return Status.UNKNOWN if Status.UNKNOWN in statuses else Status.NOT_MET


def status_of(subject: Subject, condition: Condition) -> Status:
    if isinstance(condition, QuestionCondition):
        return _of_question(subject, condition)
    return _OF_SIGNAL[condition.signal](subject, condition)


def whole_months(since: date, until: date) -> int:
    """Months completed between two days: from the 31st, a month ends on the next 1st at most."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if until.day >= since.day else months - 1


def percent_attended(subject: Subject) -> int | None:
    """None while too few meetings were held to tell."""
    held = subject.facts.attendance.held
    if held < max(subject.thresholds.minimum_meetings, 1):
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


def _between(condition: SignalCondition, low: int, high: int) -> Status:
    """Of a value that lies between what is known and what may turn out."""
    if condition.passes(low):
        return Status.MET
    return Status.UNKNOWN if condition.passes(high) else Status.NOT_MET


def _of_value(condition: SignalCondition, value: int | None) -> Status:
    if value is None:
        return Status.UNKNOWN
    return Status.MET if condition.passes(value) else Status.NOT_MET


def _of_amount(subject: Subject, condition: SignalCondition, seen: Dated[int] | None) -> Status:
    if seen is None or not seen.is_recent(subject.as_of):
        return Status.UNKNOWN
    return _of_value(condition, seen.value)


def _of_lessons(subject: Subject, condition: SignalCondition) -> Status:
    return _of_value(condition, len(subject.lessons))


def _of_understanding(subject: Subject, condition: SignalCondition) -> Status:
    good = sum(bool(each.understood) for each in subject.lessons)
    open_ = sum(each.understood is None for each in subject.lessons)
    return _between(condition, good, good + open_)


def _of_enterprise(subject: Subject, condition: SignalCondition) -> Status:
    if not subject.running:
        return Status.NOT_MET
    return _of_value(condition, whole_months(subject.running[0].since_on, subject.as_of))


def _of_licences(subject: Subject, condition: SignalCondition) -> Status:
    return _of_value(condition, licences_held(subject)) if subject.running else Status.NOT_MET


def _of_question(subject: Subject, condition: QuestionCondition) -> Status:
    answer = subject.answers.get(condition.question)
    if answer is None or answer.on > subject.as_of or not is_answer_valid(subject, answer):
        return Status.UNKNOWN
    return Status.MET if answer.value else Status.NOT_MET


_OF_SIGNAL: Mapping[Signal, Callable[[Subject, SignalCondition], Status]] = {
    Signal.ATTENDANCE: lambda subject, condition: _of_value(condition, percent_attended(subject)),
    Signal.ECONOMICS_LESSONS: _of_lessons,
    Signal.ECONOMICS_UNDERSTOOD: _of_understanding,
    Signal.LADDER_RUNGS: lambda subject, condition: _between(
        condition, subject.ladder.reached, subject.ladder.possible
    ),
    Signal.ENTERPRISE_MONTHS: _of_enterprise,
    Signal.INCOME: lambda subject, condition: _of_amount(
        subject, condition, subject.economy.income_per_month
    ),
    Signal.SAVINGS: lambda subject, condition: _of_amount(
        subject, condition, subject.economy.savings_total
    ),
    Signal.YEARS_ON_PROGRAMME: lambda subject, condition: _of_value(
        condition, years_in_programme(subject)
    ),
    Signal.LICENCES: _of_licences,
}
