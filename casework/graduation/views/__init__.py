from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("graduation", __name__, url_prefix="/nominations")
#: Of families that left without a nomination.
exits = Blueprint("exits", __name__)

BLUEPRINTS = (blueprint, exits)
