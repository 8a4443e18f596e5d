"""A photo that shows too little to be compared is told to whoever decides, and to who added it."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation.rules import CHECKLIST
from casework.graduation.states import NominationStatus
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import Cast, cast, nominate
from tests.graduation.test_used_files import add, saved
from tests.pictures import scene

S = NominationStatus
STATEMENT, SIGNING, HOUSE = CHECKLIST
PHOTOS = ["Foto saat tanda tangan", "Foto rumah atau usaha"]
LINE = "Tidak bisa dibandingkan dengan foto keluarga lain."


def in_a_chat(seed: int) -> bytes:
    """Small on an even ground, as a screenshot of a list of messages."""
    screen = Image.new("RGB", (640, 1138), "white")
    screen.paste(scene(seed).resize((160, 120)), (40, 700))
    sink = io.BytesIO()
    screen.save(sink, "JPEG", quality=90)
    return sink.getvalue()


def told(page: str) -> list[str]:
    """The titles of the files of which it is said."""
    rows = re.findall(r'id="file-\d+">([^<]+)<(.*?)</li>', page, re.DOTALL)
    assert len(rows) == len(CHECKLIST)
    return [title for title, rest in rows if LINE in rest]


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast()


def test_who_adds_it_is_told_where_she_can_take_another_one(
    client: FlaskClient, people: Cast
) -> None:
    nomination_id = nominate(people, S.DRAFT)
    add(people, nomination_id, in_a_chat(1), STATEMENT)
    add(people, nomination_id, saved(2), SIGNING)
    add(people, nomination_id, in_a_chat(3), HOUSE)
    sign_in(client, people.facilitator)
    page = client.get(f"/nominations/{nomination_id}/evidence").text
    assert told(page) == PHOTOS[1:], "neither the paper nor what can be compared"


@pytest.mark.parametrize("status", [S.SUBMITTED, S.APPROVED])
def test_who_decides_and_who_added_it_are_told_and_nobody_else(
    client: FlaskClient, people: Cast, status: NominationStatus
) -> None:
    """The photos that the tests draw for a nomination have no likeness."""
    nomination_id = nominate(people, status)
    with transaction():
        office = UserFactory(administrator=True)
    for reader, titles in (
        (people.supervisor, PHOTOS),
        (people.facilitator, PHOTOS),
        (office, []),
    ):
        sign_in(client, db.session.merge(reader))
        page = client.get(f"/nominations/{nomination_id}")
        assert page.status_code == 200
        assert told(page.text) == titles
