"""How far back this installation lets a register be recorded."""

from __future__ import annotations

from flask import current_app

from casework.meetings.rules import BACKDATING_DAYS


def backdating_days() -> int:
    """How many days ago a meeting may have been held that is recorded, on a page or on a phone."""
    return int(current_app.config.get("MEETING_BACKDATING_DAYS", BACKDATING_DAYS))
