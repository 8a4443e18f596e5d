from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.audit.queries import readable
from casework.audit.queries.trail import Filters, entries
from casework.audit.tags import Tag
from casework.audit.views import blueprint
from casework.core.errors import Refused
from casework.core.paging import Cursor
from casework.core.signals import areas_asked
from casework.web.guard import require
from casework.web.login import current_actor

#: The page of what an entry speaks of: endpoint and the name of its id.
PAGES = {
    "account": ("accounts.user", "user_id"),
    "group": ("desk.group", "group_id"),
    "household": ("desk.household", "household_id"),
    "meeting": ("meetings.show", "meeting_id"),
    "nomination": ("graduation.show", "nomination_id"),
}


@blueprint.get("/audit/")
@require(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """Who did what when, in the actor's region; newest first."""
    actor = current_actor()
    chosen = _chosen()
    page = entries(
        _areas(actor),
        _filters(chosen, ZoneInfo(actor.time_zone)),
        older_than=Cursor.parse(request.args.get("older", "")),
    )
    last = page.rows[-1] if page.rows and page.more else None
    return render_template(
        "audit/index.html",
        entries=[_shown(row) for row in page.rows],
        tags=sorted(Tag),
        chosen=chosen,
        older=str(Cursor(last.at, last.id)) if last else "",
        is_first=not request.args.get("older"),
        person=page.rows[0].actor_name if chosen.get("person") and page.rows else "",
    )


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
        "subject": args.get("subject", "")[:64].strip() or None,
        "first": args.get("first", type=date.fromisoformat),
        "last": args.get("last", type=date.fromisoformat),
    }
    return {name: value for name, value in chosen.items() if value is not None}


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
        subject_id=chosen.get("subject"),
        since=begin(chosen.get("first")),
        until=until,
    )


def _shown(row: Any) -> dict[str, Any]:
    return {
        "at": row.at,
        "actor_id": row.actor_id,
        "actor_name": row.actor_name,
        "role": Role(row.actor_role) if row.actor_role in set(Role) else None,
        "tag": Tag(row.tag) if row.tag in set(Tag) else None,
        "raw_tag": row.tag,
        "subject_id": row.subject_id,
        "is_about_self": row.subject_id == str(row.actor_id),
        "subject_short": readable.short(row.subject_id),
        "subject_url": _page(row.subject_type, row.subject_id),
        "lines": [
            {
                "label": line.label,
                "value": line.value,
                "url": _page(line.subject_type, line.subject_id),
            }
            for line in readable.lines(row.data)
        ],
    }


def _page(subject_type: str, subject_id: str) -> str:
    """Where the subject can be looked at; empty where it has no page."""
    endpoint, argument = PAGES.get(subject_type, ("", ""))
    if endpoint not in current_app.view_functions:
        return ""
    try:
        values: dict[str, Any] = {argument: uuid.UUID(subject_id)}
        return url_for(endpoint, **values)
    except ValueError:
        return ""
