"""From the code and the values of a reason to a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString, gettext, ngettext

from casework.readiness.rules import (
    ConditionResult,
    Evidence,
    EvidenceKind,
    Operator,
    ReasonCode,
    SignalCondition,
)
from casework.web.locale import day, rupiah


def reason(result: ConditionResult) -> LazyString:
    """Why a condition is met, not met or not known, with what was asked for."""
    return LazyString(_reason, result)


def evidence(record: Evidence) -> LazyString:
    """The record a value comes from, in a few words."""
    return LazyString(_evidence, record)


def _evidence(record: Evidence) -> str:
    on = day(record.on)
    if record.kind is EvidenceKind.LESSON:
        return gettext("Lesson %(no)s on %(day)s", no=record.lesson, day=on)
    if record.kind is EvidenceKind.ENTERPRISE:
        return gettext("Business since %(day)s", day=on)
    if record.kind is EvidenceKind.ANSWER:
        return gettext("Facilitator's answer of %(day)s", day=on)
    return gettext("Observation of %(day)s", day=on)


def _reason(result: ConditionResult) -> str:
    params: dict[str, Any] = dict(result.params)
    if isinstance(result.condition, SignalCondition) and "limit" in params:
        params["asked"] = _asked(result.condition, params["limit"])
    return _SENTENCES[result.code](params)


def _asked(condition: SignalCondition, limit: int) -> str:
    words = _UNITS.get(condition.signal.value, str)(limit)
    if condition.operator is Operator.ABOVE:
        return gettext("Asked: more than %(limit)s.", limit=words)
    return gettext("Asked: at least %(limit)s.", limit=words)


#: How a limit is written, where it is no plain number.
_UNITS: Mapping[str, Callable[[int], str]] = {
    "attendance": lambda limit: f"{limit}%",
    "enterprise_months": lambda limit: ngettext("%(num)d month", "%(num)d months", limit),
    "years_on_programme": lambda limit: ngettext("%(num)d year", "%(num)d years", limit),
    "income": rupiah,
    "savings": rupiah,
}


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(str(each) for each in numbers)


def _attended(p: dict[str, Any]) -> str:
    return gettext(
        "Attended %(attended)s of %(held)s meetings in twelve months (%(percent)s%%). %(asked)s",
        **p,
    )


def _too_few_meetings(p: dict[str, Any]) -> str:
    return gettext(
        "Meetings on record in twelve months: %(held)s; %(minimum)s are needed to tell.", **p
    )


def _months_attended(p: dict[str, Any]) -> str:
    return gettext(
        "Present in %(attended)s of the %(held)s months with a meeting (%(percent)s%%). %(asked)s",
        **p,
    )


def _too_few_months(p: dict[str, Any]) -> str:
    return gettext(
        "Months with a meeting, of twelve: %(held)s; %(minimum)s are needed to tell.", **p
    )


def _lessons_attended(p: dict[str, Any]) -> str:
    return gettext("Economics lessons attended: %(count)s. %(asked)s", **p)


def _lessons_missed(p: dict[str, Any]) -> str:
    p["lessons"] = _listed(p["lessons"])
    return gettext("Economics lessons attended: %(count)s; missing: %(lessons)s. %(asked)s", **p)


def _understood(p: dict[str, Any]) -> str:
    return gettext("Economics lessons understood well: %(count)s. %(asked)s", **p)


def _not_assessed(p: dict[str, Any]) -> str:
    p["lessons"] = _listed(p["lessons"])
    return gettext(
        "Economics lessons understood well: %(count)s; not assessed: %(lessons)s. %(asked)s",
        **p,
    )


def _rungs(p: dict[str, Any]) -> str:
    return gettext("Reached %(count)s of 4 steps of the ladder. %(asked)s", **p)


def _rungs_open(p: dict[str, Any]) -> str:
    return gettext(
        "Reached %(count)s of 4 steps of the ladder; up to %(possible)s once the family is asked. "
        "%(asked)s",
        **p,
    )


def _business(p: dict[str, Any]) -> str:
    return ngettext(
        "Business running for %(num)d month, since %(day)s. %(asked)s",
        "Business running for %(num)d months, since %(day)s. %(asked)s",
        p["months"],
        day=day(p["on"]),
        asked=p["asked"],
    )


def _licences(p: dict[str, Any]) -> str:
    if not p["count"]:
        return gettext("The business has no licence on record. %(asked)s", **p)
    return gettext("Kinds of licence of the business: %(count)s. %(asked)s", **p)


def _income(p: dict[str, Any]) -> str:
    p |= {"amount": rupiah(p["amount"]), "day": day(p["on"])}
    return gettext("Income %(amount)s a month, seen on %(day)s. %(asked)s", **p)


def _savings(p: dict[str, Any]) -> str:
    p |= {"amount": rupiah(p["amount"]), "day": day(p["on"])}
    return gettext("Savings %(amount)s, seen on %(day)s. %(asked)s", **p)


def _years(p: dict[str, Any]) -> str:
    return ngettext(
        "On the programme since %(since)s (%(num)d year). %(asked)s",
        "On the programme since %(since)s (%(num)d years). %(asked)s",
        p["years"],
        since=p["since"],
        asked=p["asked"],
    )


_SENTENCES: Mapping[str, Callable[[dict[str, Any]], str]] = {
    ReasonCode.MONTHS_ATTENDED.value: _months_attended,
    ReasonCode.TOO_FEW_MONTHS.value: _too_few_months,
    ReasonCode.ATTENDED.value: _attended,
    ReasonCode.TOO_FEW_MEETINGS.value: _too_few_meetings,
    ReasonCode.LESSONS_ATTENDED.value: _lessons_attended,
    ReasonCode.LESSONS_MISSED.value: _lessons_missed,
    ReasonCode.LESSONS_UNDERSTOOD.value: _understood,
    ReasonCode.UNDERSTANDING_NOT_ASSESSED.value: _not_assessed,
    ReasonCode.RUNGS_REACHED.value: _rungs,
    ReasonCode.RUNGS_NOT_OBSERVED.value: _rungs_open,
    ReasonCode.BUSINESS_RUNNING.value: _business,
    ReasonCode.NO_BUSINESS.value: lambda p: gettext("No running business on record."),
    ReasonCode.LICENCES_HELD.value: _licences,
    ReasonCode.INCOME_SEEN.value: _income,
    ReasonCode.INCOME_NOT_ASKED.value: lambda p: gettext("Income not asked yet."),
    ReasonCode.INCOME_OUT_OF_DATE.value: lambda p: gettext(
        "Income last asked on %(day)s, more than a year ago. Ask again.", day=day(p["on"])
    ),
    ReasonCode.SAVINGS_SEEN.value: _savings,
    ReasonCode.SAVINGS_NOT_ASKED.value: lambda p: gettext("Savings not asked yet."),
    ReasonCode.SAVINGS_OUT_OF_DATE.value: lambda p: gettext(
        "Savings last asked on %(day)s, more than a year ago. Ask again.", day=day(p["on"])
    ),
    ReasonCode.MEMBER_FOR_YEARS.value: _years,
    ReasonCode.MEMBER_SINCE_UNKNOWN.value: lambda p: gettext("Year of entry not recorded."),
    ReasonCode.ANSWERED_YES.value: lambda p: gettext("Answered yes on %(day)s.", day=day(p["on"])),
    ReasonCode.ANSWERED_NO.value: lambda p: gettext("Answered no on %(day)s.", day=day(p["on"])),
    ReasonCode.NOT_ANSWERED.value: lambda p: gettext("Question not answered yet."),
    ReasonCode.ANSWER_OUT_OF_DATE.value: lambda p: gettext(
        "Answered on %(day)s, too long ago. Ask again.", day=day(p["on"])
    ),
}
