from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag

from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Invalid, Message
from casework.core.transaction import transaction
from casework.graduation import actions, policy
from casework.graduation.forms import ExitForm, ReversalForm
from casework.graduation.labels import EXIT_MEANINGS
from casework.graduation.policy import Leaving
from casework.graduation.queries.case import open_nomination
from casework.graduation.queries.exits import exit_among, exits_of, last_standing
from casework.graduation.rules import exit_stages
from casework.graduation.views import exits as blueprint
from casework.graduation.views.attempts import reversal_attempt
from casework.households import scope as households
from casework.ledger.labels import KINDS
from casework.ledger.rules import ExitKind
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/households/<uuid:household_id>/exit", methods=["GET", "POST"])
@require(Permission.EXIT_RECORD)
def record(household_id: uuid.UUID) -> ResponseReturnValue:
    """That a family left otherwise than by its nomination. Whoever records it cannot take it
    back, so it is asked once more."""
    actor = current_actor()
    household = households.household(actor, household_id)
    form = ExitForm()
    form.kind.choices = [
        SelectChoice(kind.value, KINDS[kind]) for kind in policy.exit_kinds_for(actor)
    ]
    last = last_standing(exits_of(household.area_id, household_id))
    before = None if last is None else last.stage
    stages = exit_stages(household.first_stage, before, clock.today(actor.time_zone))
    form.stage.choices = [("", _("Choose")), *((each, each) for each in stages)]
    if request.method == "POST" and "back" not in request.form:
        leaving = _leaving(form)
        if not form.validate():
            _say_the_rest(
                form, policy.problems_of_leaving(leaving, household, last, actor.time_zone)
            )
        elif "confirmed" not in request.form:
            with refusals_on(form):
                checked = actions.check_exit(actor, household_id, leaving)
                return _question(checked, form, leaving)
        else:
            with refusals_on(form), transaction():
                actions.record_exit(actor, household_id, leaving, exit_id=form.exit_id.id_of_record)
            if not form.has_problems:
                return _done(household_id, household.caretaker_name, leaving)
    nomination = open_nomination(household.area_id, household_id)
    return render_template(
        "graduation/exit.html",
        form=form,
        household=household,
        meanings=EXIT_MEANINGS,
        nomination_id=nomination,
        why_not=policy.reason_not_to_leave(actor, household, nomination, last),
    ), (200 if "back" in request.form else form.status)


def _say_the_rest(form: ExitForm, problems: Mapping[str, list[Message]]) -> None:
    """What the rules would say next, beside what the form has said: one round of mending."""
    form.add_problems(
        Invalid({name: said for name, said in problems.items() if not form[name].errors})
    )


def _leaving(form: ExitForm) -> Leaving:
    # What is no kind is no exit that anybody may record: the policy says so.
    known = form.kind.data in {kind.value for kind in ExitKind}
    return Leaving(
        ExitKind(form.kind.data) if known else ExitKind.INDEPENDENT,
        form.stage.data or "",
        form.on.data or date.min,
        form.reason.data or "",
        form.letter.data or "",
    )


def _question(household: object, form: ExitForm, leaving: Leaving) -> str:
    return render_template(
        "graduation/exit_check.html",
        household=household,
        leaving=leaving,
        hidden={
            "kind": leaving.kind.value,
            "stage": leaving.stage,
            "on": leaving.on.isoformat(),
            "reason": leaving.reason,
            "letter": leaving.letter,
            "exit_id": str(form.exit_id.id_of_record),
        },
    )


def _done(household_id: uuid.UUID, name: str, leaving: Leaving) -> ResponseReturnValue:
    flash(
        Kind.DONE,
        _(
            "Recorded: the family of %(name)s is out of PKH from stage %(stage)s (%(kind)s).",
            name=name,
            stage=leaving.stage,
            kind=KINDS[leaving.kind],
        ),
    )
    return redirect(url_for("desk.household", household_id=household_id), code=303)


@blueprint.route(
    "/households/<uuid:household_id>/exit/<uuid:exit_id>/reverse", methods=["GET", "POST"]
)
@require(Permission.EXIT_REVERSE)
def reverse(household_id: uuid.UUID, exit_id: uuid.UUID) -> ResponseReturnValue:
    """Recorded by mistake: by an administrator who did not record it, with a reason."""
    actor = current_actor()
    household = households.household(actor, household_id)
    left = exit_among(exits_of(household.area_id, household_id), exit_id)
    form = ReversalForm()
    if form.validate_on_submit():
        with refusals_on(form), reversal_attempt(actor, left):
            actions.reverse_exit(actor, household_id, exit_id, reason=form.reason.data or "")
        if not form.has_problems:
            flash(
                Kind.DONE,
                _(
                    "Taken back: the family of %(name)s did not leave PKH.",
                    name=household.caretaker_name,
                ),
            )
            return redirect(url_for("desk.household", household_id=household_id), code=303)
    return render_template(
        "graduation/exit_reverse.html",
        form=form,
        household=household,
        left=left,
        why_not=policy.reason_not_to_reverse_exit(actor, left),
    ), form.status
