"""Once it was sent the evidence stays what it is, and whoever tries otherwise is in the trail."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from casework.graduation.models import Evidence
from casework.graduation.queries.case import load
from casework.graduation.states import EvidenceKind, NominationStatus
from tests.factories.accounts import sign_in
from tests.factories.graduation import NOTE, Cast, cast, nominate, open_all
from tests.graduation.test_evidence_pages import kept, send
from tests.graduation.test_used_files import decision, saved, tries

S = NominationStatus
SENT = [S.SUBMITTED, S.APPROVED, S.FORWARDED, S.ESTABLISHED, S.REJECTED, S.WITHDRAWN]


def nominated(client: FlaskClient, status: S) -> tuple[Cast, uuid.UUID]:
    """With its facilitator signed in."""
    people = cast()
    nomination_id = nominate(people, status)
    sign_in(client, people.facilitator)
    return people, nomination_id


@pytest.mark.parametrize("status", SENT)
def test_a_file_that_comes_after_the_others_were_sent_is_in_the_trail(
    client: FlaskClient, db_session: Session, status: S
) -> None:
    _, nomination_id = nominated(client, status)
    before = len(kept(nomination_id))
    for _time in range(2):
        assert send(client, nomination_id, signing_photo=saved(1)).status_code == 409
    assert len(kept(nomination_id)) == before
    assert tries() == [("add_evidence", "evidence_swapped")]


@pytest.mark.parametrize("status", [S.SUBMITTED, S.APPROVED, S.FORWARDED])
def test_a_file_that_was_to_go_after_it_was_sent_is_in_the_trail(
    client: FlaskClient, db_session: Session, status: S
) -> None:
    _, nomination_id = nominated(client, status)
    files = kept(nomination_id)
    for _time in range(2):
        answer = client.post(f"/nominations/{nomination_id}/evidence/{files[0].id}/remove")
        assert answer.status_code == 409
    assert len(kept(nomination_id)) == len(files)
    assert tries() == [("remove_evidence", "evidence_swapped")]


@pytest.mark.parametrize("status", [S.APPROVED, S.FORWARDED])
def test_to_send_once_more_what_was_decided_is_in_the_trail(
    client: FlaskClient, db_session: Session, status: S
) -> None:
    _, nomination_id = nominated(client, status)
    assert client.post(f"/nominations/{nomination_id}/submit").status_code == 409
    said = {"note": NOTE, "send": "1"}
    assert client.post(f"/nominations/{nomination_id}/note", data=said).status_code == 422
    assert tries() == [("submit", "moved_on")]


def test_a_note_that_is_saved_too_late_is_no_try_to_send(
    client: FlaskClient, db_session: Session
) -> None:
    _, nomination_id = nominated(client, S.APPROVED)
    assert client.post(f"/nominations/{nomination_id}/note", data={"note": NOTE}).status_code == 422
    assert tries() == []


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}], ids=["asked", "confirmed"])
def test_what_was_swapped_in_the_database_itself_stops_the_decision_and_is_in_the_trail(
    client: FlaskClient, db_session: Session, confirmed: dict[str, str]
) -> None:
    people = cast()
    nomination_id = nominate(people)
    open_all(people.theirs, nomination_id)
    with transaction() as session:
        photo = Evidence.kind == EvidenceKind.SIGNING_PHOTO
        session.execute(
            update(Evidence)
            .where(Evidence.nomination_id == nomination_id, photo)
            .values(sha256=b"\1" * 32)
        )
    sign_in(client, people.supervisor)
    version = load(people.theirs, nomination_id).nomination.version
    assert decision(client, nomination_id, version, **confirmed) == 409
    assert tries() == [("approve", "evidence_swapped")]


def test_files_of_a_draft_and_of_what_was_returned_come_and_go_without_a_word(
    client: FlaskClient, db_session: Session
) -> None:
    _, nomination_id = nominated(client, S.RETURNED)
    assert send(client, nomination_id, signing_photo=saved(1)).status_code == 303
    added = kept(nomination_id)[-1]
    answer = client.post(f"/nominations/{nomination_id}/evidence/{added.id}/remove")
    assert answer.status_code == 303
    assert tries() == []
