"""The statement that a family signs, filled in from what is known of it."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.graduation.states import NominationStatus
from casework.households.queries.numbers import Number, read
from casework.reports.rules import StatementReason, read_statement, statement_text
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import Cast, cast, nominate

SENTENCES = {
    "better_off": "keadaan ekonomi keluarga saya sudah lebih baik",
    "five_years": "lebih dari lima tahun menjadi peserta PKH",
    "above_minimum_wage": "di atas upah minimum",
    "public_post": "menjadi ASN, TNI, Polri, atau pegawai BUMN/BUMD",
}


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast()


@pytest.fixture
def nomination_id(people: Cast) -> uuid.UUID:
    return nominate(people, NominationStatus.DRAFT)


def numbers(people: Cast) -> dict[Number, str]:
    db.session.rollback()
    household = people.household
    return {
        what: read(household.area_id, household.id, what) for what in (Number.NIK, Number.ADDRESS)
    }


def asked(client: FlaskClient, nomination_id: uuid.UUID, reason: str) -> TestResponse:
    return client.post(f"/reports/statements/{nomination_id}", data={"reason": reason})


def looks() -> list[str]:
    """What was looked at in clear, as the trail has it."""
    rows = db.session.scalars(
        select(AuditEntry.data).where(AuditEntry.tag == Tag.NIK_REVEALED).order_by(AuditEntry.id)
    )
    return [row["what"] for row in rows]


@pytest.mark.parametrize("reason", StatementReason)
def test_each_reason_has_its_own_sentence(reason: StatementReason) -> None:
    assert SENTENCES[reason.value] in statement_text().declares[reason]
    assert "{" not in statement_text().declares[reason]


def test_it_says_what_the_ministrys_form_says() -> None:
    """Its four clauses, what is left, and who signs as the facilitator; in its own words."""
    text = statement_text()
    for reason in StatementReason:
        assert (
            "bersedia untuk Graduasi Mandiri dari kepesertaan Program Keluarga Harapan"
            " (PKH)/Bantuan Sosial, karena "
        ) in text.declares[reason]
    says = ("mampu memenuhi kebutuhan dasar", "memiliki usaha/pekerjaan", "melepaskan", "memahami")
    assert [words for words, clause in zip(says, text.clauses, strict=True) if words in clause] == [
        *says
    ]
    assert text.signs["facilitator"] == "ASN/PPPK Kementerian Sosial"
    assert "tanpa paksaan dari pihak mana pun" in text.closing


@pytest.mark.parametrize("lacks", ["title", "declares", "clauses", "signs", "reasons"])
def test_a_wording_that_lacks_a_part_is_not_taken(lacks: str) -> None:
    whole = {
        "title": "a", "opening": "b", "declares": "c {reason}", "understands": "d",
        "clauses": ["e"], "closing": "f", "stamp": "g",
        "signs": dict.fromkeys(("declarer", "known", "facilitator", "village_head"), "h"),
        "reasons": {each.value: "i" for each in StatementReason},
    }  # fmt: skip
    assert read_statement(whole).clauses == ("e",)
    with pytest.raises(KeyError, match=lacks):
        read_statement({key: value for key, value in whole.items() if key != lacks})


@pytest.mark.parametrize("reason", SENTENCES)
def test_the_letter_is_filled_in_and_the_look_is_written_down(
    client: FlaskClient, people: Cast, nomination_id: uuid.UUID, reason: str
) -> None:
    sign_in(client, people.facilitator)
    answer = asked(client, nomination_id, reason)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    known = numbers(people)
    for words in (
        people.household.caretaker_name,
        known[Number.NIK],
        known[Number.ADDRESS],
        people.facilitator.name,
        SENTENCES[reason],
        "Meterai Rp10.000",
    ):
        assert words in answer.text
    assert looks() == ["nik", "address"]


def test_the_question_shows_no_number_and_writes_nothing(
    client: FlaskClient, people: Cast, nomination_id: uuid.UUID
) -> None:
    sign_in(client, people.facilitator)
    answer = client.get(f"/reports/statements/{nomination_id}")
    assert answer.status_code == 200
    assert numbers(people)[Number.NIK] not in answer.text
    assert looks() == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [("", "Pilih alasan yang disampaikan keluarga."), ("hadiah", "Ada kesalahan")],
)
def test_without_a_reason_there_is_no_letter(
    client: FlaskClient, people: Cast, nomination_id: uuid.UUID, reason: str, words: str
) -> None:
    sign_in(client, people.facilitator)
    answer = asked(client, nomination_id, reason)
    assert answer.status_code == 422
    assert words in answer.text
    assert looks() == []


def test_a_nomination_that_was_sent_is_not_printed_anew(client: FlaskClient, people: Cast) -> None:
    sent = nominate(people)
    sign_in(client, people.facilitator)
    answer = asked(client, sent, "five_years")
    assert answer.status_code == 422
    assert "tidak bisa diubah" in answer.text
    assert looks() == []


def test_for_a_facilitator_of_other_families_it_does_not_exist(
    client: FlaskClient, people: Cast, nomination_id: uuid.UUID
) -> None:
    sign_in(client, cast().facilitator)
    for answer in (
        client.get(f"/reports/statements/{nomination_id}"),
        asked(client, nomination_id, "five_years"),
    ):
        assert answer.status_code == 404
    assert looks() == []


@pytest.mark.parametrize("role", ["supervisor", "administrator", "viewer"])
def test_others_print_none(
    client: FlaskClient, people: Cast, nomination_id: uuid.UUID, role: str
) -> None:
    user = UserFactory(**{role: True})
    db.session.commit()
    sign_in(client, user)
    assert asked(client, nomination_id, "five_years").status_code == 404
    assert looks() == []
