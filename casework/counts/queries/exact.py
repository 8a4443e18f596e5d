"""What stands beside the public figures of a place for those who work there: exact, to this
moment, and never kept (docs/decisions/0020)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.counts.queries.figures import (
    Place,
    RegionFigure,
    What,
    by_month,
    by_region,
    of_year,
    worst_first,
)
from casework.counts.rules import Progress, closed_months


@dataclass(frozen=True, slots=True)
class Exact:
    #: Until when it is counted; a page that is printed says it.
    day: date
    progress: Progress
    #: The months that have begun, each with its count.
    months: Mapping[int, int]
    #: The provinces of the nation, or the regencies of a province; the largest gap first.
    regions: Sequence[RegionFigure]


def exact(place: Place, what: What, year: int, today: date) -> Exact:
    """Two statements of a regency, three of what has regencies."""
    counted = by_month(place, what, year)
    begun = closed_months(year, today)
    return Exact(
        today,
        of_year(place, what, year),
        {month: counted.get(month, 0) for month in range(1, begun + 1)},
        worst_first(by_region(place, what, year)),
    )
