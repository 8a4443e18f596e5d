"""Many tries at the same moment learn no more than the same tries one after the other."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from casework.accounts import passwords
from casework.accounts.models import LoginSession, LoginThrottle, User
from casework.accounts.throttle import FREE_TRIES
from casework.core import clock
from casework.core.transaction import transaction
from tests.factories.accounts import PASSWORD, UserFactory, sign_in

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
#: Fewer than the connections that the application keeps.
TRIES = 12


@pytest.fixture
def siti(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(username="siti", with_password=True)
    db_session.refresh(user)
    return user


def enter(app: Flask, password: str, address: str = "203.0.113.9") -> int:
    data = {"username": "siti", "password": password}
    environ = {"REMOTE_ADDR": address}
    with clock.at(NOW):
        return app.test_client().post("/login", data=data, environ_base=environ).status_code


@pytest.fixture
def _together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody goes on before all the passwords were looked at."""
    together, matches = Barrier(TRIES), passwords.matches

    def wait_for_all(stored: str | None, password: str) -> bool:
        found = matches(stored, password)
        together.wait(timeout=20)
        return found

    monkeypatch.setattr(passwords, "matches", wait_for_all)


@pytest.mark.usefixtures("_together")
def test_of_many_tries_at_once_only_the_free_ones_are_answered(
    siti: User, app: Flask, db_session: Session
) -> None:
    with ThreadPoolExecutor(TRIES) as pool:
        answers = Counter(pool.map(lambda _: enter(app, "salah-semua"), range(TRIES)))
    assert answers == {422: FREE_TRIES, 429: TRIES - FREE_TRIES}
    db_session.rollback()
    failures = db_session.scalars(select(func.max(LoginThrottle.failures))).one()
    assert failures == FREE_TRIES


@pytest.mark.usefixtures("_together")
def test_of_many_networks_at_once_every_try_is_counted(
    siti: User, app: Flask, db_session: Session
) -> None:
    addresses = [f"203.0.113.{n}" for n in range(TRIES)]
    with ThreadPoolExecutor(TRIES) as pool:
        answers = Counter(pool.map(lambda one: enter(app, "salah-semua", one), addresses))
    assert answers == {422: TRIES}
    db_session.rollback()
    failures = db_session.scalars(select(func.max(LoginThrottle.failures))).one()
    assert failures == TRIES


@pytest.mark.usefixtures("_together")
def test_of_many_who_ask_for_another_password_at_once_only_the_free_ones_are_answered(
    siti: User, app: Flask, client: FlaskClient
) -> None:
    with clock.at(NOW):
        sign_in(client, siti)
    cookie = client.get_cookie("casework")
    assert cookie

    def change(_n: int) -> int:
        copy = app.test_client()
        copy.set_cookie("casework", cookie.value)
        data = {"current": "salah-semua", "password": "layar-kuning-di-teluk"}
        with clock.at(NOW):
            return copy.post("/account/password", data=data).status_code

    with ThreadPoolExecutor(TRIES) as pool:
        answers = Counter(pool.map(change, range(TRIES)))
    assert answers == {422: FREE_TRIES, 429: TRIES - FREE_TRIES}


def test_the_right_password_among_them_is_not_told_either(
    siti: User, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = passwords.matches

    def others_were_faster(stored: str | None, password: str) -> bool:
        if password == PASSWORD:
            for _ in range(FREE_TRIES):
                enter(app, "salah-semua")
        return matches(stored, password)

    monkeypatch.setattr(passwords, "matches", others_were_faster)
    assert enter(app, PASSWORD) == 429


def test_a_password_that_is_changed_meanwhile_opens_nothing(
    siti: User, app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches, other = passwords.matches, passwords.hash_password("layar-kuning-di-teluk")

    def changed_meanwhile(stored: str | None, password: str) -> bool:
        found = matches(stored, password)
        with transaction() as session:
            session.execute(update(User).values(password_hash=other))
        return found

    monkeypatch.setattr(passwords, "matches", changed_meanwhile)
    assert enter(app, PASSWORD) == 422
    db_session.rollback()
    assert db_session.scalars(select(LoginSession.user_id)).all() == []
