from __future__ import annotations

from flask_babel import lazy_gettext

from casework.ledger.rules import CountedState, ExitGroup, ExitKind

KINDS = {
    ExitKind.INDEPENDENT: lazy_gettext("Independent graduation"),
    ExitKind.NATURAL: lazy_gettext("Natural graduation"),
    ExitKind.TENURE: lazy_gettext("Graduation after five years"),
    ExitKind.EMPOWERMENT: lazy_gettext("Graduation through PPSE or PENA"),
    ExitKind.FORCED: lazy_gettext("Forced exit"),
    ExitKind.DIED: lazy_gettext("Died"),
    ExitKind.MOVED_AWAY: lazy_gettext("Moved away for good"),
    ExitKind.DUPLICATE: lazy_gettext("Recorded twice"),
    ExitKind.INELIGIBLE: lazy_gettext("Not eligible"),
}

GROUPS = {
    ExitGroup.GRADUATION: lazy_gettext("Graduation"),
    ExitGroup.FORCED: lazy_gettext("Forced"),
    ExitGroup.NO_GRADUATION: lazy_gettext("No graduation"),
}

STATES = {
    CountedState.APPROVED: lazy_gettext("Approved by the supervisor"),
    CountedState.ESTABLISHED: lazy_gettext("Established by the ministry"),
    CountedState.RECORDED: lazy_gettext("Recorded by the office"),
}
