from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("counts", __name__)
