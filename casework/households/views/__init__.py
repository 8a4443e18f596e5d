from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("households", __name__)
