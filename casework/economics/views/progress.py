from __future__ import annotations

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core import clock
from casework.economics.labels import finding, late_words, seen_parts
from casework.economics.policy import why_not_record, why_not_record_support
from casework.economics.queries.facts import lessons_of
from casework.economics.queries.history import enterprises_of, observations_of, support_of
from casework.economics.rules import (
    EnterpriseFacts,
    Licence,
    ObservationFacts,
    SalesChannel,
    climb,
    economy,
    lateness,
)
from casework.economics.views import blueprint
from casework.households import scope
from casework.meetings.queries.facts import attendance_facts
from casework.web.guard import require
from casework.web.login import current_actor

#: Observations shown at first; the page of a family with years of them stays short.
_SHOWN = 6


@blueprint.get("/households/<uuid:household_id>/economics")
@require(Permission.HOUSEHOLD_READ)
def show(household_id: uuid.UUID) -> ResponseReturnValue:
    """The ladder with its reasons, and everything it is computed from."""
    actor = current_actor()
    household = scope.household(actor, household_id)
    today = clock.today(actor.time_zone)
    attendance = attendance_facts(household.area_id, [household_id], as_of=today)
    seen = observations_of(household.area_id, household_id)
    businesses = enterprises_of(household.area_id, household_id)
    observed = [
        ObservationFacts(
            each.observed_on,
            each.recorded_at,
            each.keeps_budget,
            each.saves_per_month,
            each.savings_total,
            each.uses_bank_account,
            each.borrows_from,
            each.income_per_month,
        )
        for each in seen
    ]
    running = [
        EnterpriseFacts(
            each.kind,
            each.since_on,
            each.ended_on,
            frozenset(Licence(licence) for licence in each.licences),
        )
        for each in businesses
    ]
    return render_template(
        "economics/show.html",
        household=household,
        ladder=climb(lessons_of(attendance[household_id]), observed, running, today),
        finding=finding,
        seen_parts=seen_parts,
        late=lambda day, recorded_at: late_words(lateness(day, recorded_at, actor.time_zone)),
        known=economy(observed, today),
        observations=seen if "all" in request.args else seen[:_SHOWN],
        hidden=0 if "all" in request.args else max(0, len(seen) - _SHOWN),
        enterprises=businesses,
        support=support_of(household.area_id, household_id),
        licence=Licence,
        channel=SalesChannel,
        why_not=why_not_record(actor, household.status),
        may_add_support=why_not_record_support(actor, household.status) is None,
        today=today,
    )
