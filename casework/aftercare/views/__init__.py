from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("aftercare", __name__)
