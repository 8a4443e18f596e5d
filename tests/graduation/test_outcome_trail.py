"""What was tried with files of outcomes stays in the trail, also where nothing came of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import OutcomeFile
from casework.graduation.states import NominationStatus
from tests.factories.accounts import sign_in
from tests.factories.graduation import FAMILY_SAYS
from tests.factories.households import HouseholdFactory, synthetic_nik
from tests.factories.places import PAUDEAN
from tests.graduation.test_outcome_files import (
    GOOD,
    NIK,
    NO_KK,
    Sent,
    csv,
    morning,
    office,
    sent,
    upload,
)

__all__ = ["morning", "office", "sent"]

S = NominationStatus
#: Of an unknown number, of another batch, of another regency, and twice the same family.
BAD = (
    f";{synthetic_nik(4999)};;ditetapkan;2027-1;",
    "XX;;;ditetapkan;2027-1;",
    f";{NIK[3]};;ditetapkan;2027-1;",
    f";{NIK[4]};;ditetapkan;2027-1;",
    f";{NIK[0]};;ditetapkan;2027-1;",
    f";;{NO_KK[0]};ditolak;;Data ganda",
)
COUNTED = {"elsewhere": 1, "not_in_batch": 1, "twice": 2, "unknown": 2}


@pytest.fixture
def bad(db_session: Session) -> bytes:
    with transaction():
        HouseholdFactory(nik=NIK[3], no_kk=NO_KK[3])
        HouseholdFactory(nik=NIK[4], no_kk=NO_KK[4], village=PAUDEAN)
    return csv(*BAD, GOOD[1])


def told(tag: Tag) -> list[dict[str, Any]]:
    db.session.rollback()
    lines = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == tag.value))
    return [each.data for each in lines]


def test_the_check_tells_how_many_rows_cannot_be_taken_and_why(
    office: FlaskClient, sent: Sent, bad: bytes
) -> None:
    upload(office, sent, bad)
    (line,) = told(Tag.OUTCOMES_CHECKED)
    assert (line["rows"], line["bad"], line["problems"]) == (7, 6, COUNTED)
    assert not any(number in str(line) for number in (*NIK, *NO_KK, synthetic_nik(4999)))


def test_a_file_without_a_fault_tells_of_none(office: FlaskClient, sent: Sent) -> None:
    upload(office, sent, csv(*GOOD))
    (line,) = told(Tag.OUTCOMES_CHECKED)
    assert (line["rows"], line["bad"], line["problems"]) == (3, 0, {})


def test_to_apply_bad_rows_all_the_same_is_in_the_trail_once(
    office: FlaskClient, sent: Sent, bad: bytes
) -> None:
    address = upload(office, sent, bad).location
    for _time in range(2):
        office.post(address)
    (line,) = told(Tag.OUTCOMES_TRIED)
    (checked,) = told(Tag.OUTCOMES_CHECKED)
    assert line == {
        "batch": "1/2026",
        "why": "rows_refused",
        "problems": COUNTED,
        "sha256": checked["sha256"],
    }
    assert told(Tag.OUTCOMES_APPLIED) == []
    assert sent.states() == [S.FORWARDED] * 3


def test_what_changed_between_check_and_application_is_in_the_trail(
    office: FlaskClient, sent: Sent
) -> None:
    address = upload(office, sent, csv(*GOOD)).location
    with transaction():
        actions.withdraw(sent.people[2].hers, sent.ids[2], reason=FAMILY_SAYS)
    office.post(address)
    (line,) = told(Tag.OUTCOMES_TRIED)
    assert (line["why"], line["problems"]) == ("rows_refused", {"withdrawn": 1})


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "not_a_table"),
        (csv("Siti;ditolak", header="NAMA;HASIL"), "no_header"),
        (csv(), "no_rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_in_the_trail_and_nothing_of_it_is_kept(
    office: FlaskClient, sent: Sent, data: bytes, why: str
) -> None:
    for _time in range(2):
        assert upload(office, sent, data).status_code == 422
    (line,) = told(Tag.OUTCOMES_TRIED)
    assert (line["batch"], line["why"], line["problems"]) == ("1/2026", why, {})
    assert len(line["sha256"]) == 64
    assert told(Tag.OUTCOMES_CHECKED) == []
    assert db.session.scalar(select(func.count()).select_from(OutcomeFile)) == 0


def test_the_trail_says_it_in_words(
    client: FlaskClient, office: FlaskClient, sent: Sent, bad: bytes
) -> None:
    office.post(upload(office, sent, bad).location)
    upload(office, sent, b"%PDF-1.7")
    sign_in(client, sent.first.administrator)
    page = client.get("/audit/").text
    assert "dari kabupaten/kota lain: 1, tidak ada di paket ini: 1" in page
    assert "Ada baris yang tidak bisa diterima; tidak ada yang dicatat" in page
    assert "Bukan CSV dan bukan XLSX" in page
