from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.graduation import actions, policy
from casework.graduation.actions import Answer
from casework.graduation.forms import OutcomeForm, ReversalForm
from casework.graduation.queries.case import Case, load
from casework.graduation.states import Step
from casework.graduation.views import blueprint
from casework.graduation.views.attempts import attempt, refusal_noted
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/<uuid:nomination_id>/outcome", methods=["GET", "POST"])
@require(Permission.OUTCOME_RECORD)
def outcome(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """What the ministry answered on one family, typed by hand. Whoever records it cannot take it
    back, so it is asked once more."""
    actor = current_actor()
    case = load(actor, nomination_id)
    form = OutcomeForm()
    stages = policy.possible_stages(case.nomination, case.household.time_zone)
    form.stage.choices = [("", _("Choose")), *((each, each) for each in stages)]
    if request.method == "POST" and "back" not in request.form and form.validate():
        answer = _answer(nomination_id, form)
        if "confirmed" not in request.form:
            with refusals_on(form), refusal_noted(actor, nomination_id, answer.step):
                return _question(actions.check_outcome(actor, nomination_id, answer), form, answer)
        elif case.entry is not None:
            with refusals_on(form), attempt(actor, nomination_id, answer.step):
                actions.record_outcomes(actor, case.entry.batch_id, [answer])
            if not form.has_problems:
                flash(Kind.DONE, _("Outcome recorded. The facilitator sees it now."))
                return redirect(url_for("graduation.batch", batch_id=case.entry.batch_id), 303)
    return render_template(
        "graduation/outcome.html",
        form=form,
        case=case,
        household=case.household,
        why_not=policy.reason_not_to_answer(actor, case),
    ), (200 if "back" in request.form else form.status)


def _answer(nomination_id: uuid.UUID, form: OutcomeForm) -> Answer:
    if form.outcome.data == Step.ESTABLISH.value:
        return Answer(nomination_id, form.stage.data or "")
    return Answer(nomination_id, refusal=form.reason.data or "")


def _question(case: Case, form: OutcomeForm, answer: Answer) -> str:
    return render_template(
        "graduation/outcome_check.html",
        case=case,
        household=case.household,
        answer=answer,
        establishes=answer.step is Step.ESTABLISH,
        hidden={
            "outcome": form.outcome.data,
            "stage": form.stage.data or "",
            "reason": form.reason.data or "",
        },
    )


@blueprint.route("/<uuid:nomination_id>/reverse", methods=["GET", "POST"])
@require(Permission.OUTCOME_RECORD)
def reverse(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """Established by mistake: by an administrator who did not record it, with a reason."""
    actor = current_actor()
    case = load(actor, nomination_id)
    form = ReversalForm()
    if form.validate_on_submit():
        with refusals_on(form), attempt(actor, nomination_id, Step.REVERSE):
            actions.reverse(actor, nomination_id, reason=form.reason.data or "")
        if not form.has_problems:
            flash(
                Kind.DONE,
                _(
                    "Graduation of %(name)s reversed. The family is in the programme again.",
                    name=case.household.caretaker_name,
                ),
            )
            return redirect(url_for("graduation.show", nomination_id=nomination_id), code=303)
    return render_template(
        "graduation/reverse.html",
        form=form,
        case=case,
        household=case.household,
        why_not=policy.reason_not_to_reverse(actor, case),
    ), form.status
