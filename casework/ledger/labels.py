from __future__ import annotations

from flask_babel import lazy_gettext as _l

from casework.ledger.rules import CountedState, ExitKind

KINDS = {ExitKind.INDEPENDENT: _l("Independent graduation")}

STATES = {CountedState.APPROVED: _l("Approved by the supervisor")}
