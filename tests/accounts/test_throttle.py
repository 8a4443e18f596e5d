"""How long the next try waits, and what counts as one network; a table of boundaries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.accounts.rules import browser_name, is_username
from casework.accounts.throttle import (
    ACCOUNT,
    FORGOTTEN_AFTER,
    NETWORK,
    OWN,
    Count,
    Leaking,
    Rule,
    network_of,
)
from casework.accounts.throttle import FREE_TRIES as FREE

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
    left = OWN.wait(Count(failures, NOW - timedelta(seconds=ago)), NOW)
    assert left == timedelta(seconds=seconds)


ROOM, STEP = ACCOUNT.room, int(ACCOUNT.step.total_seconds())


@pytest.mark.parametrize(
    ("failures", "ago", "seconds"),
    [
        (0, 0, 0),
        (ROOM - 1, 0, 0),
        (ROOM, 0, STEP),
        (ROOM, STEP - 1, 1),
        (ROOM, STEP, 0),
        (ROOM, -60, STEP + 60),  # the clock was put back
        (ROOM, 3600, 0),
    ],
)
def test_what_many_share_lets_one_in_at_every_step(failures: int, ago: int, seconds: int) -> None:
    left = ACCOUNT.wait(Count(failures, NOW - timedelta(seconds=ago)), NOW)
    assert left == timedelta(seconds=seconds)


def test_tries_in_between_do_not_keep_the_others_from_being_forgotten() -> None:
    count, moment = Count(0, NOW), NOW
    for _ in range(6):
        count = ACCOUNT.after_wrong(count, moment)
        moment += ACCOUNT.step * 0.7
    assert count.failures == 6 - int(5 * 0.7)


@pytest.mark.parametrize("rule", [ACCOUNT, NETWORK])
def test_what_is_tidied_away_weighs_nothing_any_more(rule: Leaking) -> None:
    full = Count(rule.room, NOW)
    assert rule.after_wrong(full, NOW + FORGOTTEN_AFTER).failures == 1


def guesses_of_a_day(rule: Rule, *, resting_after: int = 1000) -> int:
    """How many passwords are looked at of whoever tries as soon as that is allowed, and rests
    after some until all is forgotten."""
    count, moment, guesses = Count(0, NOW), NOW, 0
    while moment < NOW + timedelta(days=1):
        assert rule.wait(count, moment) == timedelta(0)
        count = rule.after_wrong(count, moment)
        guesses += 1
        moment += rule.wait(count, moment)
        if guesses % resting_after == 0:
            moment = max(moment, count.at + FORGOTTEN_AFTER)
    return guesses


def test_guesses_of_a_day_are_as_few_as_decision_0004_says() -> None:
    assert max(guesses_of_a_day(OWN, resting_after=n) for n in range(1, 400)) == 305
    assert guesses_of_a_day(ACCOUNT) == 999
    assert guesses_of_a_day(NETWORK) == 4499


def fullest(rule: Leaking, trying: int) -> int:
    """How full so many make it who try as often as each of them may, for four hours."""
    count, highest = Count(0, NOW), 0
    tries = [Count(0, NOW)] * trying
    for second in range(4 * 3600):
        moment = NOW + timedelta(seconds=second)
        for n, own in enumerate(tries):
            while OWN.wait(own, moment) == rule.wait(count, moment) == timedelta(0):
                own = tries[n] = OWN.after_wrong(own, moment)
                count = rule.after_wrong(count, moment)
        highest = max(highest, count.failures)
    return highest


def test_a_few_networks_do_not_fill_what_all_networks_share() -> None:
    assert fullest(ACCOUNT, 1) < 12
    assert fullest(ACCOUNT, 3) < ACCOUNT.room
    assert fullest(ACCOUNT, 4) == ACCOUNT.room


def test_a_dozen_who_try_without_end_do_not_fill_what_a_network_shares() -> None:
    assert fullest(NETWORK, 12) < NETWORK.room


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:200::1", "2001:db8:1:2ff::1", True),
        ("2001:db8:1:200::1", "2001:db8:1:300::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "other", False),
    ],
)
def test_a_network_is_one_ipv4_address_or_a_56_of_ipv6(one: str, other: str, same: bool) -> None:
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
    assert browser_name(user_agent) == name
