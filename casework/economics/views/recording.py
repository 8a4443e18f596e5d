"""One page for each thing that is recorded, with one act on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Refused
from casework.economics import actions
from casework.economics.actions.recording import WhyNot
from casework.economics.forms import (
    ChangeEnterpriseForm,
    EnterpriseForm,
    ObservationForm,
    SupportForm,
)
from casework.economics.policy import why_not_record, why_not_record_support
from casework.economics.queries.history import enterprise_of
from casework.economics.views import blueprint
from casework.households import scope
from casework.web.forms import CaseworkForm
from casework.web.guard import require
from casework.web.login import current_actor
from casework.web.saving import save_sent


def _household(household_id: uuid.UUID, why_not: WhyNot = why_not_record) -> Any:
    """The household as scope gives it. Raises: NotFound, Refused before anything is typed."""
    actor = current_actor()
    household = scope.household(actor, household_id)
    reason = why_not(actor, household.status)
    if reason is not None:
        raise Refused(reason)
    return household


def _page(
    template: str,
    form: CaseworkForm,
    household: Any,
    save: Callable[[], str],
    **shown: Any,
) -> ResponseReturnValue:
    """The form, until what was sent can be saved; then the family's economy with what `save`
    says of it."""
    if save_sent(form, save):
        return redirect(url_for("economics.show", household_id=household.id))
    today = clock.today(current_actor().time_zone)
    return render_template(
        template, form=form, household=household, today=today, **shown
    ), form.status


@blueprint.route(
    "/households/<uuid:household_id>/economics/observations/new", methods=["GET", "POST"]
)
@require(Permission.ECONOMICS_RECORD)
def observe(household_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    household = _household(household_id)
    form = ObservationForm(data={"observed_on": clock.today(actor.time_zone)})

    def save() -> str:
        actions.record_observation(
            actor, household_id, form.seen(), observation_id=form.once.id_of_record
        )
        return _("Observation saved.")

    return _page("economics/observation.html", form, household, save)


@blueprint.route(
    "/households/<uuid:household_id>/economics/enterprises/new", methods=["GET", "POST"]
)
@require(Permission.ECONOMICS_RECORD)
def add_enterprise(household_id: uuid.UUID) -> ResponseReturnValue:
    household = _household(household_id)
    form = EnterpriseForm()

    def save() -> str:
        actions.record_enterprise(
            current_actor(),
            household_id,
            form.business(),
            enterprise_id=form.once.id_of_record,
        )
        return _("Business saved.")

    return _page("economics/enterprise.html", form, household, save, enterprise=None)


@blueprint.route(
    "/households/<uuid:household_id>/economics/enterprises/<uuid:enterprise_id>",
    methods=["GET", "POST"],
)
@require(Permission.ECONOMICS_RECORD)
def enterprise(household_id: uuid.UUID, enterprise_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a business, or end it."""
    household = _household(household_id)
    row = enterprise_of(household.area_id, household_id, enterprise_id)
    form = ChangeEnterpriseForm(
        data={
            "kind": row.kind.value,
            "name": row.name,
            "since_on": row.since_on,
            "ended_on": row.ended_on,
            "turnover_per_month": row.turnover_per_month,
            "licences": row.licences,
            "channels": row.channels,
        }
    )

    def save() -> str:
        changed = actions.change_enterprise(
            current_actor(), household_id, enterprise_id, form.business()
        )
        return _("Business saved.") if changed else _("Nothing was changed.")

    return _page("economics/enterprise.html", form, household, save, enterprise=enterprise_id)


@blueprint.route("/households/<uuid:household_id>/economics/support/new", methods=["GET", "POST"])
@require(Permission.ECONOMICS_RECORD)
def add_support(household_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    household = _household(household_id, why_not_record_support)
    form = SupportForm(data={"received_on": clock.today(actor.time_zone)})

    def save() -> str:
        actions.record_support(
            actor,
            household_id,
            support_id=form.once.id_of_record,
            kind=form.chosen_kind(),
            received_on=form.received_on.data,
            provider=form.provider.data or "",
            note=form.note.data or "",
        )
        return _("Support saved.")

    return _page("economics/support.html", form, household, save)
