"""From a figure to the nominations behind it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core.errors import NotFound
from casework.core.paging import Cursor
from casework.counts.queries.behind import Wanted, behind
from casework.counts.views import blueprint
from casework.counts.views.asked import asked, open_ended
from casework.regions.rules import dotted, lies_in, regency_of
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.get("/national/nominations")
@require(Permission.NOMINATION_READ)
def nominations() -> ResponseReturnValue:
    """The lines of the ledger of a regency or district that the person sees, with their sum."""
    actor = current_actor()
    wanted = _wanted(actor.region_code)
    found = behind(actor, wanted)
    regency = regency_of(wanted.region)
    last = found.page.rows[-1] if found.page.more else None
    return render_template(
        "counts/behind.html",
        wanted=wanted,
        found=found,
        district_url_to=open_ended(
            "counts.nominations", "region", **_figure(wanted), facilitator=wanted.facilitator
        ),
        facilitator_url_to=open_ended(
            "counts.nominations", "facilitator", **_figure(wanted), region=wanted.region
        ),
        everybody_url=_address(wanted, facilitator=None),
        next_url=_address(wanted, after=Cursor(last.entered_at, last.id)) if last else "",
        first_url=_address(wanted) if wanted.after else "",
        targets_url=url_for(
            "counts.facilitator_targets",
            # Of the regency, or of the person's own part of it.
            region=regency if lies_in(regency, actor.region_code) else None,
            year=wanted.year,
        )
        if actor.may(Permission.TARGET_READ)
        else "",
        back_url=url_for("counts.national", region=regency, **_figure(wanted)),
    )


def _wanted(own_region: str | None) -> Wanted:
    """From the address. Raises: NotFound for what no page offers, and where the person does not
    work."""
    figure = asked(request.args)
    region = figure.region or ""
    is_there = lies_in(region, own_region) or lies_in(own_region, region)
    if not region or dotted(region) != region or not is_there:
        raise NotFound
    text = request.args.get("facilitator")
    try:
        facilitator = uuid.UUID(text) if text else None
    except ValueError:
        raise NotFound from None
    after = Cursor.asked(request.args.get("after"))
    return Wanted(figure.what, figure.year, region, facilitator, after)


def _figure(wanted: Wanted) -> dict[str, Any]:
    """What stays in each link."""
    what = wanted.what
    return {
        "year": wanted.year,
        "state": what.state.value,
        "kind": what.kind.value,
    }


def _address(wanted: Wanted, **changes: Any) -> str:
    given = {"region": wanted.region, "facilitator": wanted.facilitator, "after": None} | changes
    return url_for("counts.nominations", **_figure(wanted), **given)
