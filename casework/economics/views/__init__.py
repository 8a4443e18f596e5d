from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("economics", __name__)
