from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

blueprint = Blueprint("offline", __name__)

#: Sent by the outbox; forms of other sites cannot send it without asking first.
OUTBOX_HEADER = "X-Outbox"


@blueprint.record_once
def _without_form_token(state: BlueprintSetupState) -> None:
    """A command made days ago has no token of today's login; `sync.check_it_is_ours` looks at where
    it comes from instead."""
    for view in ("sync.send", "photo.send_photo"):
        state.app.extensions["csrf"].exempt(f"{__name__}.{view}")
