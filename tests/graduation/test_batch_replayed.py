"""The form of a batch that comes again: the same is no second batch, another is no success."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.ids import new_id
from casework.graduation.models import BatchEntry, MinistryBatch
from casework.graduation.rules import MOST_IN_BATCH
from casework.graduation.states import NominationStatus
from tests.factories.accounts import sign_in
from tests.factories.graduation import Cast, cast, nominate, state_of

pytestmark = pytest.mark.usefixtures("morning")

S = NominationStatus


@pytest.fixture
def people(client: FlaskClient, db_session: Session) -> Cast:
    """With the administrator signed in."""
    found = cast()
    sign_in(client, found.administrator)
    return found


def form(*nomination_ids: uuid.UUID | str) -> dict[str, Any]:
    return {
        "batch_id": str(new_id()),
        "letter_number": "460/1",
        "letter_on": "2026-11-12",
        "nominations": [str(each) for each in nomination_ids],
    }


def send(client: FlaskClient, data: dict[str, Any], *, follow: bool = False) -> TestResponse:
    return client.post("/nominations/batches/new/7171", data=data, follow_redirects=follow)


def batches() -> list[tuple[str, set[uuid.UUID]]]:
    """The letter of each and whom it names."""
    db.session.rollback()
    return [
        (
            batch.letter_number,
            set(
                db.session.scalars(
                    select(BatchEntry.nomination_id).where(BatchEntry.batch_id == batch.id)
                )
            ),
        )
        for batch in db.session.scalars(select(MinistryBatch).order_by(MinistryBatch.number))
    ]


def test_the_same_form_again_in_any_order_is_told_as_it_was(
    client: FlaskClient, people: Cast
) -> None:
    one, two = nominate(people, S.APPROVED), nominate(cast(), S.APPROVED)
    data = form(one, two)
    again = data | {"nominations": [str(two), str(one)], "letter_number": " 460/1 "}
    for sent in (data, data, again):
        answer = send(client, sent, follow=True)
        assert "Paket dibuat: 2 keluarga diteruskan ke Kemensos." in answer.text
    assert batches() == [("460/1", {one, two})]


@pytest.mark.parametrize("what", ["another family", "one family less", "letter", "day"])
def test_another_content_under_the_same_form_is_refused_and_may_be_sent_as_its_own(
    client: FlaskClient, people: Cast, what: str
) -> None:
    one, two = nominate(people, S.APPROVED), nominate(cast(), S.APPROVED)
    three = nominate(cast(), S.APPROVED)
    data = form(one, two)
    assert "Paket dibuat: 2 keluarga" in send(client, data, follow=True).text
    others: dict[str, dict[str, Any]] = {
        "another family": {"nominations": [str(three)]},
        "one family less": {"nominations": [str(one)]},
        "letter": {"letter_number": "460/2"},
        "day": {"letter_on": "2026-11-11"},
    }
    answer = send(client, data | others[what])
    assert answer.status_code == 422
    assert "Isian ini sudah pernah disimpan dengan isi lain" in answer.text
    assert "Paket dibuat" not in answer.text
    assert batches() == [("460/1", {one, two})]
    assert state_of(three) is S.APPROVED
    # The page has begun a form of its own.
    (fresh,) = re.findall(r'name="batch_id"[^>]*value="([^"]+)"', answer.text)
    assert fresh != data["batch_id"]
    own = form(three) | {"batch_id": fresh, "letter_number": "460/2"}
    assert send(client, own).status_code == 303
    assert batches() == [("460/1", {one, two}), ("460/2", {three})]


def test_a_family_ticked_three_times_counts_once(client: FlaskClient, people: Cast) -> None:
    one = nominate(people, S.APPROVED)
    answer = send(client, form(one, str(one).upper(), one), follow=True)
    assert "Paket dibuat: 1 keluarga diteruskan ke Kemensos." in answer.text
    assert batches() == [("460/1", {one})]
    made = select(AuditEntry.data).where(AuditEntry.tag == Tag.BATCH_MADE.value)
    assert [each["households"] for each in db.session.scalars(made)] == [1]


def test_one_family_ticked_more_often_than_a_batch_has_room_still_fits(
    client: FlaskClient, people: Cast
) -> None:
    one = nominate(people, S.APPROVED)
    assert send(client, form(*[one] * (MOST_IN_BATCH + 1))).status_code == 303


def test_a_nomination_that_is_not_there_keeps_the_batch_back_in_words(
    client: FlaskClient, people: Cast
) -> None:
    one = nominate(people, S.APPROVED)
    answer = send(client, form(one, new_id()))
    assert answer.status_code == 422
    assert "Salah satu keluarga yang dipilih tidak punya usulan di sini." in answer.text
    assert 'href="#nominations"' in answer.text
    assert (batches(), state_of(one)) == ([], S.APPROVED)
