"""The own account: the first password, another password, where I am signed in, language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts.actions.people import make_link
from casework.accounts.models import Activation, LoginSession, User
from casework.accounts.passwords import matches
from casework.accounts.throttle import FREE_TRIES
from casework.core import clock
from casework.core.transaction import transaction
from tests.factories.accounts import PASSWORD, UserFactory, actor_for, sign_in

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
NEW = "kapal-merah-berlabuh"


@pytest.fixture
def siti(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(username="siti", with_password=True)
    db_session.refresh(user)
    return user


def password_is(db_session: Session, user: User, password: str) -> bool:
    return matches(
        db_session.scalar(select(User.password_hash).where(User.id == user.id)), password
    )


class TestTheLink:
    @pytest.fixture
    def link(self, siti: User) -> str:
        with transaction():
            administrator = actor_for(UserFactory(administrator=True))
            with clock.at(NOW):
                return f"/activate/{make_link(administrator, siti.id)}"

    def test_it_sets_the_own_password_once(
        self, db_session: Session, client: FlaskClient, siti: User, link: str
    ) -> None:
        with clock.at(NOW + timedelta(hours=23)):
            assert "siti" in client.get(link).text
            answer = client.post(link, data={"password": NEW})
            assert answer.location == "/login"
            assert password_is(db_session, siti, NEW)
            assert client.get(link).status_code == 404
            assert client.post(link, data={"password": PASSWORD}).status_code == 404
        assert password_is(db_session, siti, NEW)

    def test_it_lasts_a_day(
        self, db_session: Session, client: FlaskClient, siti: User, link: str
    ) -> None:
        with clock.at(NOW + timedelta(hours=24)):
            assert client.get(link).status_code == 404
            assert client.post(link, data={"password": NEW}).status_code == 404
        assert password_is(db_session, siti, PASSWORD)

    @pytest.mark.parametrize(
        ("password", "message"),
        [
            ("", "Isi kata sandi."),
            ("x" * 11, "paling sedikit 12"),
            ("x" * 129, "paling banyak 128"),
            ("kemensoskemensos1", "terlalu mudah"),
            ("aaaaaaaaaaaaaaaa", "terlalu mudah"),
            ("123456789012", "terlalu mudah"),
            ("siti siti siti siti", "terlalu mudah"),
            ("Pendamping PKH 2026!", "terlalu mudah"),
        ],
    )
    def test_a_weak_password_is_refused_and_the_link_still_works(
        self, client: FlaskClient, link: str, password: str, message: str
    ) -> None:
        with clock.at(NOW):
            answer = client.post(link, data={"password": password})
            assert answer.status_code == 422
            assert message in answer.text
            assert not password or password not in answer.text
            assert client.post(link, data={"password": NEW}).status_code == 302

    def test_whoever_was_signed_in_is_signed_out(
        self, app: Flask, client: FlaskClient, siti: User, link: str
    ) -> None:
        with clock.at(NOW):
            sign_in(client, siti)
            app.test_client().post(link, data={"password": NEW})
            assert client.get("/account").status_code == 302

    def test_a_second_link_ends_the_first(self, client: FlaskClient, siti: User, link: str) -> None:
        with transaction(), clock.at(NOW):
            make_link(actor_for(UserFactory(administrator=True)), siti.id)
        with clock.at(NOW):
            assert client.get(link).status_code == 404

    def test_it_does_not_stand_in_the_database(self, db_session: Session, link: str) -> None:
        stored = db_session.scalars(select(Activation.token_hash)).one()
        assert link.removeprefix("/activate/").encode() not in stored

    def test_a_link_nobody_made_leads_nowhere(self, client: FlaskClient) -> None:
        answer = client.get("/activate/abc")
        assert answer.status_code == 404
        assert "tidak berlaku lagi" in answer.text


class TestTheOwnPassword:
    def test_changing_it_signs_out_every_other_browser(
        self, app: Flask, db_session: Session, client: FlaskClient, siti: User
    ) -> None:
        lost = app.test_client()
        sign_in(lost, siti)
        sign_in(client, siti)
        answer = client.post("/account/password", data={"current": PASSWORD, "password": NEW})
        assert answer.location == "/account"
        assert password_is(db_session, siti, NEW)
        assert client.get("/account").status_code == 200
        assert lost.get("/account").status_code == 302

    def test_the_present_one_is_asked_for_and_guessing_is_slowed_down(
        self, db_session: Session, client: FlaskClient, siti: User
    ) -> None:
        with clock.at(NOW):
            sign_in(client, siti)
            data = {"current": "wrong-password-here", "password": NEW}
            for _ in range(FREE_TRIES):
                answer = client.post("/account/password", data=data)
                assert answer.status_code == 422
                assert "bukan kata sandi Anda" in answer.text
            answer = client.post("/account/password", data={**data, "current": PASSWORD})
            assert answer.status_code == 429
        assert password_is(db_session, siti, PASSWORD)


class TestWhereIAmSignedIn:
    def test_another_browser_is_ended_from_here(
        self, app: Flask, client: FlaskClient, siti: User
    ) -> None:
        phone = app.test_client()
        sign_in(phone, siti)
        sign_in(client, siti)
        page = client.get("/account").text
        assert page.count("sejak") == 2
        other = page.split('name="login" value="')[1].split('"')[0]
        assert client.post("/account/sessions/end", data={"login": other}).status_code == 302
        assert phone.get("/account").status_code == 302
        assert client.get("/account").status_code == 200

    @pytest.mark.parametrize("login", ["", "zz", "00" * 32])
    def test_what_is_not_mine_does_not_exist(
        self, client: FlaskClient, siti: User, login: str
    ) -> None:
        sign_in(client, siti)
        answer = client.post("/account/sessions/end", data={"login": login})
        assert answer.status_code == 404

    def test_nobody_ends_another_persons_login(
        self, app: Flask, db_session: Session, client: FlaskClient, siti: User
    ) -> None:
        with transaction():
            budi = UserFactory()
        phone = app.test_client()
        sign_in(phone, budi)
        hers = db_session.scalars(select(LoginSession.token_hash)).one().hex()
        sign_in(client, siti)
        assert client.post("/account/sessions/end", data={"login": hers}).status_code == 404
        assert phone.get("/account").status_code == 200


def test_the_language_of_the_account_follows_to_other_browsers(
    app: Flask, client: FlaskClient, siti: User
) -> None:
    sign_in(client, siti)
    assert client.post("/account/language", data={"locale": "en"}).location == "/account"
    assert "Your account" in client.get("/account").text
    other = app.test_client()
    sign_in(other, siti)
    assert "Your account" in other.get("/account").text
    assert client.post("/account/language", data={"locale": "xx"}).status_code == 404
