"""What each signal says of a household, and the reason in a form that can be worded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.curriculum.rules import economics_lessons
from casework.economics.rules import (
    Dated,
    Economy,
    EnterpriseFacts,
    Ladder,
    LessonAttended,
)
from casework.readiness.rules.facts import Answer, HouseholdFacts
from casework.readiness.rules.instrument import (
    Condition,
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


class ReasonCode(StrEnum):
    """What a reason says; its params stand behind each."""

    ATTENDED = "attended"  # attended, held, percent, limit
    TOO_FEW_MEETINGS = "too_few_meetings"  # held, minimum
    LESSONS_ATTENDED = "lessons_attended"  # count, limit
    LESSONS_MISSED = "lessons_missed"  # count, limit, lessons (running numbers)
    LESSONS_UNDERSTOOD = "lessons_understood"  # count, limit
    UNDERSTANDING_NOT_ASSESSED = "understanding_not_assessed"  # count, limit, lessons
    RUNGS_REACHED = "rungs_reached"  # count, limit
    RUNGS_NOT_OBSERVED = "rungs_not_observed"  # count, possible, limit
    BUSINESS_RUNNING = "business_running"  # months, limit, on
    NO_BUSINESS = "no_business"
    LICENCES_HELD = "licences_held"  # count, limit
    INCOME_SEEN = "income_seen"  # amount, limit, on
    INCOME_NOT_ASKED = "income_not_asked"
    INCOME_OUT_OF_DATE = "income_out_of_date"  # on
    SAVINGS_SEEN = "savings_seen"  # amount, limit, on
    SAVINGS_NOT_ASKED = "savings_not_asked"
    SAVINGS_OUT_OF_DATE = "savings_out_of_date"  # on
    MEMBER_FOR_YEARS = "member_for_years"  # years, limit, since
    MEMBER_SINCE_UNKNOWN = "member_since_unknown"
    ANSWERED_YES = "answered_yes"  # on
    ANSWERED_NO = "answered_no"  # on
    NOT_ANSWERED = "not_answered"
    ANSWER_OUT_OF_DATE = "answer_out_of_date"  # on


Param = int | date | tuple[int, ...]


class EvidenceKind(StrEnum):
    LESSON = "lesson"
    OBSERVATION = "observation"
    ENTERPRISE = "enterprise"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The record a value comes from."""

    kind: EvidenceKind
    on: date
    #: Running number, of a lesson.
    lesson: int | None = None


@dataclass(frozen=True, slots=True)
class ConditionResult:
    condition: Condition
    status: Status
    code: ReasonCode
    params: Mapping[str, Param]
    evidence: tuple[Evidence, ...] = ()


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


def check(subject: Subject, condition: Condition) -> ConditionResult:
    if isinstance(condition, QuestionCondition):
        return _question(subject, condition)
    return _SIGNALS[condition.signal](subject, condition)


def whole_months(since: date, until: date) -> int:
    """Months completed between two days: from the 31st, a month ends on the next 1st at most."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if until.day >= since.day else months - 1


def _between(condition: SignalCondition, low: int, high: int) -> Status:
    """Of a value that lies between what is known and what may turn out."""
    if condition.passes(low):
        return Status.MET
    return Status.UNKNOWN if condition.passes(high) else Status.NOT_MET


def _attendance(subject: Subject, condition: SignalCondition) -> ConditionResult:
    held, attended = subject.facts.attendance.held, subject.facts.attendance.attended
    minimum = subject.thresholds.minimum_meetings
    if held < max(minimum, 1):
        params: Mapping[str, Param] = {"held": held, "minimum": minimum}
        return ConditionResult(condition, Status.UNKNOWN, ReasonCode.TOO_FEW_MEETINGS, params)
    # 79.9 percent is shown as 79 and is not 80: whole percents, rounded down.
    percent = attended * 100 // held
    params = {
        "attended": attended,
        "held": held,
        "percent": percent,
        "limit": condition.limit,
    }
    status = _between(condition, percent, percent)
    return ConditionResult(condition, status, ReasonCode.ATTENDED, params)


def _lessons(subject: Subject, condition: SignalCondition) -> ConditionResult:
    done = {each.running_no for each in subject.lessons}
    missed = tuple(e.running_no for e in economics_lessons() if e.running_no not in done)
    params: dict[str, Param] = {"count": len(done), "limit": condition.limit}
    code = ReasonCode.LESSONS_ATTENDED
    if missed:
        code, params["lessons"] = ReasonCode.LESSONS_MISSED, missed
    status = _between(condition, len(done), len(done))
    return ConditionResult(condition, status, code, params, _taught(subject.lessons))


def _understood(subject: Subject, condition: SignalCondition) -> ConditionResult:
    good = tuple(each for each in subject.lessons if each.understood)
    open_ = tuple(each.running_no for each in subject.lessons if each.understood is None)
    status = _between(condition, len(good), len(good) + len(open_))
    params: dict[str, Param] = {"count": len(good), "limit": condition.limit}
    code = ReasonCode.LESSONS_UNDERSTOOD
    if status is Status.UNKNOWN:
        code, params["lessons"] = ReasonCode.UNDERSTANDING_NOT_ASSESSED, open_
    return ConditionResult(condition, status, code, params, _taught(good))


def _taught(lessons: tuple[LessonAttended, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence(EvidenceKind.LESSON, each.on, each.running_no) for each in lessons)


def _rungs(subject: Subject, condition: SignalCondition) -> ConditionResult:
    reached, possible = subject.ladder.reached, subject.ladder.possible
    status = _between(condition, reached, possible)
    params: dict[str, Param] = {"count": reached, "limit": condition.limit}
    code = ReasonCode.RUNGS_REACHED
    if status is Status.UNKNOWN:
        code, params["possible"] = ReasonCode.RUNGS_NOT_OBSERVED, possible
    return ConditionResult(condition, status, code, params)


def _enterprise(subject: Subject, condition: SignalCondition) -> ConditionResult:
    if not subject.running:
        return ConditionResult(condition, Status.NOT_MET, ReasonCode.NO_BUSINESS, {})
    since = subject.running[0].since_on
    months = whole_months(since, subject.as_of)
    params: Mapping[str, Param] = {"months": months, "limit": condition.limit, "on": since}
    return ConditionResult(
        condition,
        _between(condition, months, months),
        ReasonCode.BUSINESS_RUNNING,
        params,
        (Evidence(EvidenceKind.ENTERPRISE, since),),
    )


def _licences(subject: Subject, condition: SignalCondition) -> ConditionResult:
    if not subject.running:
        return ConditionResult(condition, Status.NOT_MET, ReasonCode.NO_BUSINESS, {})
    held = len({licence for each in subject.running for licence in each.licences})
    params: Mapping[str, Param] = {"count": held, "limit": condition.limit}
    return ConditionResult(
        condition,
        _between(condition, held, held),
        ReasonCode.LICENCES_HELD,
        params,
        tuple(Evidence(EvidenceKind.ENTERPRISE, e.since_on) for e in subject.running if e.licences),
    )


def _income(subject: Subject, condition: SignalCondition) -> ConditionResult:
    return _amount(
        subject,
        condition,
        subject.economy.income_per_month,
        (
            ReasonCode.INCOME_SEEN,
            ReasonCode.INCOME_NOT_ASKED,
            ReasonCode.INCOME_OUT_OF_DATE,
        ),
    )


def _savings(subject: Subject, condition: SignalCondition) -> ConditionResult:
    return _amount(
        subject,
        condition,
        subject.economy.savings_total,
        (
            ReasonCode.SAVINGS_SEEN,
            ReasonCode.SAVINGS_NOT_ASKED,
            ReasonCode.SAVINGS_OUT_OF_DATE,
        ),
    )


def _amount(
    subject: Subject,
    condition: SignalCondition,
    seen: Dated[int] | None,
    codes: tuple[ReasonCode, ReasonCode, ReasonCode],
) -> ConditionResult:
    code_seen, code_not_asked, code_old = codes
    if seen is None:
        return ConditionResult(condition, Status.UNKNOWN, code_not_asked, {})
    evidence = (Evidence(EvidenceKind.OBSERVATION, seen.on),)
    if not seen.is_recent(subject.as_of):
        return ConditionResult(condition, Status.UNKNOWN, code_old, {"on": seen.on}, evidence)
    params: Mapping[str, Param] = {"amount": seen.value, "limit": condition.limit, "on": seen.on}
    status = _between(condition, seen.value, seen.value)
    return ConditionResult(condition, status, code_seen, params, evidence)


def _years(subject: Subject, condition: SignalCondition) -> ConditionResult:
    since = subject.facts.member_since_year
    if since is None or since > subject.as_of.year:
        return ConditionResult(condition, Status.UNKNOWN, ReasonCode.MEMBER_SINCE_UNKNOWN, {})
    years = subject.as_of.year - since
    params: Mapping[str, Param] = {"years": years, "limit": condition.limit, "since": since}
    status = _between(condition, years, years)
    return ConditionResult(condition, status, ReasonCode.MEMBER_FOR_YEARS, params)


def _question(subject: Subject, condition: QuestionCondition) -> ConditionResult:
    answer = subject.answers.get(condition.question)
    if answer is None or answer.on > subject.as_of:
        return ConditionResult(condition, Status.UNKNOWN, ReasonCode.NOT_ANSWERED, {})
    valid_from = subject.as_of - timedelta(days=subject.thresholds.answers_valid_days)
    if answer.on < valid_from:
        status, code = Status.UNKNOWN, ReasonCode.ANSWER_OUT_OF_DATE
    elif answer.value:
        status, code = Status.MET, ReasonCode.ANSWERED_YES
    else:
        status, code = Status.NOT_MET, ReasonCode.ANSWERED_NO
    evidence = (Evidence(EvidenceKind.ANSWER, answer.on),)
    return ConditionResult(condition, status, code, {"on": answer.on}, evidence)


_SIGNALS: Mapping[Signal, Callable[[Subject, SignalCondition], ConditionResult]] = {
    Signal.ATTENDANCE: _attendance,
    Signal.ECONOMICS_LESSONS: _lessons,
    Signal.ECONOMICS_UNDERSTOOD: _understood,
    Signal.LADDER_RUNGS: _rungs,
    Signal.ENTERPRISE_MONTHS: _enterprise,
    Signal.INCOME: _income,
    Signal.SAVINGS: _savings,
    Signal.YEARS_ON_PROGRAMME: _years,
    Signal.LICENCES: _licences,
}
