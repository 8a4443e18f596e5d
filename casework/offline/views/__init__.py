from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

blueprint = Blueprint("offline", __name__)

#: Sent by the outbox; forms of other sites cannot send it without asking first.
OUTBOX_HEADER = "X-Outbox"


@blueprint.record_once
def _without_form_token(state: BlueprintSetupState) -> None:
    """A command made days ago has no token of today's login; `sync.send` looks at where it comes
    from instead."""
    state.app.extensions["csrf"].exempt(f"{__name__}.sync.send")
