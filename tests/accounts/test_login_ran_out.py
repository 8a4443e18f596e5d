"""A form that is sent after the login has run out waits in the sign-in page for its owner."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from casework.access.roles import ROLES, Role
from casework.accounts.carrying import packed, unpacked
from casework.accounts.models import LoginSession, User
from casework.core import clock
from casework.core.transaction import transaction
from casework.households.models import Group
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.places import MOLAS, ensure_region

NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
LATER = NOW + ROLES[Role.SUPERVISOR].idle + timedelta(minutes=1)
TYPED = {"village": MOLAS, "name": 'Melati <b>"2"', "meeting_place": "Rumah Ibu & Bapak"}


@pytest.fixture
def rina(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(username="rina", supervisor=True, with_password=True)
        UserFactory(username="budi", supervisor=True, with_password=True)
        ensure_region(MOLAS)
    db_session.refresh(user)
    return user


def log_in(client: FlaskClient, username: str, **more: str) -> TestResponse:
    address = f"/login?again={more['again']}" if "again" in more else "/login"
    fields = {"username": username, "password": PASSWORD}
    if "carried" in more:
        fields["carried"] = more["carried"]
    return client.post(address, data=fields)


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no field {name}"
    return html.unescape(found[1])


def send_too_late(client: FlaskClient, address: str = "/groups/new", **typed: str) -> TestResponse:
    with clock.at(NOW):
        assert log_in(client, "rina").status_code == 302
    with clock.at(LATER):
        answer = client.post(address, data=typed or TYPED)
        assert answer.status_code == 307
        assert answer.location == f"/login?again={address}"
        # What a browser does with 307: the same form, to the other address.
        return client.post(answer.location, data=typed or TYPED)


def test_what_was_typed_is_sent_after_signing_in_again(
    db_session: Session, client: FlaskClient, rina: User
) -> None:
    page = send_too_late(client)
    assert page.status_code == 401
    assert "isian Anda belum hilang" in page.text
    carried = value_of(page.text, "carried")
    with clock.at(LATER):
        wrong = client.post(
            "/login?again=/groups/new",
            data={"username": "rina", "password": "salah", "carried": carried},
        )
        assert wrong.status_code == 422
        assert value_of(wrong.text, "carried") == carried
        back = log_in(client, "rina", again="/groups/new", carried=carried)
        assert "Isian Anda masih ada" in back.text
        assert f"Anda masuk sebagai {rina.name}" in back.text
        fields = {name: value_of(back.text, name) for name in TYPED}
        assert fields == TYPED
        assert db_session.scalars(select(Group.id)).all() == []
        assert client.post("/groups/new", data=fields).status_code == 302
    assert db_session.scalars(select(Group.name)).one() == TYPED["name"]


def test_somebody_elses_form_is_not_sent_in_ones_own_name(client: FlaskClient, rina: User) -> None:
    carried = value_of(send_too_late(client).text, "carried")
    with clock.at(LATER):
        answer = log_in(client, "budi", again="/groups/new", carried=carried)
        assert (answer.status_code, answer.location) == (302, "/")
        assert "milik orang lain" in client.get("/").text


def test_a_login_that_was_ended_from_elsewhere_keeps_the_form_too(
    db_session: Session, client: FlaskClient, rina: User
) -> None:
    with clock.at(NOW):
        log_in(client, "rina")
        with transaction() as session:
            session.execute(update(LoginSession).values(ended_at=NOW))
        answer = client.post("/groups/new", data=TYPED)
        assert answer.status_code == 307
        assert client.post(answer.location, data=TYPED).status_code == 401


def test_passwords_are_not_written_into_a_page(client: FlaskClient, rina: User) -> None:
    typed = {"current": PASSWORD, "password": "perahu-merah-di-dermaga"}
    page = send_too_late(client, "/account/password", **typed)
    assert page.status_code == 401
    assert "perahu" not in page.text
    assert "belum hilang" not in page.text


def test_a_file_has_to_be_chosen_again_and_the_page_says_so(
    client: FlaskClient, rina: User
) -> None:
    with clock.at(NOW):
        log_in(client, "rina")
    with clock.at(LATER):
        sent = {"file": (io.BytesIO(b"photo"), "photo.jpg")}
        answer = client.post("/groups/new", data=sent, content_type="multipart/form-data")
        assert (answer.status_code, answer.location) == (302, "/login?next=/groups/new")
        assert "pilih berkasnya sekali lagi" in client.get(answer.location).text


def test_a_link_with_the_name_of_a_page_in_it_signs_in_as_usual(
    client: FlaskClient, rina: User
) -> None:
    page = client.get("/login?again=/groups/new")
    assert 'action="/login"' in page.text
    with clock.at(NOW):
        log_in(client, "rina")
    with clock.at(LATER):
        page = client.post("/login?again=//elsewhere.example/", data=TYPED)
        assert 'action="//elsewhere' not in page.text
        assert 'again=//elsewhere.example/" novalidate' not in page.text


NONSENSE = ["", "x", "{}", "[1]", '[["a"]]', '[["a", 1]]', "null"]


@pytest.mark.parametrize(
    "carried",
    [*NONSENSE, "[" * 100_000, '{"a":' * 100_000, "9" * 100_000],
    ids=lambda text: text[:12],
)
def test_nonsense_in_place_of_what_was_typed_leads_home(
    client: FlaskClient, rina: User, carried: str
) -> None:
    answer = log_in(client, "rina", again="/groups/new", carried=carried)
    assert (answer.status_code, answer.location) == (302, "/")


def test_half_a_letter_that_no_page_can_hold_leads_home_too(
    client: FlaskClient, rina: User
) -> None:
    with clock.at(NOW):
        log_in(client, "rina")
    with clock.at(LATER):
        carried = r'[["name", "Melati \ud800"]]'
        answer = log_in(client, "rina", again="/groups/new", carried=carried)
    assert (answer.status_code, answer.location) == (302, "/")


def test_a_forged_form_gets_no_page_that_carries_it(
    app: Flask, client: FlaskClient, rina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(NOW):
        log_in(client, "rina")
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    with clock.at(LATER):
        for address in ("/groups/new", "/login?again=/groups/new"):
            answer = client.post(address, data=TYPED)
            assert answer.status_code == 400
            assert "Melati" not in answer.text


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_what_is_packed_is_unpacked_again(fields: list[tuple[str, str]]) -> None:
    kept = [pair for pair in fields if pair[0] != "csrf_token"]
    if any("password" in name for name, _value in fields):
        assert packed(fields) == ""
    else:
        assert unpacked(packed(MultiDict(fields).items(multi=True))) == unpacked(
            json.dumps([pair for name in dict(kept) for pair in kept if pair[0] == name])
        )
