from __future__ import annotations

from flask import Blueprint, current_app

from casework.meetings.rules import BACKDATING_DAYS

blueprint = Blueprint("meetings", __name__)


def backdating_days() -> int:
    """How many days ago a meeting may have been held that is recorded in this installation."""
    return int(current_app.config.get("MEETING_BACKDATING_DAYS", BACKDATING_DAYS))
