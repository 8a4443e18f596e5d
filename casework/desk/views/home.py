"""The first page, by role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.desk.queries.administrator_home import administrator_home
from casework.desk.queries.facilitator_home import facilitator_home
from casework.desk.queries.supervisor_home import supervisor_home
from casework.desk.queries.viewer_home import viewer_home
from casework.desk.views import blueprint
from casework.web.guard import require
from casework.web.login import current_actor

#: Role -> what it looks at first, and the page that shows it as `home`.
HOMES: Mapping[Role, tuple[Callable[[Actor], Any], str]] = {
    Role.FACILITATOR: (facilitator_home, "desk/home_facilitator.html"),
    Role.SUPERVISOR: (supervisor_home, "desk/home_supervisor.html"),
    Role.ADMINISTRATOR: (administrator_home, "desk/home_administrator.html"),
    Role.VIEWER: (viewer_home, "desk/home_viewer.html"),
}


@blueprint.route("/")
@require(Permission.SELF_MANAGE)
def home() -> ResponseReturnValue:
    actor = current_actor()
    query, template = HOMES[actor.role]
    return render_template(template, home=query(actor))
