"""A fingerprint of a file is shown as far as one reads it, and is there whole for who compares."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit import actions as audit
from casework.audit.queries.readable import lines
from casework.audit.tags import Tag
from casework.core.ids import new_id
from casework.core.transaction import transaction
from tests.factories.accounts import UserFactory, actor_for, sign_in

WHOLE = "0123456789abcdef" * 4


def test_a_page_of_the_trail_shows_its_beginning(client: FlaskClient, db_session: Session) -> None:
    with transaction():
        administrator = UserFactory(administrator=True)
    actor = actor_for(administrator)
    with transaction():
        audit.record(
            actor,
            Tag.EVIDENCE_ADDED,
            subject_type="evidence",
            subject_id=new_id(),
            area_id=actor.area_id,
            nomination=str(new_id()),
            kind="signing_photo",
            sha256=WHOLE,
        )
    sign_in(client, administrator)
    page = client.get("/audit/").text
    assert f'title="{WHOLE}">01234567…</span>' in page
    assert page.count(WHOLE) == 1


def test_what_is_short_is_shown_whole() -> None:
    assert [(each.value, each.whole) for each in lines({"sha256": "1a2b"})] == [("1a2b", "")]
