"""The groups and each of them: whom they hold, who looks after them, whether they met."""

from __future__ import annotations

import uuid

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core import clock
from casework.desk.queries.group_list import Wanted, group_list
from casework.desk.queries.group_page import group_page
from casework.desk.views import blueprint
from casework.households.queries import groups as queries
from casework.households.queries import history
from casework.meetings.rules import MonthState
from casework.web.guard import require
from casework.web.locale import chosen_locale
from casework.web.login import current_actor

#: Value of the facilitator filter for groups that are given to nobody.
NOBODY = "none"


@blueprint.get("/groups/")
@require(Permission.GROUP_READ)
def groups() -> ResponseReturnValue:
    """The groups by village; first, for whoever arranges them, the families without one."""
    actor = current_actor()
    manages = actor.may(Permission.GROUP_MANAGE)
    wanted = _wanted(manages=manages)
    today = clock.today(actor.time_zone)
    page = group_list(actor, wanted, today)
    starts = manages and not (wanted.is_narrowed or wanted.closed or wanted.after)
    return render_template(
        "desk/groups.html",
        page=page,
        manages=manages,
        wanted=wanted,
        month=today.replace(day=1),
        states=[(state, _address(wanted, state=state)) for state in (None, *MonthState)],
        next_url=_address(wanted, state=wanted.state, after=page.rows[-1].id) if page.more else "",
        first_url=_address(wanted, state=wanted.state) if wanted.after else "",
        without=queries.without_group(actor) if starts else [],
    )


def _wanted(*, manages: bool) -> Wanted:
    args = request.args
    return Wanted(
        facilitator_id=args.get("facilitator", type=uuid.UUID),
        nobodys=manages and args.get("facilitator") == NOBODY,
        unattended=manages and "unattended" in args,
        state=args.get("state", type=MonthState),
        closed=manages and "closed" in args,
        after=args.get("after", type=uuid.UUID),
    )


def _address(wanted: Wanted, *, state: MonthState | None, after: uuid.UUID | None = None) -> str:
    """The list with the same filters, and this state."""
    return url_for(
        "desk.groups",
        facilitator=NOBODY if wanted.nobodys else wanted.facilitator_id,
        unattended=1 if wanted.unattended else None,
        state=state.value if state else None,
        closed=1 if wanted.closed else None,
        after=after,
    )


@blueprint.get("/groups/<uuid:group_id>")
@require(Permission.GROUP_READ)
def group(group_id: uuid.UUID) -> ResponseReturnValue:
    """One group: who belongs to it, who leads it, who looks after it, and how it met."""
    actor = current_actor()
    page = group_page(
        actor,
        group_id,
        today=clock.today(actor.time_zone),
        all_meetings="all" in request.args,
    )
    area_id, is_open = page.group.area_id, page.group.closed_on is None
    manages = actor.may(Permission.GROUP_MANAGE)
    arranges = manages and is_open
    return render_template(
        "desk/group.html",
        page=page,
        group=page.group,
        locale=chosen_locale(),
        manages=arranges,
        reopens=manages and not is_open,
        records=actor.may(Permission.MEETING_RECORD),
        reads_meetings=actor.may(Permission.MEETING_READ),
        waiting=len(queries.candidates(actor, page.group.village_code)) if arranges else 0,
        care=history.care_history(area_id, group_id) if manages else [],
        departures=history.departures(area_id, group_id) if manages else [],
    )
