"""That a register was called off, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from casework.core.ids import meeting_id
from casework.meetings.queries.called_off import called_off
from casework.meetings.queries.register import Register
from casework.web.locale import day, moment


def told_of(found: Register) -> str:
    """For whoever is about to record it anew; empty where it is not called off. Asks the database
    only where it is."""
    if found.meeting is None or not found.is_called_off:
        return ""
    last, *_earlier = called_off(found.group.area_id, found.meeting.id)
    return _(
        "The register of %(day)s was called off by %(name)s on %(moment)s: “%(reason)s”. Fill it"
        " in anew only if the group did meet on that day.",
        day=day(found.held_on),
        name=last.called_off_by_name,
        moment=moment(last.called_off_at),
        reason=last.reason,
    )


def times_called_off(found: Register) -> list[dict[str, Any]]:
    """Each time, the latest first: who, when, why and to which meeting and day it was moved."""
    if found.meeting is None or not found.meeting.called_off_in:
        return []
    return [
        {
            "who": row.called_off_by_name,
            "at": row.called_off_at,
            "reason": row.reason,
            "moved_to": row.moved_to,
            "moved_id": row.moved_to and meeting_id(found.group.id, row.moved_to),
        }
        for row in called_off(found.group.area_id, found.meeting.id)
    ]
