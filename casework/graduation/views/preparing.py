from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.core import clock
from casework.core.own_words import says_enough
from casework.core.transaction import transaction
from casework.graduation import actions, policy
from casework.graduation.forms import NoteForm, StatementForm, WithdrawForm
from casework.graduation.queries.case import Case, load
from casework.graduation.rules import missing_evidence
from casework.graduation.states import ConsentGiven, Step
from casework.graduation.views import blueprint
from casework.graduation.views.attempts import attempt
from casework.graduation.views.show import flash_submitted
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/<uuid:nomination_id>/statement", methods=["GET", "POST"])
@require(Permission.NOMINATION_MAKE)
def statement(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """Task 1: when and how the family said that it wants to leave, and who asked."""
    actor = current_actor()
    case = load(actor, nomination_id)
    today = clock.today(case.household.time_zone)
    nomination = case.nomination
    form = StatementForm(
        data={
            "on": nomination.consent_on or today,
            "given": nomination.consent_given.value if nomination.consent_given else None,
            "asked_by": nomination.consent_asked_by or actor.name,
        }
    )
    if form.validate_on_submit() and form.on.data:
        with refusals_on(form), transaction():
            actions.record_consent(
                actor,
                nomination_id,
                on=form.on.data,
                given=ConsentGiven(form.given.data),
                asked_by=form.asked_by.data or "",
            )
        if not form.has_problems:
            flash(Kind.DONE, _("Statement saved."))
            return redirect(next_task(load(actor, nomination_id)), code=303)
    return render_template(
        "graduation/statement.html",
        form=form,
        case=case,
        household=case.household,
        today=today,
        earliest=policy.earliest_consent(case.household, today),
        why_not=policy.reason_not_to_edit(actor, case),
    ), form.status


@blueprint.route("/<uuid:nomination_id>/note", methods=["GET", "POST"])
@require(Permission.NOMINATION_MAKE)
def note(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """Task 3: why this family. Where everything else is done, it can be sent from here."""
    actor = current_actor()
    case = load(actor, nomination_id)
    form = NoteForm(data={"note": case.nomination.note})
    if form.validate_on_submit():
        sends = "send" in request.form
        # To save a note too late is no try to send.
        act = attempt(actor, nomination_id, Step.SUBMIT) if sends else transaction()
        with refusals_on(form), act:
            # One act: a note that cannot be sent with the nomination is not half an act.
            actions.write_note(actor, nomination_id, form.note.data or "")
            if sends:
                actions.submit(actor, nomination_id)
        if not form.has_problems:
            if sends:
                flash_submitted(actor, nomination_id)
            else:
                flash(Kind.DONE, _("Note saved."))
            return redirect(url_for("graduation.show", nomination_id=nomination_id), code=303)
    return render_template(
        "graduation/note.html",
        form=form,
        case=case,
        household=case.household,
        why_not=policy.reason_not_to_edit(actor, case),
        may_send=case.has_consent and not missing_evidence([e.kind for e in case.evidence]),
    ), form.status


@blueprint.route("/<uuid:nomination_id>/withdraw", methods=["GET", "POST"])
@require(Permission.NOMINATION_WITHDRAW)
def withdraw(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """On the family's word, with its reason."""
    actor = current_actor()
    case = load(actor, nomination_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        with refusals_on(form), attempt(actor, nomination_id, Step.WITHDRAW):
            actions.withdraw(actor, nomination_id, reason=form.reason.data or "")
        if not form.has_problems:
            flash(
                Kind.DONE,
                _(
                    "Nomination of %(name)s withdrawn. The family stays in the programme.",
                    name=case.household.caretaker_name,
                ),
            )
            return redirect(url_for("graduation.show", nomination_id=nomination_id), code=303)
    return render_template(
        "graduation/withdraw.html",
        form=form,
        case=case,
        household=case.household,
        why_not=policy.reason_not_to_withdraw(actor, case),
    ), form.status


def next_task(case: Case) -> str:
    """The first one not done yet, so that nobody has to go back to the list after each."""
    nomination_id = case.nomination.id
    if not case.has_consent:
        return url_for("graduation.statement", nomination_id=nomination_id)
    if missing_evidence([each.kind for each in case.evidence]):
        return url_for("graduation.evidence", nomination_id=nomination_id)
    if not says_enough(case.nomination.note):
        return url_for("graduation.note", nomination_id=nomination_id)
    return url_for("graduation.show", nomination_id=nomination_id)
