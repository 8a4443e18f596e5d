"""How long the next try waits, and what counts as one network; a table of boundaries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.accounts.rules import device, is_username
from casework.accounts.throttle import FREE_TRIES_ACCOUNT as FREE
from casework.accounts.throttle import network_of, wait

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "ago", "seconds"),
    [
        (0, 0, 0),
        (FREE - 1, 0, 0),
        (FREE, 0, 1),
        (FREE + 1, 0, 2),
        (FREE + 1, 1, 1),
        (FREE + 1, 2, 0),
        (FREE + 5, 0, 32),
        (FREE + 8, 0, 256),
        (FREE + 9, 0, 300),
        (FREE + 1000, 0, 300),
        (FREE + 1000, 299, 1),
        (FREE + 1000, 300, 0),
        (FREE + 1000, 3600, 0),
    ],
)
def test_the_wait_doubles_to_five_minutes_and_always_ends(
    failures: int, ago: int, seconds: int
) -> None:
    left = wait(failures, NOW - timedelta(seconds=ago), NOW, free_tries=FREE)
    assert left == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "other", False),
    ],
)
def test_a_network_is_one_ipv4_address_or_a_64_of_ipv6(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("siti.rahayu", True),
        ("abc", True),
        ("a" * 64, True),
        ("ab", False),
        ("a" * 65, False),
        ("1abc", False),
        ("Siti", False),
        ("siti rahayu", False),
        ("siti@pkh", False),
        ("", False),
    ],
)
def test_user_names_can_be_dictated(text: str, allowed: bool) -> None:
    assert is_username(text) is allowed


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537 Edg/126", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17 Safari/604", "Safari, iPhone"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_so_that_its_owner_knows_it(user_agent: str, name: str) -> None:
    assert device(user_agent) == name
