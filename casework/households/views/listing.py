from __future__ import annotations

import uuid
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.core.errors import TooMany
from casework.core.paging import Page
from casework.core.transaction import transaction
from casework.households.actions import finding
from casework.households.forms import FindForm
from casework.households.queries import groups as group_queries
from casework.households.queries import listing
from casework.households.rules import HouseholdStatus
from casework.households.views import blueprint
from casework.web.guard import require
from casework.web.login import current_actor

#: Value of the group filter for families without one.
NO_GROUP = "none"


@blueprint.route("/households/", methods=["GET", "POST"])
@require(Permission.HOUSEHOLD_READ)
def index() -> ResponseReturnValue:
    """The actor's households. Finding one is a POST: no name and no number stands in an
    address, a log or a browser's history."""
    actor = current_actor()
    form = FindForm()
    chosen = _filters()
    found: Page[Any] | None = None
    status = 200
    if form.validate_on_submit():
        if form.number is None:
            found = listing.by_name(actor, form.text.data or "")
        else:
            try:
                with transaction():
                    found = finding.by_number(actor, form.number)
            except TooMany as error:
                form.form_errors.append(error.message)
                status = error.status
    page = found or listing.households(
        actor, chosen, after=request.args.get("after", type=uuid.UUID)
    )
    return render_template(
        "households/index.html",
        form=form,
        page=page,
        found=found is not None,
        chosen=chosen,
        is_own_caseload=actor.role is Role.FACILITATOR,
        statuses=HouseholdStatus,
        villages=listing.villages(actor),
        groups=_own_groups(actor),
        address_of_next=_address(chosen),
    ), max(status, form.status)


def _filters() -> listing.Filters:
    args = request.args
    group = args.get("group", "")
    return listing.Filters(
        status=args.get("status", type=HouseholdStatus),
        village_code=args.get("village") or None,
        group_id=args.get("group", type=uuid.UUID),
        ungrouped=group == NO_GROUP,
    )


def _address(chosen: listing.Filters) -> dict[str, str]:
    """The filters as they stand in an address."""
    values = {
        "status": chosen.status.value if chosen.status else "",
        "village": chosen.village_code or "",
        "group": NO_GROUP if chosen.ungrouped else str(chosen.group_id or ""),
    }
    return {name: value for name, value in values.items() if value}


def _own_groups(actor: Actor) -> list[Any]:
    """Groups to filter by: a facilitator has 10 to 15, an office has hundreds."""
    return group_queries.own_groups(actor) if actor.role is Role.FACILITATOR else []
