"""Why a condition is met or not: the reason in a form that can be worded, and its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.curriculum.rules import economics_lessons
from casework.economics.rules import Dated, LessonAttended
from casework.readiness.rules.instrument import (
    Condition,
    QuestionCondition,
    Signal,
    SignalCondition,
)
from casework.readiness.rules.standing import (
    Status,
    Subject,
    is_answer_valid,
    licences_held,
    percent_attended,
    status_of,
    whole_months,
    years_in_programme,
)


class ReasonCode(StrEnum):
    """What a reason says; its params stand behind each."""

    MONTHS_ATTENDED = "months_attended"  # attended, held, percent, limit
    TOO_FEW_MONTHS = "too_few_months"  # held, minimum
    #: The same by meetings, as rules of version 1 counted; of frozen assessments alone.
    ATTENDED = "attended"
    TOO_FEW_MEETINGS = "too_few_meetings"
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


def check(subject: Subject, condition: Condition) -> ConditionResult:
    if isinstance(condition, QuestionCondition):
        return _question(subject, condition)
    return _SIGNALS[condition.signal](subject, condition)


def _attendance(subject: Subject, condition: SignalCondition) -> ConditionResult:
    held, attended = subject.facts.attendance.held, subject.facts.attendance.attended
    status, percent = status_of(subject, condition), percent_attended(subject)
    if percent is None:
        params: Mapping[str, Param] = {
            "held": held,
            "minimum": subject.thresholds.minimum_months,
        }
        return ConditionResult(condition, status, ReasonCode.TOO_FEW_MONTHS, params)
    params = {
        "attended": attended,
        "held": held,
        "percent": percent,
        "limit": condition.limit,
    }
    return ConditionResult(condition, status, ReasonCode.MONTHS_ATTENDED, params)


def _lessons(subject: Subject, condition: SignalCondition) -> ConditionResult:
    done = {each.running_no for each in subject.lessons}
    missed = tuple(e.running_no for e in economics_lessons() if e.running_no not in done)
    params: dict[str, Param] = {"count": len(done), "limit": condition.limit}
    code = ReasonCode.LESSONS_ATTENDED
    if missed:
        code, params["lessons"] = ReasonCode.LESSONS_MISSED, missed
    status = status_of(subject, condition)
    return ConditionResult(condition, status, code, params, _taught(subject.lessons))


def _understood(subject: Subject, condition: SignalCondition) -> ConditionResult:
    good = tuple(each for each in subject.lessons if each.understood)
    open_ = tuple(each.running_no for each in subject.lessons if each.understood is None)
    status = status_of(subject, condition)
    params: dict[str, Param] = {"count": len(good), "limit": condition.limit}
    code = ReasonCode.LESSONS_UNDERSTOOD
    if status is Status.UNKNOWN:
        code, params["lessons"] = ReasonCode.UNDERSTANDING_NOT_ASSESSED, open_
    return ConditionResult(condition, status, code, params, _taught(good))


def _taught(lessons: tuple[LessonAttended, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence(EvidenceKind.LESSON, each.on, each.running_no) for each in lessons)


def _rungs(subject: Subject, condition: SignalCondition) -> ConditionResult:
    reached, possible = subject.height.reached, subject.height.possible
    status = status_of(subject, condition)
    params: dict[str, Param] = {"count": reached, "limit": condition.limit}
    code = ReasonCode.RUNGS_REACHED
    if status is Status.UNKNOWN:
        code, params["possible"] = ReasonCode.RUNGS_NOT_OBSERVED, possible
    return ConditionResult(condition, status, code, params)


def _enterprise(subject: Subject, condition: SignalCondition) -> ConditionResult:
    status = status_of(subject, condition)
    if not subject.running:
        return ConditionResult(condition, status, ReasonCode.NO_BUSINESS, {})
    since = subject.running[0].since_on
    months = whole_months(since, subject.as_of)
    params: Mapping[str, Param] = {"months": months, "limit": condition.limit, "on": since}
    evidence = (Evidence(EvidenceKind.ENTERPRISE, since),)
    return ConditionResult(condition, status, ReasonCode.BUSINESS_RUNNING, params, evidence)


def _licences(subject: Subject, condition: SignalCondition) -> ConditionResult:
    status = status_of(subject, condition)
    if not subject.running:
        return ConditionResult(condition, status, ReasonCode.NO_BUSINESS, {})
    params: Mapping[str, Param] = {"count": licences_held(subject), "limit": condition.limit}
    return ConditionResult(
        condition,
        status,
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
    status = status_of(subject, condition)
    if seen is None:
        return ConditionResult(condition, status, code_not_asked, {})
    evidence = (Evidence(EvidenceKind.OBSERVATION, seen.on),)
    if not seen.is_recent(subject.as_of):
        return ConditionResult(condition, status, code_old, {"on": seen.on}, evidence)
    params: Mapping[str, Param] = {"amount": seen.value, "limit": condition.limit, "on": seen.on}
    return ConditionResult(condition, status, code_seen, params, evidence)


def _years(subject: Subject, condition: SignalCondition) -> ConditionResult:
    since, years = subject.facts.member_since_year, years_in_programme(subject)
    status = status_of(subject, condition)
    if since is None or years is None:
        return ConditionResult(condition, status, ReasonCode.MEMBER_SINCE_UNKNOWN, {})
    params: Mapping[str, Param] = {"years": years, "limit": condition.limit, "since": since}
    return ConditionResult(condition, status, ReasonCode.MEMBER_FOR_YEARS, params)


def _question(subject: Subject, condition: QuestionCondition) -> ConditionResult:
    status = status_of(subject, condition)
    answer = subject.answers.get(condition.question)
    if answer is None or answer.on > subject.as_of:
        return ConditionResult(condition, status, ReasonCode.NOT_ANSWERED, {})
    code = ReasonCode.ANSWERED_YES if answer.value else ReasonCode.ANSWERED_NO
    if not is_answer_valid(subject, answer):
        code = ReasonCode.ANSWER_OUT_OF_DATE
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
