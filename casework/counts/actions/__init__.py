"""Targets, and setting tallies right; each an act of one person."""

from casework.counts.actions.facilitator_targets import (
    set_facilitator_target,
    take_back_facilitator_target,
)
from casework.counts.actions.tallies import rebuild_area
from casework.counts.actions.targets import set_target, take_back_target

__all__ = [
    "rebuild_area",
    "set_facilitator_target",
    "set_target",
    "take_back_facilitator_target",
    "take_back_target",
]
