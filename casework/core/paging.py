"""Lists a page at a time: the next page begins after the last row, not at a number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

#: Rows on a page of any list (field-ux.md 7.3).
PAGE_SIZE = 50

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: Sequence[Row]
    #: Whether there is another page.
    more: bool

    @classmethod
    def of(cls, rows: Sequence[Row], size: int = PAGE_SIZE) -> Page[Row]:
        """From a query that was limited to one row more than the page shows."""
        return cls(rows[:size], len(rows) > size)
