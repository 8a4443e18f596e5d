from __future__ import annotations

import uuid
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.core import clock
from casework.core.errors import NotFound
from casework.core.paging import Cursor
from casework.graduation.queries import lists
from casework.graduation.queries.lists import Wanted
from casework.graduation.rules import days_waiting, is_overdue
from casework.graduation.states import NominationStatus
from casework.graduation.views import blueprint
from casework.regions.queries import lookup
from casework.regions.scope import asked_part
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.get("/")
@require(Permission.NOMINATION_READ)
def index() -> ResponseReturnValue:
    """A facilitator's own by state; for everybody else the queue of the region."""
    actor = current_actor()
    if actor.role is Role.FACILITATOR and not request.args:
        return render_template(
            "graduation/own.html", own=lists.own(actor), waited=waited, shown=lists.PAGE_SIZE
        )
    wanted = _wanted(actor)
    page = lists.listed(actor, wanted)
    return render_template(
        "graduation/queue.html",
        wanted=wanted,
        page=page,
        next_url=_address(wanted, lists.cursor_after(page.rows[-1])) if page.more else "",
        first_url=_address(wanted) if wanted.after else "",
        waiting=lists.waiting(actor),
        waited=waited,
        statuses=[
            {"status": status, "url": url_for("graduation.index", status=status.value)}
            for status in _order(actor)
        ],
        to_batches=url_for("graduation.batch_list")
        if actor.may(Permission.NOMINATION_FORWARD)
        else "",
        places=[]
        if actor.role is Role.FACILITATOR
        else lookup.offered(wanted.region, actor.region_code),
        facilitators=[] if actor.role is Role.FACILITATOR else lists.facilitators(actor),
    )


def waited(row: Any) -> dict[str, Any]:
    """Days since it first came to the supervisor, and whether that is too long."""
    now = clock.now()
    return {
        "days": days_waiting(row.first_submitted_at, now),
        "overdue": is_overdue(row.first_submitted_at, now),
    }


def _order(actor: Actor) -> list[NominationStatus]:
    if actor.role is Role.FACILITATOR:
        return list(lists.WORK_ORDER)
    first = NominationStatus.SUBMITTED
    return [first, *(status for status in lists.WORK_ORDER if status is not first)]


def _wanted(actor: Actor) -> Wanted:
    """From the address. Raises: NotFound for what no page offers, and outside the region."""
    try:
        return Wanted(
            status=NominationStatus(request.args.get("status") or NominationStatus.SUBMITTED),
            region=asked_part(actor, request.args.get("region")),
            facilitator=uuid.UUID(request.args["facilitator"])
            if request.args.get("facilitator")
            else None,
            overdue=request.args.get("overdue") == "1",
            after=Cursor.asked(request.args.get("after")),
        )
    except ValueError:
        raise NotFound from None


def _address(wanted: Wanted, after: Cursor | None = None) -> str:
    return url_for(
        "graduation.index",
        status=wanted.status.value,
        region=wanted.region,
        facilitator=wanted.facilitator,
        overdue="1" if wanted.overdue else None,
        after=after,
    )
