"""What the brakes leave in the database: no names, and no more than fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.accounts.actions import slow_down
from casework.accounts.models import LoginThrottle
from casework.core import clock
from casework.core.transaction import transaction
from tests.factories.accounts import PASSWORD, UserFactory

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
ADDRESS = "203.0.113.9"


def enter(app: Flask, username: str, password: str = "salah-semua") -> int:  # noqa: S107
    data = {"username": username, "password": password}
    environ = {"REMOTE_ADDR": ADDRESS}
    return app.test_client().post("/login", data=data, environ_base=environ).status_code


def rows(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count()).select_from(LoginThrottle)).one()


@pytest.fixture(autouse=True)
def _siti(app: Flask, db_session: Session) -> None:
    """Who mistyped yesterday: whenever this process tidied last, at NOW it does so again."""
    with transaction():
        UserFactory(username="siti", with_password=True)
    with clock.at(NOW - timedelta(days=1)):
        enter(app, "siti")


def test_names_and_addresses_do_not_stand_in_it(app: Flask, db_session: Session) -> None:
    with clock.at(NOW):
        enter(app, "siti")
    kept = db_session.scalars(select(LoginThrottle.key)).all()
    assert len(kept) == 4  # she from this network, she from everywhere, twice, the network
    assert {len(key) for key in kept} == {16}
    assert not any(word in key for key in kept for word in (b"siti", b"203."))


def test_the_keys_depend_on_the_secret_of_the_installation() -> None:
    one, other = (
        slow_down.Brake.of(slow_down.throttle.OWN, "account:siti", secret=secret)
        for secret in ("s", "t")
    )
    assert one.key != other.key


def test_who_signs_in_at_once_leaves_nothing_in_it(app: Flask, db_session: Session) -> None:
    with clock.at(NOW):
        assert enter(app, "siti", PASSWORD) == 302
    assert rows(db_session) == 0


def test_all_of_it_is_forgotten_after_an_hour(app: Flask, db_session: Session) -> None:
    with clock.at(NOW):
        for n in range(5):
            enter(app, f"orang.karangan.{n}")
        assert rows(db_session) == 3 * 5 + 1
    with clock.at(NOW + timedelta(minutes=59)):
        enter(app, "siti")
        assert rows(db_session) == 3 * 6 + 1
    with clock.at(NOW + timedelta(minutes=60)):
        enter(app, "siti", PASSWORD)
        # What she has to do with was touched a minute ago; the right password forgave her own.
        assert rows(db_session) == 3


def test_a_flood_of_invented_names_leaves_no_more_than_fits(
    app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_down, "MOST_ROWS", 20)
    for second in range(60):
        with clock.at(NOW + timedelta(seconds=second)):
            enter(app, f"orang.karangan.{second}")
    assert rows(db_session) == 3 * 60 + 1
    with clock.at(NOW + timedelta(seconds=61)):
        enter(app, "siti")
    assert rows(db_session) <= 20 + 4
