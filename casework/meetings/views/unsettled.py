"""The meetings of which something differs still."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core import clock
from casework.core.paging import Cursor
from casework.meetings.queries.unsettled import unsettled_list
from casework.meetings.rules import SUPERVISOR_AFTER, supervisor_may, supervisor_may_from
from casework.meetings.views import blueprint
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.get("/meetings/differing")
@require(Permission.MEETING_READ)
def unsettled() -> ResponseReturnValue:
    """What differs longest first; what the supervisor may settle stands out."""
    actor = current_actor()
    now = clock.now()
    after = Cursor.asked(request.args.get("after"))
    page = unsettled_list(actor, after)
    return render_template(
        "meetings/unsettled.html",
        rows=[
            (row, supervisor_may(row.differs_since, now), supervisor_may_from(row.differs_since))
            for row in page.rows
        ],
        days=SUPERVISOR_AFTER.days,
        is_own_caseload=actor.may(Permission.MEETING_RECORD),
        next_url=_address(Cursor(page.rows[-1].differs_since, page.rows[-1].id))
        if page.more
        else "",
        first_url=_address() if after else "",
    )


def _address(after: Cursor | None = None) -> str:
    return url_for("meetings.unsettled", after=after)
