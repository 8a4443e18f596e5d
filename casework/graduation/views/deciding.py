from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.core.errors import Conflict, Invalid, Refused
from casework.graduation import actions, policy
from casework.graduation.forms import DecisionForm
from casework.graduation.queries.case import Case, load
from casework.graduation.states import DECISIONS, FINAL_DECISIONS, Step
from casework.graduation.views import blueprint
from casework.graduation.views.attempts import attempt, refusal_noted
from casework.graduation.views.show import page
from casework.readiness.rules import Caution
from casework.web.flashes import Kind, flash
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/<uuid:nomination_id>/decide", methods=["GET", "POST"])
@require(Permission.NOMINATION_DECIDE)
def decide(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """One of the three buttons; a final one asks first, and is then sent once more with its
    answer. Whatever is refused or taken back, the reason that was typed stays."""
    actor = current_actor()
    if request.method == "GET":
        # Its address stands in the bar while the question is asked: reloaded, or in English.
        return redirect(url_for("graduation.show", nomination_id=nomination_id))
    form = DecisionForm()
    if "back" in request.form:
        return page(actor, load(actor, nomination_id), form)
    status = 422
    if form.validate():
        try:
            step = _chosen_step()
            said = actions.Decision(
                step,
                form.reason.data or "",
                _seen_version(form),
                actions.Weighed(_seen_warnings(form), form.answer.data or ""),
            )
            if step in FINAL_DECISIONS and "confirmed" not in request.form:
                with refusal_noted(actor, nomination_id, step):
                    case = actions.check_decision(actor, nomination_id, said)
                return _question(case, step, form)
            with attempt(actor, nomination_id, step):
                actions.decide(actor, nomination_id, said)
            flash(Kind.DONE, _("Your decision is saved. The facilitator sees it now."))
            return redirect(url_for("graduation.show", nomination_id=nomination_id), code=303)
        except policy.EvidenceUnopened as refused:
            errors = {"evidence": [refused.message]}
            return page(actor, load(actor, nomination_id), form, refused.status, errors=errors)
        except (Invalid, Refused, Conflict) as refused:
            form.add_problems(refused)
            status = refused.status
    return page(actor, load(actor, nomination_id), form, status)


def _question(case: Case, step: Step, form: DecisionForm) -> str:
    return render_template(
        "graduation/decision_check.html",
        case=case,
        nomination=case.nomination,
        household=case.household,
        approves=step is Step.APPROVE,
        step=step,
        reason=form.reason.data,
        answer=form.answer.data if step is Step.APPROVE and form.warnings.data else "",
        hidden={
            "step": step.value,
            "reason": form.reason.data,
            "answer": form.answer.data or "",
            "warnings": form.warnings.data or "",
            "version": form.version.data,
        },
    )


def _seen_warnings(form: DecisionForm) -> list[Caution]:
    """Those that the page showed; what is none is left out, and a warning stays unanswered."""
    seen = (form.warnings.data or "").split()
    return [each for each in Caution if each.value in seen]


def _chosen_step() -> Step:
    step = request.form.get("step", "")
    if step not in {each.value for each in DECISIONS}:
        raise Invalid.field("", _("Choose one of the three buttons."))
    return Step(step)


def _seen_version(form: DecisionForm) -> int:
    """0, which no nomination has, for what is no number: a forged post is a stale page."""
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
