"""The ministry's outcomes as a file: every row that cannot be taken is named, and either all of it
is recorded or nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.crypto import current_keyring
from casework.core.db import db
from casework.core.tables.cells import ToFill
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.core.tables.xlsx_out import write_xlsx
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.actions import outcome_files
from casework.graduation.actions.checking_outcomes import Checked, check
from casework.graduation.actions.hands import note_hand
from casework.graduation.labels import outcome_problem
from casework.graduation.models import Nomination, NominationEvent, OutcomeFile
from casework.graduation.queries import batches
from casework.graduation.reading.faults import OutcomeFault
from casework.graduation.reading.outcomes import read_outcomes
from casework.graduation.states import HandIn, NominationStatus, Step
from casework.households.models import Household
from casework.households.rules import HouseholdStatus
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import (
    FAMILY_SAYS,
    MINISTRY_SAYS,
    Cast,
    answer,
    batch_of,
    cast,
    forward,
    nominate,
    state_of,
)
from tests.factories.households import HouseholdFactory, synthetic_nik, synthetic_no_kk
from tests.factories.places import BITUNG, PAUDEAN
from tests.fingerprint import nothing_changes
from tests.graduation.conftest import MORNING

S, F = NominationStatus, OutcomeFault
HEADER = "NO USULAN;NIK;NO KK;HASIL;TAHAP;ALASAN"
#: Numbers of the families that the tests write themselves.
NIK = [synthetic_nik(n) for n in range(1, 6)]
NO_KK = [synthetic_no_kk(n + 3000) for n in range(1, 6)]


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


class Sent:
    """A batch of three families under known numbers."""

    def __init__(self) -> None:
        self.people = [
            cast(nik=NIK[n], no_kk=NO_KK[n], caretaker_name=f"IBU CONTOH {n + 1}") for n in range(3)
        ]
        self.ids = [nominate(each, S.APPROVED) for each in self.people]
        self.batch_id = forward(self.office, *self.ids)

    @property
    def first(self) -> Cast:
        return self.people[0]

    @property
    def office(self) -> Any:
        return self.first.office

    def check(self, *rows: str, header: str = HEADER) -> Checked:
        table = read_outcomes(csv(*rows, header=header))
        return check(self.office, batches.batch(self.office, self.batch_id), table)

    def states(self) -> list[S]:
        return [state_of(each) for each in self.ids]


@pytest.fixture
def sent(db_session: Session) -> Sent:
    return Sent()


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode()


def found(checked: Checked) -> list[tuple[int, str, str, F]]:
    return [(each.row, each.column, each.value, each.code) for each in checked.problems]


GOOD = (
    "B1-2026-001;;;ditetapkan;2027-1;",
    f";{NIK[1]};;DITOLAK;;{MINISTRY_SAYS}",
    f";;{NO_KK[2]};Ditetapkan;2026-4;",
)


def test_families_are_named_by_nomination_number_nik_or_no_kk(sent: Sent) -> None:
    checked = sent.check(*GOOD)
    assert checked.problems == []
    assert [(each.nomination_id, each.stage, each.refusal) for each in checked.answers] == [
        (sent.ids[0], "2027-1", None),
        (sent.ids[1], None, MINISTRY_SAYS),
        (sent.ids[2], "2026-4", None),
    ]
    assert (checked.rows, checked.established, checked.refused) == (3, 2, 1)


def test_a_family_that_the_ministry_has_not_answered_yet_is_left_as_it_is(sent: Sent) -> None:
    checked = sent.check(GOOD[0], f";{NIK[1]};;;;", f";;{NO_KK[2]};-;;")
    assert (checked.unanswered, len(checked.answers), checked.problems) == (2, 1, [])


#: A row of the file, and the column, value and reason that are named.
NOT_TAKEN = [
    (f";{NIK[0]};;;2027-1;", "HASIL", "", F.MISSING),
    (f";{NIK[0]};;ditetapkan;;", "TAHAP", "", F.MISSING),
    (f";{NIK[0]};;ditolak;;", "ALASAN", "", F.MISSING),
    (f";{NIK[0]};;ditolak;;{'x' * 1001}", "ALASAN", f"{'x' * 40}…", F.TOO_LONG),
    (f";{NIK[0]};;disetujui;2027-1;", "HASIL", "disetujui", F.NOT_AN_OUTCOME),
    (f";{NIK[0]};;ditetapkan;Apr-27;", "TAHAP", "Apr-27", F.NOT_A_STAGE),
    (f";{NIK[0]};;ditetapkan;2026-3;", "TAHAP", "2026-3", F.IMPOSSIBLE_STAGE),
    (f";{NIK[0]};;ditetapkan;2028-1;", "TAHAP", "2028-1", F.IMPOSSIBLE_STAGE),
    (";;;ditetapkan;2027-1;", "NO USULAN", "", F.NOBODY),
    (";9971;;ditetapkan;2027-1;", "NIK", "****", F.NOT_A_NUMBER),
    (";9,97E+15;;ditetapkan;2027-1;", "NIK", "9,97E+15", F.CUT),
    (f";{synthetic_nik(4999)};;ditetapkan;2027-1;", "NIK", "9971********4999", F.UNKNOWN),
    (f";;{synthetic_no_kk(4999)};ditolak;;x", "NO KK", "9971********4999", F.UNKNOWN),
    ("XX;;;ditetapkan;2027-1;", "NO USULAN", "XX", F.UNKNOWN),
    ("B9-2026-001;;;ditetapkan;2027-1;", "NO USULAN", "B9-2026-001", F.NOT_IN_BATCH),
    (f";{NIK[3]};;ditetapkan;2027-1;", "NIK", "9971********0004", F.NOT_IN_BATCH),
    (f";{NIK[4]};;ditetapkan;2027-1;", "NIK", "9971********0005", F.ELSEWHERE),
    (f";{NIK[0]};{NO_KK[1]};ditolak;;x", "NIK", "9971********0001", F.TWO_FAMILIES),
    (f"B1-2026-002;{NIK[0]};;ditolak;;x", "NO USULAN", "B1-2026-002", F.TWO_FAMILIES),
]


def test_what_cannot_be_taken_is_named_with_row_column_value_and_reason(
    sent: Sent, subtests: pytest.Subtests
) -> None:
    with transaction():
        HouseholdFactory(nik=NIK[3], no_kk=NO_KK[3])
        HouseholdFactory(nik=NIK[4], no_kk=NO_KK[4], village=PAUDEAN)
    with nothing_changes():
        for row, column, value, code in NOT_TAKEN:
            with subtests.test(row=row):
                assert found(sent.check(GOOD[1], row)) == [(3, column, value, code)]


def test_the_same_family_in_two_rows_is_named_in_both(sent: Sent) -> None:
    checked = sent.check(GOOD[0], f";{NIK[0]};;ditolak;;Data ganda", GOOD[1])
    assert [(row, code) for row, _column, _value, code in found(checked)] == [
        (2, F.TWICE),
        (3, F.TWICE),
    ]
    assert [dict(each.params) for each in checked.problems] == [{"rows": "3"}, {"rows": "2"}]


def test_what_is_answered_withdrawn_or_gone_is_named_by_family(sent: Sent) -> None:
    answer(sent.office, sent.ids[0], stage="2027-1")
    with transaction():
        actions.withdraw(sent.people[1].hers, sent.ids[1], reason=FAMILY_SAYS)
    with transaction() as session:
        gone = sent.people[2].household
        session.get_one(Household, (gone.area_id, gone.id)).status = HouseholdStatus.EXITED
    checked = sent.check(f";{NIK[0]};;ditolak;;Data ganda", *GOOD[1:])
    assert [code for *_rest, code in found(checked)] == [F.ANSWERED, F.WITHDRAWN, F.LEFT]
    assert checked.problems[0].params == {
        "name": "IBU CONTOH 1",
        "by": sent.first.administrator.name,
    }


def test_a_workbook_that_was_filled_in_is_read(sent: Sent) -> None:
    rows: list[Sequence[object]] = [
        ["Kementerian Sosial RI", "", "", ""],
        ["NIK", "HASIL", "TAHAP", "ALASAN"],
        [NIK[0], "ditetapkan", "2027-1", None],
        [NIK[1], "ditolak", None, MINISTRY_SAYS],
        [NIK[2], "ditetapkan", date(2027, 1, 1), None],
    ]
    table = read_outcomes(b"".join(write_xlsx(rows[1:], ["Daftar", "", "", ""])))
    assert [(each.row, each.code) for each in table.problems] == [(5, F.STAGE_IS_A_DATE)]
    assert [(row.nik, row.step) for row in table.rows] == [
        (NIK[0], Step.ESTABLISH),
        (NIK[1], Step.REFUSE),
    ]


def test_a_cell_to_fill_in_keeps_what_is_typed_as_text() -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(write_xlsx([[ToFill()]], ["TAHAP"])))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '<c s="4"/>' in sheet


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"%PDF-1.7", FileFault.NOT_A_TABLE),
        (csv("Siti;ditolak", header="NAMA;HASIL"), FileFault.NO_HEADER),
        (csv("1;2", header="NIK;TAHAP"), FileFault.NO_HEADER),
        (csv(), FileFault.NO_ROWS),
    ],
)
def test_a_file_that_is_no_list_of_outcomes_is_refused_whole(data: bytes, fault: FileFault) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_outcomes(data)
    assert refused.value.fault is fault


# On the pages


@pytest.fixture
def office(client: FlaskClient, sent: Sent) -> FlaskClient:
    sign_in(client, sent.first.administrator)
    return client


def upload(client: FlaskClient, sent: Sent, data: bytes) -> TestResponse:
    return client.post(
        f"/nominations/batches/{sent.batch_id}/outcomes",
        data={"file": (io.BytesIO(data), "hasil.csv")},
        content_type="multipart/form-data",
    )


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_is_shown_first_and_then_applied_once(office: FlaskClient, sent: Sent) -> None:
    answered = upload(office, sent, csv(*GOOD))
    assert answered.status_code == 303
    address = answered.location
    page = office.get(address)
    assert "Semua baris benar. Belum ada yang dicatat." in page.text
    assert sent.states() == [S.FORWARDED] * 3
    for _time in range(2):
        assert office.post(address).status_code == 303
    assert sent.states() == [S.ESTABLISHED, S.REFUSED, S.ESTABLISHED]
    assert "3 usulan berubah" in office.get(address).text
    events = count(NominationEvent)
    # The same file once more: nothing is left to do.
    again = upload(office, sent, csv(*GOOD)).location
    assert "Tidak ada yang perlu diterapkan" in office.get(again).text
    office.post(again)
    assert count(NominationEvent) == events
    row = db.session.scalars(select(OutcomeFile).order_by(OutcomeFile.id)).first()
    assert row is not None
    assert (row.content_sealed, row.changed) == (None, 3)
    tags = db.session.scalars(select(AuditEntry.tag)).all()
    assert (tags.count(Tag.OUTCOMES_CHECKED), tags.count(Tag.OUTCOMES_APPLIED)) == (2, 2)


def test_one_bad_row_keeps_all_back(office: FlaskClient, sent: Sent) -> None:
    address = upload(office, sent, csv(*GOOD[:2], "XX;;;ditetapkan;2027-1;")).location
    page = office.get(address).text
    assert "1 baris tidak bisa diterima" in page
    assert "Baris 4" in page
    assert "Catat 2 hasil" not in page
    # Pressed all the same, by a page from before or by hand.
    office.post(address)
    assert sent.states() == [S.FORWARDED] * 3


def test_what_changed_since_the_check_keeps_all_back(office: FlaskClient, sent: Sent) -> None:
    address = upload(office, sent, csv(*GOOD)).location
    with transaction():
        actions.withdraw(sent.people[2].hers, sent.ids[2], reason=FAMILY_SAYS)
    page = office.post(address, follow_redirects=True).text
    assert "Tidak ada yang dicatat: ada baris yang tidak bisa diterima lagi." in page
    assert "IBU CONTOH 3 sudah membatalkan usulannya." in page
    assert sent.states() == [S.FORWARDED, S.FORWARDED, S.WITHDRAWN]


def test_a_file_waits_sealed_and_no_whole_number_of_it_is_shown(
    office: FlaskClient, sent: Sent
) -> None:
    data = csv(f";{synthetic_nik(4999)};;ditolak;;x")
    page = office.get(upload(office, sent, data).location).text
    assert "9971********4999" in page
    assert not re.search(r"9971\d{12}", page)
    row = db.session.scalars(select(OutcomeFile)).one()
    assert row.content_sealed is not None
    assert b"4999" not in row.content_sealed
    assert (
        current_keyring().open(
            row.content_sealed, table="outcome_file", row=str(row.id), field="content"
        )
        == data
    )


def test_a_file_is_its_uploaders_and_belongs_to_its_batch(
    client: FlaskClient, office: FlaskClient, sent: Sent
) -> None:
    address = upload(office, sent, csv(*GOOD)).location
    other_batch = batch_of(nominate(cast(), S.FORWARDED))
    assert office.get(address.replace(str(sent.batch_id), str(other_batch))).status_code == 404
    sign_in(client, sent.first.colleague)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    with transaction():
        stranger = UserFactory(administrator=True, region=BITUNG)
    sign_in(client, stranger)
    for method in (client.get, client.post):
        assert method(address).status_code == 404
    assert sent.states() == [S.FORWARDED] * 3


def test_applying_needs_what_checking_needs(sent: Sent) -> None:
    table = read_outcomes(csv(*GOOD))
    with transaction():
        batch = batches.batch(sent.office, sent.batch_id)
        file_id = outcome_files.keep(
            sent.office, batch, check(sent.office, batch, table), data=b"x", file_name="x" * 300
        )
    with pytest.raises(Exception, match="^$"), transaction():
        outcome_files.apply_file(sent.people[1].office, file_id, table)
    assert db.session.scalar(select(func.count()).select_from(Nomination)) == 3
    assert sent.states() == [S.FORWARDED] * 3


def test_a_row_of_a_family_that_one_has_documented_is_named_and_the_file_waits(sent: Sent) -> None:
    with transaction():
        note_hand(
            db.session.get_one(Nomination, (sent.first.household.area_id, sent.ids[0])),
            HandIn.EVIDENCE,
            sent.office.user_id,
        )
    checked = sent.check(*GOOD)
    assert [(each.row, each.code) for each in checked.problems] == [(2, F.OWN)]
    assert "administrator lain" in str(outcome_problem(checked.problems[0]))
