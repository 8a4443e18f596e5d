from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy import Row

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.audit.queries.subjects import typed_id
from casework.audit.queries.trail import Filters, entries
from casework.audit.tags import Tag
from casework.audit.views import blueprint
from casework.audit.views.entries import shown
from casework.core.errors import Invalid, Message, Refused
from casework.core.paging import Cursor, Page
from casework.core.signals import areas_asked
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.get("/audit/")
@require(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """Who did what when, in the actor's region; newest first."""
    actor = current_actor()
    areas, chosen = _areas(actor), _chosen()
    errors = _impossible(chosen)
    page: Page[Row[Any]] = Page.of([])
    if not errors:
        page = entries(
            areas,
            _filters(chosen, ZoneInfo(actor.time_zone)),
            older_than=Cursor.parse(request.args.get("older", "")),
        )
    last = page.rows[-1] if page.rows and page.more else None
    return render_template(
        "audit/index.html",
        entries=shown(actor, page.rows),
        errors=errors,
        tags=sorted(Tag),
        chosen=chosen,
        older=str(Cursor(last.at, last.id)) if last else "",
        is_first=not request.args.get("older"),
        person=page.rows[0].actor_name if chosen.get("person") and page.rows else "",
    ), Invalid.status if errors else 200


def _areas(actor: Actor) -> list[int] | None:
    """The regencies whose trail the actor reads; None: all, and what belongs to none.

    Entries know the regency and no smaller place: whoever works in a part of one would read of
    people outside it. Raises: Refused.
    """
    if actor.region_code is None:
        return None
    areas = [area for _receiver, answer in areas_asked.send(actor) for area in answer]
    if not areas:
        raise Refused(
            lazy_gettext(
                "The audit trail is kept for a whole regency or city; your region is smaller."
                " Ask the administrator of your regency or city."
            )
        )
    return areas


def _chosen() -> dict[str, Any]:
    """The filters in the address that make sense; the others are as if they were not there."""
    args = request.args
    chosen = {
        "person": args.get("person", type=uuid.UUID),
        "tag": args.get("tag", type=Tag),
        "subject": typed_id(args.get("subject", "")[:64]) or None,
        "first": args.get("first", type=date.fromisoformat),
        "last": args.get("last", type=date.fromisoformat),
    }
    return {name: value for name, value in chosen.items() if value is not None}


def _impossible(chosen: dict[str, Any]) -> dict[str, list[Message]]:
    """Field -> what no entry could fulfil: an empty list would say that nothing was done."""
    first, last = chosen.get("first"), chosen.get("last")
    if first and last and last < first:
        return {"last": [lazy_gettext("The last day is before the first. Check the two days.")]}
    return {}


def _filters(chosen: dict[str, Any], zone: ZoneInfo) -> Filters:
    """Days are whole days on the reader's own calendar."""

    def begin(day: date | None) -> datetime | None:
        # The calendar's own ends have no day before or after.
        if day is None or not date(1971, 1, 1) <= day <= date(9000, 1, 1):
            return None
        return datetime.combine(day, time.min, zone)

    last = chosen.get("last")
    until = begin(last + timedelta(days=1)) if last and last < date.max else None
    return Filters(
        actor_id=chosen.get("person"),
        tag=chosen.get("tag"),
        subject=chosen.get("subject"),
        since=begin(chosen.get("first")),
        until=until,
    )
