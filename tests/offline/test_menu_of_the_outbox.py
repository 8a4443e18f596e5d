"""The outbox leads wherever other pages lead; what a phone keeps for all leads to what it has."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core.db import db
from tests.factories.accounts import UserFactory, sign_in


def menu(page: str) -> list[str]:
    (found,) = re.findall(r'<nav class="site-nav.*?</nav>', page, re.DOTALL)
    return re.findall(r'<a href="([^"]+)"', found)


def test_the_outbox_has_the_menu_of_other_pages(client: FlaskClient, db_session: Session) -> None:
    facilitator = UserFactory()
    db.session.commit()
    sign_in(client, facilitator)
    assert menu(client.get("/outbox").text) == menu(client.get("/households/").text)
    assert len(menu(client.get("/outbox").text)) > 2


def test_what_a_phone_keeps_has_one_menu_for_everybody(
    client: FlaskClient, db_session: Session
) -> None:
    facilitator, administrator = UserFactory(), UserFactory(administrator=True)
    db.session.commit()
    pages = [client.get("/offline").text]
    for person in (facilitator, administrator):
        sign_in(client, person)
        pages.append(client.get("/offline").text)
    assert [menu(page) for page in pages] == [["/", "/groups/", "/outbox"]] * 3
