"""What phones seal to."""

from __future__ import annotations

import base64

from flask import jsonify
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core.crypto import current_phone_keys
from casework.offline import paces
from casework.offline.views import blueprint
from casework.web.guard import require
from casework.web.login import by_itself, current_actor


@blueprint.get("/sync/key")
@require(Permission.WORK_OFFLINE)
@by_itself
def phone_key() -> ResponseReturnValue:
    """The public key of the moment: its id, and its SubjectPublicKeyInfo (DER) in base64, as
    `crypto.subtle.importKey("spki", ...)` takes it."""
    paces.FETCHING.spend(current_actor())
    keys = current_phone_keys()
    return jsonify(id=keys.active, spki=base64.b64encode(keys.public_key()).decode())
