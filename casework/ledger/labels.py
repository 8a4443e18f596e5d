from __future__ import annotations

from flask_babel import lazy_gettext

from casework.ledger.rules import CountedState, ExitKind

KINDS = {ExitKind.INDEPENDENT: lazy_gettext("Independent graduation")}

STATES = {
    CountedState.APPROVED: lazy_gettext("Approved by the supervisor"),
    CountedState.ESTABLISHED: lazy_gettext("Established by the ministry"),
}
