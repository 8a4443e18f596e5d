"""A file stands for one thing of a nomination: one picture is not the whole checklist."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.core.errors import Refused
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import Evidence
from casework.graduation.rules import CHECKLIST
from casework.graduation.states import EvidenceKind, NominationStatus, WhyNot
from tests.factories.accounts import sign_in
from tests.factories.graduation import NOTE, Cast, cast, complete, nominate, state_of
from tests.graduation.test_evidence_pages import kept, send
from tests.graduation.test_used_files import add, refusal, saved, tries

S = NominationStatus
STATEMENT, SIGNING, HOUSE = CHECKLIST


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast()


def test_one_picture_for_the_whole_checklist_is_kept_once_and_the_try_is_in_the_trail(
    client: FlaskClient, people: Cast
) -> None:
    nomination_id = nominate(people, S.DRAFT)
    sign_in(client, people.facilitator)
    answer = send(client, nomination_id, **{kind.value: saved(1) for kind in CHECKLIST})
    assert answer.status_code == 422
    said = "Berkas ini sudah dipakai untuk “Surat pernyataan bertanda tangan”."
    assert answer.text.count(f"{said} Tiap bukti perlu berkas sendiri.</a>") == 2
    for kind in (SIGNING, HOUSE):
        assert f'href="#{kind.value}"' in answer.text
    assert [each.kind for each in kept(nomination_id)] == [STATEMENT]
    assert tries() == [("add_evidence", "file_doubled")]


@pytest.mark.parametrize(
    ("first", "second"),
    [(STATEMENT, HOUSE), (HOUSE, STATEMENT), (SIGNING, HOUSE), (HOUSE, SIGNING)],
)
def test_a_file_is_refused_under_another_kind_until_it_is_taken_out(
    people: Cast, first: EvidenceKind, second: EvidenceKind
) -> None:
    nomination_id = nominate(people, S.DRAFT)
    there = add(people, nomination_id, saved(1), first)
    refusal(people, nomination_id, saved(1), second, why=WhyNot.FILE_DOUBLED)
    add(people, nomination_id, saved(2), second)
    with transaction():
        actions.remove_evidence(people.hers, nomination_id, there)
    add(people, nomination_id, saved(1), second)


def test_a_file_that_comes_otherwise_and_is_kept_as_the_same_is_the_same(people: Cast) -> None:
    nomination_id = nominate(people, S.DRAFT)
    add(people, nomination_id, saved(1), SIGNING)
    refusal(people, nomination_id, saved(1) + b"\0", HOUSE, why=WhyNot.FILE_DOUBLED)


@pytest.mark.parametrize("copy", [saved(1, quality=40), saved(1, small=True)])
def test_a_copy_of_the_photo_of_the_signing_is_none_of_the_house(people: Cast, copy: bytes) -> None:
    nomination_id = nominate(people, S.DRAFT)
    add(people, nomination_id, saved(1), SIGNING)
    said = refusal(people, nomination_id, copy, HOUSE, why=WhyNot.PHOTO_DOUBLED)
    assert "Foto ini hampir sama dengan foto untuk “Foto saat tanda tangan”." in said


def test_further_views_of_one_kind_may_be_alike(people: Cast) -> None:
    nomination_id = nominate(people, S.DRAFT)
    first = add(people, nomination_id, saved(1))
    add(people, nomination_id, saved(1, quality=40))
    assert add(people, nomination_id, saved(1)) == first


def of_old(people: Cast, status: S = S.DRAFT) -> uuid.UUID:
    """A nomination with everything, of before a file was asked to stand for one thing: its photo
    of the house came as that of the signing."""
    nomination_id = nominate(people, status)
    if status is S.DRAFT:
        complete(people.hers, nomination_id)
    with transaction() as session:
        of_kind = {each.kind: each for each in kept(nomination_id)}
        session.execute(
            update(Evidence)
            .where(Evidence.id == of_kind[HOUSE].id)
            .values(upload_sha256=of_kind[SIGNING].upload_sha256)
        )
    return nomination_id


@pytest.mark.parametrize("status", [S.DRAFT, S.RETURNED])
def test_an_old_draft_is_told_what_it_lacks_and_sent_once_it_has_it(
    client: FlaskClient, people: Cast, status: S
) -> None:
    nomination_id = of_old(people, status)
    sign_in(client, people.facilitator)
    lacks = (
        "Foto rumah atau usaha: Berkas ini sudah dipakai untuk “Foto saat tanda tangan”."
        " Tiap bukti perlu berkas sendiri."
    )
    assert lacks in client.get(f"/nominations/{nomination_id}").text
    answer = client.post(f"/nominations/{nomination_id}/submit")
    assert (answer.status_code, lacks in answer.text) == (403, True)
    said = {"note": NOTE, "send": "1"}
    answer = client.post(f"/nominations/{nomination_id}/note", data=said)
    assert (answer.status_code, lacks in answer.text) == (422, True)
    assert state_of(nomination_id) is status
    assert tries() == [("submit", "file_doubled")]
    (double,) = [each for each in kept(nomination_id) if each.kind is HOUSE]
    with transaction():
        actions.remove_evidence(people.hers, nomination_id, double.id)
    add(people, nomination_id, saved(1))
    with transaction():
        actions.submit(people.hers, nomination_id)


def test_two_that_are_alike_hinder_too(people: Cast) -> None:
    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    with transaction() as session:
        session.execute(
            update(Evidence)
            .where(Evidence.kind != STATEMENT)
            .values(likeness=b"\xaa" * 32 + b"\xff" * 32)
        )
    with pytest.raises(Refused) as refused, transaction():
        actions.submit(people.hers, nomination_id)
    assert refused.value.code == WhyNot.PHOTO_DOUBLED
