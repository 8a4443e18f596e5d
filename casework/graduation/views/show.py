from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Conflict, Message, Refused
from casework.core.own_words import says_enough
from casework.core.transaction import transaction
from casework.graduation import actions, policy
from casework.graduation.forms import DecisionForm
from casework.graduation.policy import AlreadyNominated
from casework.graduation.queries.case import Case, load
from casework.graduation.queries.warning_signs import as_sent, warnings_of
from casework.graduation.rules import CHECKLIST, answer_by, days_waiting, is_overdue
from casework.graduation.states import EDITABLE, STEPS, NominationStatus, Step
from casework.graduation.views import blueprint
from casework.graduation.views.attempts import attempt
from casework.graduation.views.readiness_card import readiness_card
from casework.meetings.queries.oddities import oddities
from casework.meetings.rules import BACKDATING_DAYS
from casework.readiness.queries.assessment import judge_known
from casework.readiness.queries.facts import known_of
from casework.readiness.rules import (
    Basis,
)
from casework.web.flashes import Kind, flash
from casework.web.guard import require
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
    area_id, household_id = nomination.area_id, nomination.household_id
    known = known_of(area_id, [household_id], as_of=today)[household_id]
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
        is_as_returned=_is_as_returned(case, now_on),
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
        cautions=warnings,
        attendance=known.attendance,
        registers=oddities(
            nomination.area_id, nomination.household_id, as_of=today, time_zone=zone
        ),
        late_after=BACKDATING_DAYS,
        **readiness_card(
            shown,
            rests_on,
            status=nomination.status,
            frozen=frozen,
            current=current,
            now_on=now_on,
        ),
        answer_by=answer_by(nomination.first_submitted_at, actor.time_zone)
        if nomination.first_submitted_at
        else None,
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


def _is_as_returned(case: Case, now_on: Basis) -> bool:
    """Nothing was mended since: neither the nomination, which raises its version, nor what is on
    record of the family, be it what the supervisor asked for."""
    last = case.events[-1]
    return (
        case.nomination.status is NominationStatus.RETURNED
        and case.nomination.version == last.version
        and all(each.recorded_at <= last.at for each in now_on.records)
    )
