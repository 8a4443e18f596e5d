"""Shares, gaps, what the public may see of them, and what others have published; pure."""

from casework.counts.rules.progress import (
    MONTHS,
    Pace,
    Progress,
    closed_months,
    last_closed_day,
    pace,
)
from casework.counts.rules.published import PublishedFigure, published_figures
from casework.counts.rules.small_counts import (
    HELD_BACK,
    STEP,
    PublicCount,
    Shown,
    added_up,
    public_count,
    public_parts,
)

__all__ = [
    "HELD_BACK",
    "MONTHS",
    "STEP",
    "Pace",
    "Progress",
    "PublicCount",
    "PublishedFigure",
    "Shown",
    "added_up",
    "closed_months",
    "last_closed_day",
    "pace",
    "public_count",
    "public_parts",
    "published_figures",
]
