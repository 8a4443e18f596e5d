"""What no browser sends of itself is refused in words, and never breaks a page."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from casework.households.models import Group
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import MOLAS, ensure_region


@pytest.fixture
def office(client: FlaskClient, db_session: Session) -> FlaskClient:
    """Signed in as an administrator of Kota Manado."""
    with transaction():
        novita = UserFactory(administrator=True)
    sign_in(client, novita)
    return client


def test_a_file_in_a_field_for_text_counts_as_nothing(client: FlaskClient) -> None:
    sent = {"username": (io.BytesIO(b"siti"), "siti.txt"), "password": "perahu"}
    assert client.post("/login", data=sent).status_code == 422


@pytest.mark.parametrize("sent", [["siti"], {"username": 7, "password": {"a": 1}}, "\ud800", None])
def test_a_form_is_not_taken_as_json(client: FlaskClient, sent: object) -> None:
    assert client.post("/login", json=sent).status_code == 422


def test_control_characters_fall_out_of_what_is_typed(
    office: FlaskClient, db_session: Session
) -> None:
    with transaction():
        village = ensure_region(MOLAS)
    sent = {"village": f"{village}\0", "name": "Mela\0ti\x1b", "meeting_place": "\0"}
    assert office.post("/groups/new", data=sent).status_code == 302
    assert db_session.scalars(select(Group.name)).all() == ["Melati"]
    assert office.post("/users/", data={"text": "\0"}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/national?region=%00",
        "/language/id%00",
        "/households/?village=71.71%00",
        "/targets?region=71.71.%00",
        "/targets/facilitators?region=71.71.%00",
        "/audit/?subject=%00",
        "/nominations/?region=%00",
        "/rosters/export?region=%00",
        "/groups/new?village=%00",
    ],
)
def test_an_address_that_holds_a_nul_does_not_exist(office: FlaskClient, address: str) -> None:
    assert office.get(address).status_code == 404


@pytest.mark.parametrize(
    # Microseconds since 1970: after the calendar's last day, too long to read, none at all.
    "moment",
    ["9" + "0" * 18, "9" * 5000, "-1", "0001-01-01T00:00:00+14:00"],
)
def test_a_page_that_no_list_offered_does_not_exist(office: FlaskClient, moment: str) -> None:
    after = f"{moment}-00000000-0000-7000-8000-000000000000"
    assert office.get("/nominations/", query_string={"after": after}).status_code == 404
