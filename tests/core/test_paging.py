from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from casework.core.paging import Cursor

ID = uuid.UUID(int=7)


def test_a_cursor_in_an_address_keeps_every_microsecond() -> None:
    cursor = Cursor(datetime(2026, 11, 12, 2, 3, 4, 123457, tzinfo=UTC), ID)
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "1", f"x-{ID}", "1-x", f"{10**30}-{ID}"),
        *(f" 5-{ID}", f"+5-{ID}", f"1_0-{ID}", f"٣-{ID}", f"05-{ID}"),
        *(f"5-{{{ID}}}", f"5-urn:uuid:{ID}", f"5-{ID.hex}"),
    ],
)
def test_what_no_page_offered_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None
