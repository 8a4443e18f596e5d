"""Words for what became of a command."""

from __future__ import annotations

from flask_babel import lazy_gettext

from casework.offline.rules import Kind, Outcome

KINDS = {
    Kind.ATTENDANCE: lazy_gettext("Attendance"),
    Kind.OBSERVATION: lazy_gettext("Economics progress"),
    Kind.READINESS: lazy_gettext("Readiness check"),
    Kind.PHOTO: lazy_gettext("Photo of the meeting"),
}

OUTCOMES = {
    Outcome.APPLIED: lazy_gettext("Received"),
    Outcome.LOOK: lazy_gettext("Received, please look"),
    Outcome.DIFFERS: lazy_gettext("Received, differs"),
    Outcome.REFUSED: lazy_gettext("Not received"),
    Outcome.NOT_YOURS: lazy_gettext("Made by somebody else"),
    Outcome.REUSED: lazy_gettext("Sent before with other content"),
    Outcome.UNREADABLE: lazy_gettext("Cannot be read"),
    Outcome.LATER: lazy_gettext("Will be sent again"),
    Outcome.WANTED: lazy_gettext("Can be sent"),
}
