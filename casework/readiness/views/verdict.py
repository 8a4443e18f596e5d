from __future__ import annotations

import uuid
from datetime import date
from functools import partial

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.transaction import transaction
from casework.households import scope
from casework.readiness import actions
from casework.readiness.forms import AnswersForm, DayForm, answers_form, name_of
from casework.readiness.instruments import current
from casework.readiness.labels import SIGNALS, evidence, late_tags, reason, recorded_late
from casework.readiness.policy import why_not_answer
from casework.readiness.queries.assessment import judge_known
from casework.readiness.queries.facts import known_of
from casework.readiness.rules import IndicatorResult, QuestionCondition, Signal, SignalCondition
from casework.readiness.views import blueprint
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.locale import chosen_locale
from casework.web.login import current_actor


@blueprint.get("/households/<uuid:household_id>/readiness")
@require(Permission.HOUSEHOLD_READ)
def show(household_id: uuid.UUID) -> ResponseReturnValue:
    """The verdict of today or, with `?on=2026-03-31`, of a past day, line by line."""
    actor = current_actor()
    today = clock.today(actor.time_zone)
    looking = DayForm(formdata=request.args if "on" in request.args else None)
    looking.latest = today
    if "on" in request.args and not looking.validate():
        return _page(actor, household_id, today, today, looking), 422
    return _page(actor, household_id, looking.on.data or today, today, looking), 200


@blueprint.post("/households/<uuid:household_id>/readiness")
@require(Permission.READINESS_ANSWER)
def answer(household_id: uuid.UUID) -> ResponseReturnValue:
    """Save the answers to the questions that only a visit can answer."""
    actor = current_actor()
    today = clock.today(actor.time_zone)
    form = answers_form(current(), chosen_locale(), today)
    if form.validate():
        with refusals_on(form), transaction():
            actions.answer(
                actor,
                household_id,
                answered_on=form.answered_on.data,
                answers=form.answers(),
            )
        if not form.has_problems:
            flash(Kind.DONE, _("Answers saved. Readiness was computed anew."))
            return redirect(url_for("readiness.show", household_id=household_id))
    return _page(actor, household_id, today, today, DayForm(formdata=None), form), 422


def _page(
    actor: Actor,
    household_id: uuid.UUID,
    on: date,
    today: date,
    looking: DayForm,
    form: AnswersForm | None = None,
) -> str:
    household = scope.household(actor, household_id)
    known = known_of(household.area_id, [household_id], as_of=on)[household_id]
    assessment = judge_known(known, as_of=on)
    rests_on = known.basis(assessment, actor.time_zone)
    locale = chosen_locale()
    return render_template(
        "readiness/show.html",
        household=household,
        assessment=assessment,
        instrument=assessment.instrument,
        locale=locale,
        on=on,
        today=today,
        looking=looking,
        form=form or answers_form(current(), locale, today),
        answered={name_of(each): answer for each, answer in known.answers(on).items()},
        why_not=why_not_answer(actor, household.status),
        reason=reason,
        evidence=evidence,
        recorded_late=recorded_late(rests_on),
        late_tags=partial(late_tags, rests_on),
        sources_of=_sources_of,
        next_act=partial(_next_act, household_id),
    )


def _next_act(household_id: uuid.UUID, result: IndicatorResult) -> dict[str, str]:
    """Where the facilitator can do something about an indicator, and the words of the link."""
    for each in result.indicator.any_of:
        if isinstance(each, QuestionCondition):
            return {"url": "#questions", "act": _("Answer the question")}
    signals = {each.signal for each in result.indicator.any_of if isinstance(each, SignalCondition)}
    if signals & {Signal.INCOME, Signal.SAVINGS}:
        return {
            "url": url_for("economics.observe", household_id=household_id),
            "act": _("Record an observation"),
        }
    if signals & {Signal.ENTERPRISE_MONTHS, Signal.LICENCES, Signal.LADDER_RUNGS}:
        return {
            "url": url_for("economics.show", household_id=household_id),
            "act": _("See economics progress"),
        }
    return {}


def _sources_of(result: IndicatorResult) -> str:
    """Where the values of an indicator come from."""
    return ", ".join(
        str(SIGNALS[each.signal])
        if isinstance(each, SignalCondition)
        else _("Facilitator's answer")
        for each in result.indicator.any_of
    )
