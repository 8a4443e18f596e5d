"""Signing in, being recognized, and being no longer recognized."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from tests.factories.accounts import UserFactory, sign_in


def test_a_browser_that_is_signed_in_may_sign_out(db_session: Session, client: FlaskClient) -> None:
    with transaction():
        user = UserFactory()
    sign_in(client, user)
    answer = client.post("/logout")
    assert answer.status_code == 302
    assert answer.location == "/login"


def test_the_login_page_opens(client: FlaskClient) -> None:
    answer = client.get("/login")
    assert answer.status_code == 200
    assert "Masuk" in answer.text
