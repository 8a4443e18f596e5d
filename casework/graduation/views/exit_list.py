from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.core.errors import NotFound
from casework.core.paging import Cursor
from casework.graduation.queries.exit_list import Wanted, exits
from casework.graduation.views import exits as blueprint
from casework.ledger.rules import OTHER_EXITS, ExitKind
from casework.regions.queries import lookup
from casework.regions.scope import asked_part
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.get("/households/exits")
@require(Permission.HOUSEHOLD_READ)
def index() -> ResponseReturnValue:
    """Families that left otherwise than by their nomination, by kind."""
    actor = current_actor()
    wanted = Wanted(
        kind=_kind(request.args.get("kind")),
        region=asked_part(actor, request.args.get("region")),
        after=Cursor.asked(request.args.get("after")),
    )
    page = exits(actor, wanted)
    address: dict[str, Any] = {
        "kind": wanted.kind.value if wanted.kind else None,
        "region": wanted.region,
    }
    is_own = actor.role is Role.FACILITATOR
    last = page.rows[-1] if page.more else None
    return render_template(
        "graduation/exits.html",
        page=page,
        wanted=wanted,
        kinds=OTHER_EXITS,
        is_narrowed=any(address.values()),
        places=[] if is_own else lookup.offered(wanted.region, actor.region_code),
        next_url=url_for("exits.index", after=Cursor(last.recorded_at, last.id), **address)
        if last
        else "",
        first_url=url_for("exits.index", **address) if wanted.after else "",
    )


def _kind(text: str | None) -> ExitKind | None:
    """Raises: NotFound for what the page does not offer."""
    if not text:
        return None
    found = next((each for each in OTHER_EXITS if each.value == text), None)
    if found is None:
        raise NotFound
    return found
