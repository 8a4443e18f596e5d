from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("graduation", __name__, url_prefix="/nominations")
