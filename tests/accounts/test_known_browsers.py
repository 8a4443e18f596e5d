"""A browser in which somebody has signed in before: what it keeps, and what that is worth."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.accounts.actions.people import make_link
from casework.accounts.known_browsers import SLOTS, new_mark, recognized, slot
from casework.accounts.models import User
from casework.accounts.throttle import FREE_TRIES
from casework.core import clock
from casework.core.transaction import transaction
from tests.factories.accounts import PASSWORD, UserFactory, actor_for, sign_in

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
NEW = "kapal-merah-berlabuh"
#: Different addresses each, so that one try is never slowed down by its own network.
HERE, THERE = "198.51.100.20", "203.0.113.9"


@pytest.fixture
def people(db_session: Session, narrow: None) -> dict[str, User]:
    with transaction():
        return {
            name: UserFactory(username=name, with_password=True)
            for name in ("siti", "budi", "rina")
        }


def enter(client: FlaskClient, username: str, password: str, address: str = HERE) -> TestResponse:
    data = {"username": username, "password": password}
    return client.post("/login", data=data, environ_base={"REMOTE_ADDR": address})


def mark_cookies(answer: TestResponse) -> list[str]:
    return [line for line in answer.headers.getlist("Set-Cookie") if "casework-known" in line]


def guess_from_everywhere(app: Flask, username: str) -> None:
    """Until a browser that is not known has to wait, wherever it comes from."""
    for n in range(2):
        for _ in range(FREE_TRIES):
            enter(app.test_client(), username, "salah-semua", f"203.0.113.{n}")
    assert enter(app.test_client(), username, PASSWORD).status_code == 429


def test_the_cookie_names_nobody_and_is_for_the_sign_in_page_alone(
    people: dict[str, User], client: FlaskClient
) -> None:
    answer = enter(client, "siti", PASSWORD)
    (cookie,) = mark_cookies(answer)
    assert {"HttpOnly", "SameSite=Lax", "Path=/login"} <= set(cookie.split("; "))
    assert "Max-Age=34560000" in cookie
    for secret in ("siti", str(people["siti"].id), people["siti"].id.hex):
        assert secret not in cookie


def test_over_tls_it_is_for_tls_alone(
    people: dict[str, User], app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    (cookie,) = mark_cookies(enter(client, "siti", PASSWORD))
    assert cookie.startswith("__Secure-casework-known-")
    assert "Secure" in cookie.split("; ")


def test_a_wrong_password_gives_no_mark(people: dict[str, User], client: FlaskClient) -> None:
    assert mark_cookies(enter(client, "siti", "salah-semua")) == []


def test_a_browser_keeps_its_mark_and_another_gets_another(
    people: dict[str, User], app: Flask, client: FlaskClient
) -> None:
    first, again, other = (
        [each.partition(";")[0] for each in mark_cookies(enter(browser, "siti", PASSWORD))]
        for browser in (client, client, app.test_client())
    )
    assert first == again != other


def test_it_outlives_signing_out(people: dict[str, User], app: Flask, client: FlaskClient) -> None:
    with clock.at(NOW):
        enter(client, "siti", PASSWORD)
        client.post("/logout")
        guess_from_everywhere(app, "siti")
        assert enter(client, "siti", PASSWORD).status_code == 302


def test_people_who_share_a_computer_are_known_side_by_side(
    people: dict[str, User], app: Flask, client: FlaskClient
) -> None:
    secret = str(app.secret_key)
    names = {slot(name, secret=secret): name for name in people}
    with clock.at(NOW):
        for name in names.values():
            enter(client, name, PASSWORD)
            client.post("/logout")
        for name in names.values():
            guess_from_everywhere(app, name)
            assert enter(client, name, PASSWORD).status_code == 302


def test_who_has_signed_in_as_herself_is_a_stranger_to_other_accounts(
    people: dict[str, User], app: Flask, client: FlaskClient
) -> None:
    with clock.at(NOW):
        enter(client, "budi", PASSWORD)
        guess_from_everywhere(app, "siti")
        assert enter(client, "siti", PASSWORD).status_code == 429


def test_changing_the_password_revokes_every_mark_but_that_of_this_browser(
    people: dict[str, User], app: Flask, client: FlaskClient
) -> None:
    lost = app.test_client()
    with clock.at(NOW):
        enter(lost, "siti", PASSWORD)
        enter(client, "siti", PASSWORD)
        answer = client.post("/account/password", data={"current": PASSWORD, "password": NEW})
        assert answer.location == "/account"
        guess_from_everywhere(app, "siti")
        assert enter(lost, "siti", NEW).status_code == 429
        assert enter(client, "siti", NEW).status_code == 302


def test_a_link_is_the_way_in_for_whom_others_hold_up(
    people: dict[str, User], app: Flask, client: FlaskClient
) -> None:
    with clock.at(NOW):
        guess_from_everywhere(app, "siti")
        with transaction():
            administrator = actor_for(UserFactory(administrator=True))
            token = make_link(administrator, people["siti"].id)
        client.post(f"/activate/{token}", data={"password": NEW})
        assert enter(client, "siti", NEW).status_code == 302


class TestTheMark:
    MARK = new_mark("siti", "a hash", secret="s")

    @pytest.mark.parametrize(
        ("mark", "username", "password_hash", "secret", "is_known"),
        [
            (MARK, "siti", "a hash", "s", True),
            (MARK, "budi", "a hash", "s", False),
            (MARK, "siti", "another hash", "s", False),
            (MARK, "siti", "a hash", "t", False),
            (MARK, "siti", None, "s", False),
            (MARK[:-1], "siti", "a hash", "s", False),
            (MARK + "=", "siti", "a hash", "s", False),
            ("x" + MARK, "siti", "a hash", "s", False),
            (MARK.partition(".")[0], "siti", "a hash", "s", False),
            ("", "siti", "a hash", "s", False),
            (".", "siti", "a hash", "s", False),
            ("é.ü", "siti", "a hash", "s", False),
            (new_mark("siti", "", secret="s"), "siti", None, "s", False),
        ],
        # Numbers: the mark is another one in each worker, and would name the case.
        ids=[str(number) for number in range(13)],
    )
    def test_only_what_this_account_gave_under_this_password_is_known(
        self, mark: str, username: str, password_hash: str | None, secret: str, is_known: bool
    ) -> None:
        found = recognized(["other", mark], username, password_hash, secret=secret)
        assert (found == mark) is is_known
        assert (found is None) is not is_known

    def test_a_browser_never_sends_more_than_a_head_can_hold(self) -> None:
        assert {slot(f"orang{n}", secret="s") for n in range(200)} == set(range(SLOTS))
        assert SLOTS * len(f"__Secure-casework-known-0={self.MARK}; ") < 1000


class TestTheOwnPassword:
    """It has a brake of its own, one for each login."""

    def change(self, client: FlaskClient, current: str) -> int:
        data = {"current": current, "password": NEW}
        return client.post("/account/password", data=data).status_code

    def test_who_guesses_at_the_sign_in_page_does_not_keep_the_owner_from_changing_it(
        self, people: dict[str, User], app: Flask, client: FlaskClient
    ) -> None:
        with clock.at(NOW):
            sign_in(client, people["siti"])
            guess_from_everywhere(app, "siti")
            assert self.change(client, PASSWORD) == 302

    def test_who_guesses_at_an_open_phone_does_not_keep_the_owner_from_it_elsewhere(
        self, people: dict[str, User], app: Flask, client: FlaskClient
    ) -> None:
        lost = app.test_client()
        with clock.at(NOW):
            sign_in(lost, people["siti"])
            sign_in(client, people["siti"])
            assert [self.change(lost, "salah-semua") for _ in range(6)] == [422] * 5 + [429]
            assert enter(app.test_client(), "siti", PASSWORD).status_code == 302
            assert self.change(client, PASSWORD) == 302
