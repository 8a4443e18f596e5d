"""What the sign-in page says to whoever is not signed in any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from casework.access.roles import ROLES, Role
from casework.accounts.models import LoginSession, User
from casework.accounts.rules import Over, why_over
from casework.core import clock
from casework.core.transaction import transaction
from tests.factories.accounts import UserFactory, sign_in
from tests.fixtures.statements import Statements

NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEFT = "Anda sudah keluar."
AUTOMATIC = "Anda keluar otomatis"
EITHER = (
    "Anda sudah keluar dari sini, atau dikeluarkan lewat perangkat lain atau oleh administrator."
)


@pytest.fixture
def siti(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(username="siti", name="Siti Lumentut")
    db_session.refresh(user)
    return user


def test_who_signs_out_is_told_once(client: FlaskClient, siti: User) -> None:
    sign_in(client, siti)
    page = client.post("/logout", follow_redirects=True)
    assert page.request.full_path == "/login?"
    assert page.text.count(LEFT) == 1
    again = client.get("/login").text
    assert LEFT not in again
    assert AUTOMATIC not in again


def test_nobody_is_named_in_what_signing_out_leaves_behind(client: FlaskClient, siti: User) -> None:
    sign_in(client, siti)
    answer = client.post("/logout")
    assert answer.location == "/login"
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"_flashes", "_permanent", "csrf_token"}
    assert siti.name not in client.get("/login").text


def test_it_is_told_in_the_language_of_the_page_that_tells_it(
    client: FlaskClient, siti: User, db_session: Session
) -> None:
    """Her account is in English; the browser of a stranger is not."""
    with transaction():
        db_session.get_one(User, siti.id).locale = "en"
    sign_in(client, siti)
    assert LEFT in client.post("/logout", follow_redirects=True).text


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.FACILITATOR, "tidak ada kegiatan selama 12 jam"),
        (Role.SUPERVISOR, "tidak ada kegiatan selama 1 jam"),
        (Role.ADMINISTRATOR, "tidak ada kegiatan selama 15 menit"),
    ],
)
def test_an_unused_login_says_that_it_ended_by_itself(
    client: FlaskClient, db_session: Session, role: Role, words: str
) -> None:
    with transaction():
        user = UserFactory(role=role)
    with clock.at(NOW):
        sign_in(client, user)
    with clock.at(NOW + ROLES[role].idle + MINUTE):
        page = client.get("/", follow_redirects=True)
    assert f"{AUTOMATIC} karena {words}." in page.text
    assert user.name not in page.text


def test_a_login_in_use_says_that_it_lasts_no_longer(client: FlaskClient, siti: User) -> None:
    moment, idle = NOW, ROLES[Role.FACILITATOR].idle
    with clock.at(NOW):
        sign_in(client, siti)
    while moment + idle < NOW + ROLES[Role.FACILITATOR].absolute:
        moment += idle
        with clock.at(moment):
            assert client.get("/account").status_code == 200
    with clock.at(moment + idle):
        page = client.get("/", follow_redirects=True)
    assert f"{AUTOMATIC} karena sekali masuk berlaku paling lama 2 minggu." in page.text


def test_a_login_that_another_ended_says_so(client: FlaskClient, siti: User) -> None:
    with clock.at(NOW):
        sign_in(client, siti)
        with transaction() as session:
            session.execute(update(LoginSession).values(ended_at=NOW))
    with clock.at(NOW + MINUTE):
        page = client.get("/", follow_redirects=True).text
        assert EITHER in page
        with transaction() as session:
            session.execute(delete(LoginSession))
        assert "Waktu masuk Anda sudah habis." in client.get("/login").text


def test_who_signed_out_and_never_got_the_answer_is_told_of_nobody_else_alone(
    client: FlaskClient, siti: User
) -> None:
    """Her cookie still names the login that she ended; who ended it, nobody can tell."""
    sign_in(client, siti)
    with client.session_transaction() as cookie:
        before = dict(cookie)
    client.post("/logout")
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    assert EITHER in client.get("/login").text


def test_it_is_not_repeated_to_who_has_tried_to_sign_in(client: FlaskClient, siti: User) -> None:
    with clock.at(NOW):
        sign_in(client, siti)
    with clock.at(NOW + timedelta(days=1)):
        page = client.post("/login", data={"username": "siti", "password": "keliru-sekali"})
    assert page.status_code == 422
    assert AUTOMATIC not in page.text


def test_a_file_that_came_too_late_is_spoken_of_alone(client: FlaskClient, siti: User) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "over"
        cookie["_flashes"] = [("info", "Masuk lagi, lalu pilih berkasnya sekali lagi.")]
    page = client.get("/login").text
    assert "sekali lagi" in page
    assert "Waktu masuk Anda sudah habis." not in page


def test_a_stranger_is_told_nothing_and_asks_the_database_nothing(
    client: FlaskClient, statements: Statements, db_session: Session
) -> None:
    statements.reset()
    page = client.get("/login").text
    assert statements.count == 0
    assert AUTOMATIC not in page
    assert "Waktu masuk Anda" not in page


def test_who_is_signed_in_is_told_nothing(client: FlaskClient, siti: User) -> None:
    sign_in(client, siti)
    page = client.get("/login").text
    assert AUTOMATIC not in page
    assert "Waktu masuk Anda" not in page


@pytest.mark.parametrize(
    ("ended", "expires", "why"),
    [
        (None, MINUTE, Over.IDLE),
        (None, timedelta(0), Over.EXPIRED),
        (None, -MINUTE, Over.EXPIRED),
        (-MINUTE, MINUTE, Over.ENDED),
        # Ended first, and in the meantime it would be over anyway.
        (-2 * MINUTE, -MINUTE, Over.ENDED),
        # Whoever is signed out everywhere is so also where it was over before.
        (-MINUTE, -2 * MINUTE, Over.EXPIRED),
    ],
)
def test_why_a_login_is_over(ended: timedelta | None, expires: timedelta, why: Over) -> None:
    assert why_over(None if ended is None else NOW + ended, NOW + expires, NOW) is why
