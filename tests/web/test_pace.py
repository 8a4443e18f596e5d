"""An allowance that is used up by asking and comes back with time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask

from casework.access.actor import Actor, command_line
from casework.core.errors import TooMany
from casework.web import pace as module
from casework.web.pace import Pace


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture(autouse=True)
def application() -> Iterator[None]:
    """Its log, and no database."""
    with Flask("pace").app_context():
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace("sending", most=10, a_second=2, now=clock)


def person() -> Actor:
    return replace(command_line(), user_id=uuid.uuid4())


def wait(pace: Pace, actor: Actor, cost: float = 1) -> int:
    """Seconds that it is told to wait; 0 where it may."""
    try:
        pace.spend(actor, cost)
    except TooMany as error:
        return error.retry_after
    return 0


def test_an_allowance_can_be_used_at_once_and_no_more_of_it(pace: Pace) -> None:
    actor = person()
    assert [wait(pace, actor) for _ in range(12)] == [0] * 10 + [1, 1]


def test_it_comes_back_with_time_and_not_beyond_what_it_was(pace: Pace, clock: Clock) -> None:
    actor = person()
    assert wait(pace, actor, 10) == 0
    assert wait(pace, actor, 5) == 3
    clock.at += 2
    assert wait(pace, actor, 5) == 1
    clock.at += 0.5
    assert wait(pace, actor, 5) == 0
    clock.at += 3600
    assert [wait(pace, actor, 5) for _ in range(3)] == [0, 0, 3]


def test_being_told_to_wait_costs_nothing(pace: Pace, clock: Clock) -> None:
    actor = person()
    wait(pace, actor, 10)
    for _time in range(50):
        assert wait(pace, actor, 2) == 1
    clock.at += 1
    assert wait(pace, actor, 2) == 0


def test_what_costs_more_than_there_ever_is_goes_when_all_is_there(pace: Pace) -> None:
    actor = person()
    assert [wait(pace, actor, 99) for _ in range(2)] == [0, 5]


def test_each_person_has_an_own_one_whatever_address_they_come_from(pace: Pace) -> None:
    one, two = person(), person()
    assert wait(pace, one, 10) == 0
    assert wait(pace, two, 10) == 0
    assert wait(pace, one) == wait(pace, two) == 1


def test_threads_together_get_no_more_than_there_is(pace: Pace) -> None:
    actor = person()
    app = Flask("threads")

    def ask(_number: int) -> int:
        with app.app_context():
            return wait(pace, actor)

    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(ask, range(100)))
    assert waits.count(0) == 10


def test_whoever_has_all_of_it_is_forgotten_and_nobody_else(
    pace: Pace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_ASKERS", 3)
    busy = person()
    wait(pace, busy, 10)
    for _number in range(20):
        clock.at += 0.1
        wait(pace, person(), 0.1)
    assert len(pace._left) <= 5
    assert wait(pace, busy, 10) == 3


def test_it_is_said_in_the_log_without_a_name(pace: Pace, caplog: pytest.LogCaptureFixture) -> None:
    actor = person()
    wait(pace, actor, 10)
    wait(pace, actor)
    assert "excess_rate_limit_exceeded: sending" in caplog.text
    assert actor.name not in caplog.text.split("person")[0]


def wait_at(pace: Pace, address: str) -> int:
    with Flask("address").test_request_context(environ_base={"REMOTE_ADDR": address}):
        try:
            pace.spend_address()
        except TooMany as error:
            return error.retry_after
    return 0


def test_who_has_not_signed_in_is_counted_by_address(
    pace: Pace, caplog: pytest.LogCaptureFixture
) -> None:
    assert [wait_at(pace, "203.0.113.7") for _ in range(11)] == [0] * 10 + [1]
    assert wait_at(pace, "203.0.113.8") == 0
    assert "203.0.113" not in caplog.text


def test_all_addresses_of_one_line_share_an_allowance(pace: Pace) -> None:
    assert [wait_at(pace, f"2001:db8::{number}") for number in range(1, 12)] == [0] * 10 + [1]
    assert wait_at(pace, "2001:db8:0:1::1") == 0
    assert wait_at(pace, "not an address") == 0
