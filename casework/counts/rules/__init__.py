"""Shares, gaps, what the public may see of them, and what others have published; pure."""

from casework.counts.rules.progress import (
    MONTHS,
    NATION,
    YEARS_AHEAD,
    Pace,
    Progress,
    closed_months,
    exact_pace,
    last_closed_day,
    pace,
)
from casework.counts.rules.published import PublishedFigure, published_figures
from casework.counts.rules.small_counts import (
    HELD_BACK,
    NOT_YET,
    STEP,
    PublicCount,
    Shown,
    added_up,
    public_count,
    public_parts,
)
from casework.counts.rules.targets import (
    FACILITATOR_TARGET,
    LARGEST_FACILITATOR_TARGET,
    LARGEST_TARGET,
    Change,
    Setting,
    changes,
    target_of_facilitator,
)
from casework.counts.rules.tiles import TILES, Band, Tile, band

__all__ = [
    "FACILITATOR_TARGET",
    "HELD_BACK",
    "LARGEST_FACILITATOR_TARGET",
    "LARGEST_TARGET",
    "MONTHS",
    "NATION",
    "NOT_YET",
    "STEP",
    "TILES",
    "YEARS_AHEAD",
    "Band",
    "Change",
    "Pace",
    "Progress",
    "PublicCount",
    "PublishedFigure",
    "Setting",
    "Shown",
    "Tile",
    "added_up",
    "band",
    "changes",
    "closed_months",
    "exact_pace",
    "last_closed_day",
    "pace",
    "public_count",
    "public_parts",
    "published_figures",
    "target_of_facilitator",
]
