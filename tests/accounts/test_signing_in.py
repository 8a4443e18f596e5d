"""Signing in, being recognized, and being no longer recognized."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.access.roles import ROLES, Role
from casework.accounts.models import LoginSession, LoginThrottle, User
from casework.accounts.throttle import FREE_TRIES, LONGEST_WAIT
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.transaction import transaction
from tests.answers import told
from tests.factories.accounts import PASSWORD, UserFactory, actor_for, sign_in

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)

Try = Callable[..., TestResponse]


@pytest.fixture
def siti(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(username="siti", with_password=True)
    db_session.refresh(user)
    return user


@pytest.fixture
def enter(client: FlaskClient) -> Try:
    def type_in(password: str, username: str = "siti", **kwargs: object) -> TestResponse:
        return client.post("/login", data={"username": username, "password": password}, **kwargs)

    return type_in


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_the_right_password_opens_the_home_page(
    siti: User, client: FlaskClient, enter: Try
) -> None:
    answer = enter(PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["SITI", " siti ", "Siti"])
def test_capitals_and_blanks_of_a_phone_keyboard_do_no_harm(
    siti: User, enter: Try, typed: str
) -> None:
    assert enter(PASSWORD, username=typed).status_code == 302


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/households/", "/households/"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\t/[", "/"),
    ],
)
def test_the_way_back_never_leads_to_another_site(
    siti: User, client: FlaskClient, target: str, leads_to: str
) -> None:
    answer = client.post(
        "/login",
        query_string={"next": target},
        data={"username": "siti", "password": PASSWORD},
    )
    assert answer.location == leads_to


def test_every_login_has_a_new_token_and_the_old_visitor_is_forgotten(
    siti: User, client: FlaskClient, enter: Try
) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token the attacker knows"
        cookie["planted"] = "yes"
    enter(PASSWORD)
    with client.session_transaction() as cookie:
        first = cookie["_user_id"]
        assert first != "a token the attacker knows"
        assert "planted" not in cookie
    enter(PASSWORD)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first


def test_the_table_holds_no_token_that_opens_a_door(
    db_session: Session, siti: User, client: FlaskClient, enter: Try
) -> None:
    enter(PASSWORD)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    stored = db_session.scalars(select(LoginSession.token_hash)).one()
    assert token.encode() not in stored
    assert len(token) >= 43  # 256 bits


def test_signing_out_ends_the_session_at_the_server(
    siti: User, client: FlaskClient, enter: Try
) -> None:
    enter(PASSWORD)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert client.post("/logout").location == "/login"
    with client.session_transaction() as cookie:
        cookie.update(kept)  # a copy of the cookie, from before
    assert not is_signed_in(client)


def test_an_unknown_user_is_answered_like_a_wrong_password(siti: User, enter: Try) -> None:
    wrong, unknown = (
        told(enter("wrong-password-here")),
        told(enter("wrong-password-here", "nobody")),
    )
    assert wrong[0] == 422
    assert "tidak cocok" in wrong[1]
    assert unknown[1].replace("nobody", "siti") == wrong[1]
    assert "wrong-password-here" not in wrong[1]


@pytest.mark.parametrize("change", [{"is_active": False}, {"password_hash": None}])
def test_who_is_disabled_or_has_no_password_is_answered_alike(
    db_session: Session, siti: User, enter: Try, change: dict[str, object]
) -> None:
    with transaction():
        for name, value in change.items():
            setattr(db_session.get_one(User, siti.id), name, value)
    answer = enter(PASSWORD)
    assert answer.status_code == 422
    assert "tidak cocok" in answer.text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Isi nama pengguna Anda."),
        ({"username": "siti"}, "Isi kata sandi Anda."),
        ({"username": "siti", "password": "x" * 129}, "paling banyak 128"),
        ({"username": "s" * 65, "password": "x"}, "paling banyak 64"),
    ],
)
def test_what_is_missing_or_too_long_is_said_at_the_field(
    siti: User, client: FlaskClient, data: dict[str, str], message: str
) -> None:
    answer = client.post("/login", data=data)
    assert answer.status_code == 422
    assert message in answer.text


class TestTheBrake:
    def test_the_right_password_works_after_the_wait_and_not_before(
        self, siti: User, enter: Try
    ) -> None:
        with clock.at(NOW):
            for _ in range(FREE_TRIES + 3):
                enter("wrong-password-here")
            answer = enter(PASSWORD)
            assert answer.status_code == 429
            assert "Terlalu banyak percobaan" in answer.text
        with clock.at(NOW + LONGEST_WAIT):
            assert enter(PASSWORD).status_code == 302

    def test_a_thousand_wrong_tries_lock_nobody_out(
        self, db_session: Session, siti: User, enter: Try
    ) -> None:
        with clock.at(NOW):
            enter("wrong-password-here")
            with transaction():
                for row in db_session.scalars(select(LoginThrottle)):
                    row.failures = 40
            assert enter(PASSWORD).status_code == 429
        with clock.at(NOW + LONGEST_WAIT):
            assert enter(PASSWORD).status_code == 302

    def test_signing_in_forgives_the_account(
        self, db_session: Session, siti: User, enter: Try
    ) -> None:
        with clock.at(NOW):
            for _ in range(FREE_TRIES - 1):
                enter("wrong-password-here")
            enter(PASSWORD)
            for _ in range(FREE_TRIES - 1):
                assert enter("wrong-password-here").status_code == 422
            assert enter(PASSWORD).status_code == 302

    def test_guessing_leaves_a_trace_under_the_account(
        self, db_session: Session, siti: User, enter: Try
    ) -> None:
        with clock.at(NOW):
            for _ in range(FREE_TRIES):
                enter("wrong-password-here")
        rows = db_session.scalars(
            select(AuditEntry).where(AuditEntry.tag == Tag.LOGIN_FAILED.value)
        ).all()
        assert [(row.subject_id, row.data) for row in rows] == [
            (str(siti.id), {"failures": FREE_TRIES})
        ]

    def test_so_does_guessing_slowly_and_from_everywhere(
        self, db_session: Session, siti: User, enter: Try
    ) -> None:
        for n in range(FREE_TRIES):
            with clock.at(NOW + timedelta(minutes=10 * n)):
                elsewhere = {"REMOTE_ADDR": f"203.0.113.{n}"}
                assert enter("wrong-password-here", environ_base=elsewhere).status_code == 422
        rows = db_session.scalars(
            select(AuditEntry).where(AuditEntry.tag == Tag.LOGIN_FAILED.value)
        ).all()
        assert [row.data for row in rows] == [{"failures": FREE_TRIES}]


class TestBeingForgotten:
    @pytest.mark.parametrize("role", list(Role))
    def test_an_unused_login_ends_after_the_roles_idle_time(
        self, db_session: Session, client: FlaskClient, role: Role
    ) -> None:
        with transaction():
            user = UserFactory(role=role)
        idle = ROLES[role].idle
        with clock.at(NOW):
            sign_in(client, user)
        with clock.at(NOW + idle):
            assert is_signed_in(client)
        with clock.at(NOW + idle + idle + timedelta(seconds=1)):
            assert not is_signed_in(client)

    @pytest.mark.parametrize("role", list(Role))
    def test_a_login_in_use_ends_after_the_roles_longest_time(
        self, db_session: Session, client: FlaskClient, role: Role
    ) -> None:
        with transaction():
            user = UserFactory(role=role)
        step, moment = ROLES[role].idle, NOW
        end = NOW + ROLES[role].absolute
        with clock.at(NOW):
            sign_in(client, user)
        while moment + step < end:
            moment += step
            with clock.at(moment):
                assert is_signed_in(client)
        with clock.at(end):
            assert not is_signed_in(client)

    def test_a_disabled_person_is_out_on_the_next_request(
        self, db_session: Session, siti: User, client: FlaskClient
    ) -> None:
        sign_in(client, siti)
        assert is_signed_in(client)
        with transaction():
            db_session.get_one(User, siti.id).is_active = False
        assert not is_signed_in(client)

    def test_who_is_not_signed_in_is_led_to_the_login_page_and_back(
        self, client: FlaskClient
    ) -> None:
        answer = client.get("/account")
        assert answer.status_code == 302
        assert answer.location == "/login?next=/account"

    def test_signing_in_clears_away_what_is_over(
        self, db_session: Session, siti: User, client: FlaskClient
    ) -> None:
        with clock.at(NOW):
            sign_in(client, siti)
        with clock.at(NOW + timedelta(days=15)):
            sign_in(client, siti)
        assert db_session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_a_forged_form_is_refused(
    app: Flask, siti: User, client: FlaskClient, enter: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = enter(PASSWORD)
    assert answer.status_code == 400
    assert not is_signed_in(client)


def test_the_actor_knows_region_area_and_time_zone(siti: User) -> None:
    actor = actor_for(siti)
    assert (actor.region_code, actor.region_name, actor.area_id, actor.time_zone) == (
        "71.71.01",
        "Bunaken",
        7171,
        "Asia/Makassar",
    )
