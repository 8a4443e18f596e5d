"""The first page, by role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.desk.queries.facilitator_home import facilitator_home
from casework.desk.views import blueprint
from casework.web.guard import require
from casework.web.login import current_actor

#: Role -> what it looks at first, and the page that shows it as `home`. Who has none starts
#: at the counts, which everybody may read.
HOMES: Mapping[Role, tuple[Callable[[Actor], Any], str]] = {
    Role.FACILITATOR: (facilitator_home, "desk/home_facilitator.html"),
}


@blueprint.route("/")
@require(Permission.SELF_MANAGE)
def home() -> ResponseReturnValue:
    actor = current_actor()
    found = HOMES.get(actor.role)
    if found is None:
        return redirect(url_for("counts.national"))
    query, template = found
    return render_template(template, home=query(actor))
