from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from casework.core import clock

#: A morning in Manado (WITA), in the fourth stage of its year.
MORNING = datetime(2026, 11, 12, 1, tzinfo=UTC)


@pytest.fixture
def morning() -> Iterator[None]:
    """The test is lived in that moment."""
    with clock.at(MORNING):
        yield
