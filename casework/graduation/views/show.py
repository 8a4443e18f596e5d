from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Conflict, Message, Refused
from casework.core.own_words import says_enough
from casework.core.transaction import transaction
from casework.economics.labels import finding
from casework.economics.rules import RungStatus
from casework.graduation import actions, policy
from casework.graduation.forms import DecisionForm
from casework.graduation.policy import AlreadyNominated
from casework.graduation.queries.case import Case, load
from casework.graduation.queries.warning_signs import as_sent, warnings_of
from casework.graduation.rules import CHECKLIST, answer_by, days_waiting, is_overdue
from casework.graduation.states import EDITABLE, STEPS, NominationStatus, Step
from casework.graduation.views import blueprint
from casework.graduation.views.attempts import attempt
from casework.meetings.queries.oddities import oddities
from casework.meetings.rules import BACKDATING_DAYS
from casework.readiness.labels import STATUSES, late_tags, reason, recorded_late
from casework.readiness.queries.assessment import judge_known
from casework.readiness.queries.facts import known_of
from casework.readiness.rules import (
    Assessment,
    Basis,
    IndicatorResult,
    Status,
    changes_since,
    evidence_of,
)
from casework.web.flashes import Kind, flash
from casework.web.guard import require
from casework.web.locale import day
from casework.web.login import current_actor


@blueprint.post("/new/<uuid:household_id>")
@require(Permission.NOMINATION_MAKE)
def draft(household_id: uuid.UUID) -> ResponseReturnValue:
    """Begin, or go on with what is under way: pressing twice makes one nomination."""
    try:
        with transaction():
            nomination_id = actions.draft(current_actor(), household_id)
    except AlreadyNominated as already:
        nomination_id = already.nomination_id
        flash(Kind.NOTICE, already.message)
    return redirect(url_for("graduation.show", nomination_id=nomination_id), code=303)


@blueprint.get("/<uuid:nomination_id>")
@require(Permission.NOMINATION_READ)
def show(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """The facilitator's list of what is to do, the supervisor's page to decide on, and
    everybody's page to read."""
    return page(current_actor(), load(current_actor(), nomination_id), DecisionForm(formdata=None))


@blueprint.post("/<uuid:nomination_id>/submit")
@require(Permission.NOMINATION_MAKE)
def submit(nomination_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    try:
        with attempt(actor, nomination_id, Step.SUBMIT):
            actions.submit(actor, nomination_id)
    except (Refused, Conflict) as refused:
        form = DecisionForm(formdata=None)
        form.add_problems(refused)
        return page(actor, load(actor, nomination_id), form, refused.status)
    flash_submitted(actor, nomination_id)
    return redirect(url_for("graduation.show", nomination_id=nomination_id), code=303)


def flash_submitted(actor: Actor, nomination_id: uuid.UUID) -> None:
    flash(
        Kind.DONE,
        _(
            "Nomination of %(name)s sent.",
            name=load(actor, nomination_id).household.caretaker_name,
        ),
    )


@dataclass(frozen=True)
class Task:
    """A line of the facilitator's list."""

    title: str
    url: str
    is_done: bool
    note: str = ""


def page(
    actor: Actor,
    case: Case,
    form: DecisionForm,
    status: int = 200,
    *,
    errors: Mapping[str, Sequence[Message]] | None = None,
) -> tuple[str, int]:
    """`errors`: id of an element of the page -> what is to be put right there."""
    nomination = case.nomination
    now = clock.now()
    today = clock.today(case.household.time_zone)
    ids = [nomination.household_id]
    known = known_of(nomination.area_id, ids, as_of=today)[nomination.household_id]
    current = judge_known(known, as_of=today)
    frozen = as_sent(case)
    shown = frozen or current
    zone = case.household.time_zone
    now_on = known.basis(current, zone)
    rests_on = known.basis(frozen, zone, nomination.submitted_at) if frozen else now_on
    waits = nomination.status is NominationStatus.SUBMITTED
    warnings = warnings_of(frozen, current) if waits else shown.cautions
    form.warnings.data = " ".join(warnings)
    form.version.data = str(nomination.version)
    decides = actor.may(Permission.NOMINATION_DECIDE)
    never = policy.reason_never_to_decide(actor, case) if decides and waits else None
    unopened = policy.unopened_evidence(case)
    records = actor.may(Permission.OUTCOME_RECORD)
    is_established = (nomination.status, Step.REVERSE) in STEPS
    not_to_reverse = policy.reason_not_to_reverse(actor, case) if records else None
    return render_template(
        "graduation/show.html",
        case=case,
        nomination=nomination,
        household=case.household,
        form=form,
        editable=policy.reason_not_to_edit(actor, case) is None,
        tasks=_tasks(case) if nomination.status in EDITABLE else [],
        # Whatever is mended raises the version.
        is_as_returned=nomination.status is NominationStatus.RETURNED
        and nomination.version == case.events[-1].version,
        to_do=policy.hindrances_to_submit(case) if nomination.status in EDITABLE else [],
        may_withdraw=policy.reason_not_to_withdraw(actor, case) is None,
        answers=records and policy.reason_not_to_answer(actor, case) is None,
        reverses=records and not_to_reverse is None,
        # Said only where it could be reversed, and who looks is the one who may not.
        not_to_reverse=not_to_reverse if is_established else None,
        decides=decides and waits,
        to_queue=decides and not waits,
        never=never,
        unopened=unopened,
        errors=errors,
        # The box is there once nothing hinders any more, so that nothing written can be refused
        # for what was to be done before.
        writes=decides and waits and never is None and unopened is None,
        days=days_waiting(nomination.first_submitted_at, now)
        if nomination.first_submitted_at
        else None,
        overdue=waits
        and nomination.first_submitted_at is not None
        and is_overdue(nomination.first_submitted_at, now),
        assessment=shown,
        is_frozen=frozen is not None,
        cautions=warnings,
        since=_since(frozen, current, now_on) if nomination.status in _STILL_CHANGES else None,
        attendance=known.attendance,
        registers=oddities(
            nomination.area_id, nomination.household_id, as_of=today, time_zone=zone
        ),
        late_after=BACKDATING_DAYS,
        answer_by=answer_by(nomination.first_submitted_at, actor.time_zone)
        if nomination.first_submitted_at
        else None,
        recorded_late=recorded_late(rests_on),
        missing_rows=_lines(shown.missing, rests_on),
        met_rows=_lines((e for e in shown.indicators if e.status is Status.MET), rests_on),
        rungs=_rungs(shown, rests_on),
        answer_rows=_answers(shown),
        language=str(get_locale()),
    ), status


def _tasks(case: Case) -> list[Task]:
    nomination = case.nomination
    done = sum(kind in {each.kind for each in case.evidence} for kind in CHECKLIST)
    return [
        Task(
            _("The family's statement"),
            url_for("graduation.statement", nomination_id=nomination.id),
            case.has_consent,
        ),
        Task(
            _("Evidence"),
            url_for("graduation.evidence", nomination_id=nomination.id),
            done == len(CHECKLIST),
            _("%(done)s of %(all)s added", done=done, all=len(CHECKLIST)),
        ),
        Task(
            _("The facilitator's note"),
            url_for("graduation.note", nomination_id=nomination.id),
            says_enough(nomination.note),
        ),
    ]


#: Sent, and not effective yet: what changes meanwhile may still be weighed.
_STILL_CHANGES = (
    NominationStatus.SUBMITTED,
    NominationStatus.APPROVED,
    NominationStatus.FORWARDED,
)


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
