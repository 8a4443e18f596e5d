from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.counts.counting import in_november


@pytest.fixture
def november() -> Iterator[None]:
    """The test is lived in `counting.NOW`."""
    with in_november():
        yield
