"""The caseload that a phone takes along."""

from __future__ import annotations

import hashlib
import json

from flask import Response, request

from casework.access.permissions import Permission
from casework.core import clock
from casework.offline import paces
from casework.offline.queries import bundle as caseload
from casework.offline.views import blueprint
from casework.web.guard import require
from casework.web.locale import chosen_locale
from casework.web.login import by_itself, current_actor


@blueprint.get("/bundle")
@require(Permission.WORK_OFFLINE)
@by_itself
def bundle() -> Response:
    """JSON as in `queries.bundle`; 304 when the phone has it already."""
    actor = current_actor()
    paces.FETCHING.spend(actor)
    found = caseload.bundle(actor, clock.today(actor.time_zone), chosen_locale())
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(text, mimetype="application/json")
    # Weak: compressed or not, it says the same.
    response.set_etag(hashlib.sha256(text).hexdigest()[:24], weak=True)
    response.vary.add("Cookie")
    # The phone keeps it in its own store, which closes after two weeks; a cache would not.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Server-Time"] = clock.now().isoformat()
    response.make_conditional(request)
    return response
