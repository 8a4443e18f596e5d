"""Whose account waits to be activated is found without looking through everybody."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.accounts.queries import directory
from casework.core import paging
from casework.core.transaction import transaction
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import BITUNG

PAGE = "/users/?without_password=1"


def names(page: str) -> list[str]:
    return re.findall(r'class="row-title">([^<]+)<', page)


@pytest.fixture
def office(client: FlaskClient, db_session: Session) -> FlaskClient:
    with transaction():
        administrator = UserFactory(administrator=True, name="Novita", with_password=True)
    sign_in(client, administrator)
    return client


def test_the_list_leads_to_those_who_have_set_no_password(office: FlaskClient) -> None:
    with transaction():
        UserFactory(name="Sudah", with_password=True)
        UserFactory(name="Belum")
        UserFactory(name="Ditutup", is_active=False)
        UserFactory(name="Di Bitung", region=BITUNG)
    assert f'href="{PAGE}">Belum ada kata sandi' in office.get("/users/").text
    page = office.get(PAGE).text
    assert names(page) == ["Belum"]
    assert 'aria-current="page">Belum ada kata sandi' in page


def test_when_everybody_has_one_the_page_says_so(office: FlaskClient) -> None:
    page = office.get(PAGE).text
    assert names(page) == []
    assert "Semua orang sudah membuat kata sandi." in page


def test_its_pages_follow_without_losing_the_filter(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PAGE_SIZE", 2)
    monkeypatch.setattr(paging.Page.of.__func__, "__defaults__", (2,))
    with transaction():
        for number in range(3):
            UserFactory(name=f"Belum {number}")
            UserFactory(name=f"Belum {number} sudah", with_password=True)
    first = office.get(PAGE).text
    assert names(first) == ["Belum 0", "Belum 1"]
    (after,) = set(re.findall(r'href="(/users/\?[^"]*after=[^"]+)"', first))
    assert names(office.get(after.replace("&amp;", "&")).text) == ["Belum 2"]
