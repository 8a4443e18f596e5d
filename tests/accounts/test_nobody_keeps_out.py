"""Nobody who does not know the password keeps the right person from signing in, and guessing
stays slow; told through the sign-in page alone (docs/decisions/0004)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.throttle import FREE_TRIES, NETWORK
from casework.core import clock
from casework.core.transaction import transaction
from tests.factories.accounts import PASSWORD, UserFactory

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
#: The address of the operator whom a whole district shares, and others.
SHARED, ELSEWHERE, EVIL = "198.51.100.20", "192.0.2.77", "203.0.113.9"


def enter(client: FlaskClient, username: str, password: str, address: str) -> int:
    data = {"username": username, "password": password}
    environ = {"REMOTE_ADDR": address}
    return client.post("/login", data=data, environ_base=environ).status_code


@pytest.fixture
def rina(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(username="rina", supervisor=True, with_password=True)
    db_session.refresh(user)
    return user


@pytest.fixture
def known(app: Flask, rina: User) -> FlaskClient:
    """The browser in which she signed in last week."""
    browser = app.test_client()
    with clock.at(NOW - timedelta(days=7)):
        assert enter(browser, "rina", PASSWORD, SHARED) == 302
    return browser


class TestTheTwoAttacks:
    """As they were carried out: both kept the right person out."""

    def test_a_client_that_posts_wrong_passwords_all_the_time_keeps_nobody_out(
        self, app: Flask, rina: User
    ) -> None:
        attacker, answers = app.test_client(), []
        for quarter in range(4 * 60):
            with clock.at(NOW + timedelta(seconds=quarter / 4)):
                enter(attacker, "rina", f"tebakan-nomor-{quarter}", EVIL)
                if quarter % 12 == 11:
                    answers.append(enter(app.test_client(), "rina", PASSWORD, SHARED))
        assert answers == [302] * 20

    def test_nor_does_one_try_every_five_minutes_after_that(self, app: Flask, rina: User) -> None:
        attacker, answers = app.test_client(), []
        for n in range(40):
            with clock.at(NOW + timedelta(minutes=5 * n)):
                enter(attacker, "rina", f"tebakan-nomor-{n}", EVIL)
            if n >= 20:
                with clock.at(NOW + timedelta(minutes=5 * n, seconds=1)):
                    answers.append(enter(app.test_client(), "rina", PASSWORD, SHARED))
        assert answers == [302] * 20

    def test_invented_names_from_a_shared_address_keep_nobody_out(
        self, app: Flask, rina: User
    ) -> None:
        attacker = app.test_client()
        with clock.at(NOW):
            for n in range(NETWORK.room + 20):
                enter(attacker, f"orang.karangan.{n}", "salah-semua", SHARED)
            assert enter(app.test_client(), "rina", PASSWORD, SHARED) == 302


def one_network_guesses(app: Flask) -> None:
    for _ in range(3 * FREE_TRIES):
        enter(app.test_client(), "rina", "salah-semua", SHARED)


def three_networks_guess(app: Flask) -> None:
    for n in range(3):
        for _ in range(FREE_TRIES):
            enter(app.test_client(), "rina", "salah-semua", f"203.0.113.{n}")


def shared_address_invents_names(app: Flask) -> None:
    for n in range(8 * FREE_TRIES):
        enter(app.test_client(), f"orang.karangan.{n}", "salah-semua", SHARED)


def shared_address_tries_everybody(app: Flask) -> None:
    with transaction():
        names = [UserFactory(with_password=True).username for _ in range(7)]
    for name in names:
        for _ in range(FREE_TRIES):
            enter(app.test_client(), name, "salah-semua", SHARED)


@pytest.mark.parametrize(
    ("attack", "answers"),
    [
        (one_network_guesses, [302, 302, 429, 302]),
        (three_networks_guess, [302, 302, 429, 429]),
        (shared_address_invents_names, [302, 302, 302, 302]),
        (shared_address_tries_everybody, [302, 302, 429, 302]),
    ],
)
@pytest.mark.usefixtures("narrow")
def test_who_has_to_wait_after_which_attack(
    app: Flask, known: FlaskClient, attack: Callable[[Flask], None], answers: list[int]
) -> None:
    """Her own browser and a new one, from the shared address and from elsewhere."""
    with clock.at(NOW):
        attack(app)
        assert [
            enter(known, "rina", PASSWORD, SHARED),
            enter(known, "rina", PASSWORD, ELSEWHERE),
            enter(app.test_client(), "rina", PASSWORD, SHARED),
            enter(app.test_client(), "rina", PASSWORD, ELSEWHERE),
        ] == answers


@pytest.mark.parametrize("attack", [one_network_guesses, three_networks_guess])
@pytest.mark.usefixtures("narrow")
def test_whoever_has_to_wait_gets_in_after_five_minutes(
    app: Flask, rina: User, attack: Callable[[Flask], None]
) -> None:
    with clock.at(NOW):
        attack(app)
    with clock.at(NOW + timedelta(minutes=5)):
        assert enter(app.test_client(), "rina", PASSWORD, SHARED) == 302


@pytest.mark.parametrize(
    "name",
    [
        f"from:{SHARED} rina",
        f"{SHARED} rina",
        f"rina from:{SHARED}",
        f"rina network:{SHARED}",
        "account:rina",
        "browser:rina",
    ],
)
@pytest.mark.usefixtures("narrow")
def test_no_name_that_is_made_up_for_it_holds_her_up(app: Flask, rina: User, name: str) -> None:
    with clock.at(NOW):
        for n in range(3 * FREE_TRIES):
            enter(app.test_client(), name, "salah-semua", f"203.0.{n}.9")
        assert enter(app.test_client(), "rina", PASSWORD, SHARED) == 302


class TestGuessingStaysSlow:
    def looked_at(self, app: Flask, addresses: list[str]) -> int:
        """How many wrong passwords are looked at in half an hour when each address tries every
        30 seconds."""
        attacker, looked = app.test_client(), 0
        for step in range(60):
            with clock.at(NOW + timedelta(seconds=30 * step)):
                for address in addresses:
                    looked += enter(attacker, "rina", "salah-semua", address) == 422
        return looked

    def test_from_one_address(self, app: Flask, rina: User) -> None:
        assert self.looked_at(app, [EVIL]) <= 5 + 9 + 6

    def test_from_many_addresses(self, app: Flask, rina: User) -> None:
        addresses = [f"203.0.113.{n}" for n in range(6)]
        assert self.looked_at(app, addresses) <= 40 + 20

    def test_a_right_sign_in_gives_whoever_guesses_from_elsewhere_no_more_room(
        self, app: Flask, known: FlaskClient
    ) -> None:
        def guess(address: str) -> list[int]:
            return [enter(app.test_client(), "rina", "salah-semua", address) for _ in range(5)]

        with clock.at(NOW):
            answers = [guess(f"203.0.113.{n}") for n in range(7)]
            assert enter(app.test_client(), "rina", PASSWORD, SHARED) == 302
            assert enter(known, "rina", PASSWORD, SHARED) == 302
            assert [*answers, guess("203.0.113.8")] == [[422] * 5] * 8
            assert guess("203.0.113.9") == [429] * 5

    def test_with_a_browser_that_is_known_too(self, app: Flask, known: FlaskClient) -> None:
        with clock.at(NOW):
            answers = [enter(known, "rina", "salah-semua", EVIL) for _ in range(6)]
            assert answers == [422] * 5 + [429]
            assert enter(known, "rina", PASSWORD, ELSEWHERE) == 429
            assert enter(app.test_client(), "rina", PASSWORD, EVIL) == 302
