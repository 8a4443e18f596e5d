"""Words for meetings and registers."""

from __future__ import annotations

from flask_babel import lazy_gettext

from casework.meetings.rules import MarkedHow, MeetingStatus, MonthState, Presence, Understanding

PRESENCES = {
    Presence.PRESENT: lazy_gettext("Present"),
    Presence.SICK: lazy_gettext("Sick"),
    Presence.EXCUSED: lazy_gettext("Excused"),
    Presence.ABSENT: lazy_gettext("No word"),
    Presence.NOT_MARKED: lazy_gettext("Not marked"),
}

#: A family that devices have marked differently.
DIFFERS = lazy_gettext("Different")

_OUTSIDE = lazy_gettext("Not in the group on that day")
_OUTSIDE_AND_LEFT = lazy_gettext("Not in the group on that day (has left PKH)")


def outside(*, has_left: bool) -> str:
    """Of a family that is marked on a day that its stay in the group does not hold: its graduation
    became known later, or it was moved with an earlier day."""
    return str(_OUTSIDE_AND_LEFT if has_left else _OUTSIDE)


UNDERSTANDINGS = {
    Understanding.POOR: lazy_gettext("Poor"),
    Understanding.GOOD: lazy_gettext("Good"),
    Understanding.VERY_GOOD: lazy_gettext("Very good"),
    Understanding.NOT_ASSESSABLE: lazy_gettext("Not assessable"),
}

MARKED_HOW = {
    MarkedHow.SINGLE: lazy_gettext("One by one"),
    MarkedHow.BULK: lazy_gettext("All at once"),
}

MEETING_STATUSES = {
    MeetingStatus.DRAFT: lazy_gettext("Draft"),
    MeetingStatus.SENT: lazy_gettext("Sent"),
    MeetingStatus.CALLED_OFF: lazy_gettext("Called off"),
}

MONTH_STATES = {
    MonthState.NOT_YET: lazy_gettext("Not met yet"),
    MonthState.DRAFT: lazy_gettext("Draft"),
    MonthState.MET: lazy_gettext("Met already"),
}
