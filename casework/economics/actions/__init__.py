"""Recording what is seen of a family's economy. Rungs are computed, never recorded."""

from casework.economics.actions.enterprises import (
    Business,
    change_enterprise,
    record_enterprise,
)
from casework.economics.actions.observations import (
    Seen,
    record_at_follow_up,
    record_observation,
    take_back_observation,
)
from casework.economics.actions.support import record_support

__all__ = [
    "Business",
    "Seen",
    "change_enterprise",
    "record_at_follow_up",
    "record_enterprise",
    "record_observation",
    "record_support",
    "take_back_observation",
]
