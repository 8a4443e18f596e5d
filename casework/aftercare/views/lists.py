"""Whom to visit, and who seems to be slipping back."""

from __future__ import annotations

import uuid
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.aftercare.labels import signs_in_short
from casework.aftercare.queries import alerts as alert_queries
from casework.aftercare.queries import due as due_queries
from casework.aftercare.queries.visits import graduated
from casework.aftercare.rules import Window, window_at
from casework.aftercare.states import NextStep
from casework.aftercare.views import blueprint
from casework.core import clock
from casework.core.errors import NotFound
from casework.graduation.queries.lists import facilitators
from casework.regions.queries import lookup
from casework.regions.scope import asked_part
from casework.web.guard import require
from casework.web.login import current_actor

#: Value of the facilitator filter for families whom nobody looks after.
NOBODY = "none"


@blueprint.get("/follow-ups/")
@require(Permission.HOUSEHOLD_READ)
def due() -> ResponseReturnValue:
    """Graduated families whom somebody has to visit, the late ones first."""
    actor = current_actor()
    wanted = due_queries.Wanted(
        **_narrowed(actor),
        late_only="late" in request.args,
        after=due_queries.After.asked(request.args.get("after")),
    )
    page = due_queries.to_visit(actor, wanted)
    return render_template(
        "aftercare/due.html",
        page=page,
        windows={row.id: _window(row, actor) for row in page.rows},
        **_shown(actor, "aftercare.due", wanted, {"late": 1 if wanted.late_only else None}),
        next_after=due_queries.cursor_after(page.rows[-1]) if page.more else None,
    )


@blueprint.get("/follow-ups/alerts")
@require(Permission.HOUSEHOLD_READ)
def alerts() -> ResponseReturnValue:
    """Graduated families that seem to be slipping back, by their latest visit."""
    actor = current_actor()
    wanted = alert_queries.Wanted(
        **_narrowed(actor),
        next_step=_next_step(),
        after=alert_queries.After.asked(request.args.get("after")),
    )
    page = alert_queries.alerts(actor, wanted)
    step = wanted.next_step
    return render_template(
        "aftercare/alerts.html",
        page=page,
        signs_in_short=signs_in_short,
        next_steps=[each for each in NextStep if each is not NextStep.NOTHING],
        **_shown(actor, "aftercare.alerts", wanted, {"next_step": step.value if step else None}),
        next_after=alert_queries.cursor_after(page.rows[-1]) if page.more else None,
    )


def _window(row: Row[Any], actor: Actor) -> Window | None:
    """The visit that is open today. Two who graduated from one stage have the same day, but are
    late from another one on, where an outcome was recorded later."""
    known = graduated(actor, row.stage, row.outcome_at)
    return window_at(known, clock.today(actor.time_zone))


def _next_step() -> NextStep | None:
    try:
        return NextStep(request.args["next_step"]) if request.args.get("next_step") else None
    except ValueError:
        raise NotFound from None


def _narrowed(actor: Actor) -> dict[str, Any]:
    """What both lists are filtered by, from the address. Raises: NotFound for what no page
    offers, and outside the region."""
    facilitator = request.args.get("facilitator") or ""
    try:
        facilitator_id = uuid.UUID(facilitator) if facilitator not in ("", NOBODY) else None
    except ValueError:
        raise NotFound from None
    return {
        "facilitator_id": facilitator_id,
        "nobodys": facilitator == NOBODY,
        "region": asked_part(actor, request.args.get("region")),
    }


def _shown(actor: Actor, endpoint: str, wanted: Any, also: dict[str, Any]) -> dict[str, Any]:
    """What both pages show beside their rows."""
    chosen = NOBODY if wanted.nobodys else wanted.facilitator_id
    address = {"facilitator": chosen, "region": wanted.region, **also}
    is_own = actor.role is Role.FACILITATOR
    return {
        "wanted": wanted,
        "chosen": str(chosen or ""),
        "is_own_caseload": is_own,
        "is_narrowed": any(address.values()),
        "address": {name: value for name, value in address.items() if value},
        "first_url": url_for(endpoint, **address) if wanted.after else "",
        "places": [] if is_own else lookup.offered(wanted.region, actor.region_code),
        "facilitators": [] if is_own else facilitators(actor),
    }
