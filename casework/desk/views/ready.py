from __future__ import annotations

import uuid

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.desk.queries.ready import Wanted, ready_list
from casework.desk.views import blueprint
from casework.desk.views.groups import NOBODY
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.get("/households/ready")
@require(Permission.HOUSEHOLD_READ)
def ready() -> ResponseReturnValue:
    """Families that are ready and not put forward: whom to ask about, and whom to ask."""
    actor = current_actor()
    facilitator = request.args.get("facilitator", "")
    wanted = Wanted(
        facilitator_id=request.args.get("facilitator", type=uuid.UUID),
        nobodys=facilitator == NOBODY,
        after=request.args.get("after", type=uuid.UUID),
    )
    page = ready_list(actor, wanted)
    chosen = NOBODY if wanted.nobodys else wanted.facilitator_id
    return render_template(
        "desk/ready.html",
        page=page,
        wanted=wanted,
        is_own_caseload=actor.role is Role.FACILITATOR,
        next_url=url_for("desk.ready", facilitator=chosen, after=page.rows[-1].id)
        if page.more
        else "",
        first_url=url_for("desk.ready", facilitator=chosen) if wanted.after else "",
    )
