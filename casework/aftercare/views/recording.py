"""The page of one visit: written down, or put right."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.aftercare import actions
from casework.aftercare.forms import VisitForm, as_typed
from casework.aftercare.policy import why_not_visit
from casework.aftercare.queries.visits import visit_of
from casework.aftercare.views import blueprint
from casework.core import clock
from casework.core.errors import NotFound, Refused
from casework.households import scope
from casework.web.guard import require
from casework.web.login import current_actor
from casework.web.saving import save_sent


def _household(household_id: uuid.UUID) -> Any:
    """The household as scope gives it. Raises: NotFound, Refused before anything is typed."""
    actor = current_actor()
    household = scope.household(actor, household_id)
    reason = why_not_visit(actor, household.status)
    if reason is not None:
        raise Refused(reason)
    return household


def _page(
    form: VisitForm, household: Any, save: Callable[[], str], *, is_new: bool
) -> ResponseReturnValue:
    if save_sent(form, save):
        return redirect(url_for("desk.household", household_id=household.id, _anchor="aftercare"))
    return render_template(
        "aftercare/visit.html",
        form=form,
        household=household,
        today=clock.today(current_actor().time_zone),
        is_new=is_new,
    ), form.status


@blueprint.route("/households/<uuid:household_id>/follow-ups/new", methods=["GET", "POST"])
@require(Permission.AFTERCARE_RECORD)
def new(household_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    household = _household(household_id)
    form = VisitForm(data={"visited_on": clock.today(actor.time_zone)})

    def save() -> str:
        actions.record_visit(actor, household_id, form.visit(), visit_id=form.once.id_of_record)
        return _("Visit saved.")

    return _page(form, household, save, is_new=True)


@blueprint.route(
    "/households/<uuid:household_id>/follow-ups/<uuid:visit_id>", methods=["GET", "POST"]
)
@require(Permission.AFTERCARE_RECORD)
def correct(household_id: uuid.UUID, visit_id: uuid.UUID) -> ResponseReturnValue:
    household = _household(household_id)
    row = visit_of(household.area_id, household_id, visit_id)
    form = VisitForm(data=as_typed(actions.as_recorded(row)))
    if not row.is_current and not form.is_submitted():
        raise NotFound  # no page leads there any more

    def save() -> str:
        changed = actions.correct_visit(
            current_actor(),
            household_id,
            visit_id,
            form.visit(),
            visit_id=form.once.id_of_record,
        )
        return _("Visit corrected.") if changed else _("Nothing was changed.")

    return _page(form, household, save, is_new=False)
