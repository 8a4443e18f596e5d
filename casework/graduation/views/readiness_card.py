"""What the page of a nomination says of readiness: as it was sent, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from casework.economics.labels import finding
from casework.economics.rules import RungStatus
from casework.graduation.states import NominationStatus
from casework.readiness.labels import (
    STATUSES,
    late_lines,
    late_tags,
    reason,
    recorded_late,
)
from casework.readiness.rules import (
    Assessment,
    Basis,
    IndicatorResult,
    Status,
    changes_since,
    evidence_of,
)
from casework.web.locale import day

#: Sent, and not effective yet: what changes meanwhile may still be weighed.
_STILL_CHANGES = (
    NominationStatus.SUBMITTED,
    NominationStatus.APPROVED,
    NominationStatus.FORWARDED,
)


def readiness_card(
    shown: Assessment,
    rests_on: Basis,
    *,
    status: NominationStatus,
    frozen: Assessment | None,
    current: Assessment,
    now_on: Basis,
) -> dict[str, Any]:
    """What `graduation/readiness.html` asks for. `rests_on`: the records behind what is `shown`."""
    return {
        "assessment": shown,
        "is_frozen": frozen is not None,
        "since": _since(frozen, current, now_on) if status in _STILL_CHANGES else None,
        "recorded_late": recorded_late(rests_on),
        "late_lines": late_lines(rests_on),
        "missing_rows": _lines(shown.missing, rests_on),
        "met_rows": _lines((e for e in shown.indicators if e.status is Status.MET), rests_on),
        "rungs": _rungs(shown, rests_on),
        "answer_rows": _answers(shown),
        "language": str(get_locale()),
    }


def _since(sent: Assessment | None, now: Assessment, rests_on: Basis) -> dict[str, Any] | None:
    """What stands otherwise than when the nomination was sent."""
    if sent is None:
        return None
    changes = changes_since(sent, now)
    rows = _lines((each.now for each in changes.indicators), rests_on)
    for row, each in zip(rows, changes.indicators, strict=True):
        given = {"before": _why(each.before), "now": row["reason"]}
        if each.before.status is each.now.status:
            row["reason"] = _("When sent: %(before)s Now: %(now)s", **given)
        else:
            was = STATUSES[each.before.status]
            row["reason"] = _("When sent: %(was)s. %(before)s Now: %(now)s", was=was, **given)
    return {"changes": changes, "rows": rows}


_STATES = {"met": "met", "not_met": "unmet", "unknown": "unknown"}


def _lines(indicators: Iterable[IndicatorResult], rests_on: Basis) -> list[dict[str, Any]]:
    """For the checklist: each indicator with its reasons."""
    language, obligatory = str(get_locale()), _("obligatory")
    return [
        {
            "text": each.indicator.text(language),
            "state": _STATES[each.status.value],
            "reason": _why(each) + (f" ({obligatory})" if each.indicator.is_gate else ""),
            "late": late_tags(rests_on, each.evidence),
        }
        for each in indicators
    ]


def _why(result: IndicatorResult) -> str:
    return " · ".join(str(reason(each)) for each in result.conditions)


def _answers(assessment: Assessment) -> list[dict[str, str]]:
    """All questions of the instrument, also those that only warn; none where they were not kept."""
    if not assessment.answers:
        return []
    language = str(get_locale())
    said = {
        each.question: _(
            "%(answer)s (%(day)s)", answer=_("Yes") if each.value else _("No"), day=day(each.on)
        )
        for each in assessment.answers
    }
    return [
        {"label": each.text(language), "value": said.get(each.id) or _("Not asked")}
        for each in assessment.instrument.questions
    ]


#: A rung as the checklist shows it: the sign and the word beside the reason.
_KNOWN = {
    RungStatus.REACHED: "met",
    RungStatus.NOT_REACHED: "unmet",
    RungStatus.NOT_KNOWN: "unknown",
}


def _rungs(assessment: Assessment, rests_on: Basis) -> list[dict[str, Any]]:
    upcoming = assessment.ladder.next
    return [
        {
            "rung": each.rung,
            "state": "done"
            if each.status.value == "reached"
            else "current"
            if each is upcoming
            else "ahead",
            "known": _KNOWN[each.status],
            "note": " ".join(str(finding(what)) for what in told),
            "late": late_tags(rests_on, evidence_of(told)),
        }
        for each in assessment.ladder.rungs
        # What is missing, or else what it is known by.
        for told in [each.missing or each.evidence]
    ]
