"""Lists a page at a time: the next page begins after the last row, not at a number of rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from casework.core.errors import NotFound

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


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page in the order of time, as an address carries it."""

    at: datetime
    id: uuid.UUID

    def __str__(self) -> str:
        # Not through a float: the last digits decide which rows were shown already.
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """None for what no page ever offered."""
        moment, _dash, row_id = text.partition("-")
        try:
            found = cls(_EPOCH + timedelta(microseconds=int(moment)), uuid.UUID(row_id))
        except (ValueError, OverflowError):
            return None
        # Python reads numbers and ids in more ways than pages write them.
        return found if str(found) == text else None

    @classmethod
    def asked(cls, text: str | None) -> Cursor | None:
        """From an address, where it names one. Raises: NotFound for what no page ever offered."""
        if not text:
            return None
        found = cls.parse(text)
        if found is None:
            raise NotFound
        return found
