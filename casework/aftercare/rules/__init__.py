"""When a family is visited after its graduation, and when it seems to be slipping back; pure."""

from casework.aftercare.rules.schedule import (
    MONTHS,
    MOST_OPENINGS,
    Graduation,
    Opening,
    Window,
    months_after,
    openings,
    since,
    state_of,
    window_at,
    windows,
)
from casework.aftercare.rules.slipping import Seen, Told, Yardstick, signs_of

__all__ = [
    "MONTHS",
    "MOST_OPENINGS",
    "Graduation",
    "Opening",
    "Seen",
    "Told",
    "Window",
    "Yardstick",
    "months_after",
    "openings",
    "signs_of",
    "since",
    "state_of",
    "window_at",
    "windows",
]
