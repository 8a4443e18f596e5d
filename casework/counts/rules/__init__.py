"""Shares, gaps, what the public may see of them, and what others have published; pure."""

from casework.counts.rules.progress import (
    MONTHS,
    NATION,
    YEARS_AHEAD,
    Pace,
    Progress,
    closed_months,
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
from casework.counts.rules.tiles import TILES, Band, Tile, band

__all__ = [
    "HELD_BACK",
    "MONTHS",
    "NATION",
    "NOT_YET",
    "STEP",
    "TILES",
    "YEARS_AHEAD",
    "Band",
    "Pace",
    "Progress",
    "PublicCount",
    "PublishedFigure",
    "Shown",
    "Tile",
    "added_up",
    "band",
    "closed_months",
    "last_closed_day",
    "pace",
    "public_count",
    "public_parts",
    "published_figures",
]
