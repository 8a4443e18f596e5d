"""Bounds that are soon reached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.accounts import throttle
from casework.accounts.throttle import FREE_TRIES


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two networks fill what an account bears, six accounts what a network bears. How much that
    is in truth is a matter of test_throttle; what follows when it is full is the same."""
    for name, room in (("ACCOUNT", 2 * FREE_TRIES), ("NETWORK", 6 * FREE_TRIES)):
        monkeypatch.setattr(throttle, name, replace(getattr(throttle, name), room=room))
