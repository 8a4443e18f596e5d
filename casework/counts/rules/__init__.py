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
from casework.counts.rules.releases import (
    Code,
    Counts,
    Parts,
    Release,
    all_releases,
    months_of_year,
    release,
)
from casework.counts.rules.small_counts import (
    NOT_YET,
    STEP,
    UNDER_TEN,
    PublicCount,
    Shown,
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
    "Band",
    "Change",
    "Code",
    "Counts",
    "FACILITATOR_TARGET",
    "LARGEST_FACILITATOR_TARGET",
    "LARGEST_TARGET",
    "MONTHS",
    "NATION",
    "NOT_YET",
    "Pace",
    "Parts",
    "Progress",
    "PublicCount",
    "PublishedFigure",
    "Release",
    "STEP",
    "Setting",
    "Shown",
    "TILES",
    "Tile",
    "UNDER_TEN",
    "YEARS_AHEAD",
    "band",
    "changes",
    "closed_months",
    "exact_pace",
    "last_closed_day",
    "pace",
    "published_figures",
    "all_releases",
    "months_of_year",
    "release",
    "target_of_facilitator",
]
