"""The pages around a batch: make it, print it, take its list, record what came back by hand."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.tables.reading import sources
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import BatchEntry, MinistryBatch
from casework.graduation.states import NominationStatus
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.graduation import (
    MINISTRY_SAYS,
    MISTAKEN,
    Cast,
    answer,
    batch_of,
    cast,
    forward,
    nominate,
    state_of,
)
from tests.factories.households import synthetic_nik, synthetic_no_kk
from tests.factories.places import BITUNG, BUNAKEN, NORTH_SULAWESI
from tests.graduation.browsing import Person

pytestmark = pytest.mark.usefixtures("morning")

S = NominationStatus


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="=HYPERLINK(IBU)", nik=synthetic_nik(1), no_kk=synthetic_no_kk(3001))


@pytest.fixture
def novita(client: FlaskClient, people: Cast) -> Person:
    sign_in(client, people.administrator)
    return Person(client)


def test_the_waiting_ones_are_all_picked_and_go_out_under_one_letter(
    novita: Person, people: Cast
) -> None:
    ids = [nominate(people, S.APPROVED), nominate(cast(), S.APPROVED)]
    nominate(cast(), S.SUBMITTED)
    novita.opens("/")
    assert "Usulan disetujui yang perlu diteruskan ke Kemensos" in novita.text
    novita.opens("/nominations/")
    novita.taps_link("Paket ke Kemensos")
    assert "2 usulan disetujui menunggu diteruskan" in novita.text
    novita.taps_link("Buat paket")
    novita.presses("Teruskan ke Kemensos")
    assert novita.response.status_code == 422
    assert "Tulis nomor surat." in novita.text
    novita.types("letter_number", "460/99/PKH")
    form = novita.page.forms[-1]
    assert sorted(form.fields.getlist("nominations")) == sorted(map(str, ids))
    answered = novita._client.post(
        form.action,
        data={**form.fields.to_dict(flat=False), "letter_number": "460/99/PKH"},
        follow_redirects=True,
    )
    assert "Paket dibuat: 2 keluarga diteruskan ke Kemensos." in answered.text
    assert {state_of(each) for each in ids} == {S.FORWARDED}
    # Sent again, as by a second press over a weak line.
    novita._client.post(
        "/nominations/batches/new/7171",
        data={**form.fields.to_dict(flat=False), "letter_number": "460/99/PKH"},
    )
    assert db.session.scalar(select(func.count()).select_from(MinistryBatch)) == 1


def test_whom_the_letter_does_not_name_stays_behind(
    client: FlaskClient, novita: Person, people: Cast
) -> None:
    one, two = nominate(people, S.APPROVED), nominate(cast(), S.APPROVED)
    data = {"letter_number": "460/1", "letter_on": "2026-11-12", "nominations": [str(one)]}
    assert client.post("/nominations/batches/new/7171", data=data).status_code == 303
    assert (state_of(one), state_of(two)) == (S.FORWARDED, S.APPROVED)
    data["nominations"] = []
    refused = client.post("/nominations/batches/new/7171", data=data)
    assert refused.status_code == 422
    assert "Pilih paling sedikit satu keluarga." in refused.text
    data["nominations"] = ["x"]
    assert client.post("/nominations/batches/new/7171", data=data).status_code == 404
    assert state_of(two) is S.APPROVED


def test_a_family_that_another_batch_took_is_said_and_the_letter_stays_typed(
    client: FlaskClient, novita: Person, people: Cast
) -> None:
    one = nominate(people, S.APPROVED)
    forward(people.other_office, one)
    data = {"letter_number": "460/77", "letter_on": "2026-11-12", "nominations": [str(one)]}
    answered = client.post("/nominations/batches/new/7171", data=data)
    assert answered.status_code == 422
    nominate(cast(), S.APPROVED)
    answered = client.post("/nominations/batches/new/7171", data=data)
    assert people.colleague.name in answered.text
    assert "460/77" in answered.text


def workbook(data: bytes) -> list[tuple[object, ...]]:
    (sheet,) = [list(rows) for rows in sources.sheets(data, lambda _row: 0)]
    return [row.cells for row in sheet]


def test_the_list_has_whole_numbers_as_text_and_the_trail_names_who_took_it(
    client: FlaskClient, novita: Person, people: Cast
) -> None:
    batch_id = forward(people.office, nominate(people, S.APPROVED))
    answered = client.post(f"/nominations/batches/{batch_id}/list")
    assert "paket-1-2026.xlsx" in answered.headers["Content-Disposition"]
    assert answered.headers["Cache-Control"] == "no-store"
    header, row = workbook(answered.data)
    assert header[1:5] == ("NO USULAN", "NAMA PENGURUS", "NIK", "NO KK")
    assert row[:5] == (
        1, "B1-2026-001", "=HYPERLINK(IBU)", synthetic_nik(1), synthetic_no_kk(3001),
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(answered.data)) as parts:
        sheet = ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own
    assert not [each for each in sheet.iter() if each.tag.endswith("}f")]
    line = db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.BATCH_LISTED.value)
    ).one()
    assert line.actor_id == people.administrator.id
    assert line.data == {"batch": "1/2026", "rows": 1, "numbers": "full"}
    # Looking for it by its address gives nothing away.
    assert client.get(f"/nominations/batches/{batch_id}/list").status_code == 405


def test_the_letter_is_indonesian_and_masks_numbers(
    client: FlaskClient, novita: Person, people: Cast
) -> None:
    batch_id = forward(people.office, nominate(people, S.APPROVED))
    client.get("/language/en")
    page = client.get(f"/nominations/batches/{batch_id}/letter").text
    assert '<html lang="id">' in page
    assert "Usulan penetapan graduasi mandiri KPM PKH, paket 1/2026" in page
    assert "460/123/PKH" in page
    assert "12 November 2026" in page
    assert "9971********0001" in page
    assert synthetic_nik(1) not in page
    for address in ("", "/letter", "/outcomes"):
        text = client.get(f"/nominations/batches/{batch_id}{address}").text
        assert not re.search(r"9971\d{12}", text), address


@pytest.mark.parametrize(
    ("choice", "field", "value", "after", "told"),
    [
        ("Ditetapkan", "stage", "2027-1", S.ESTABLISHED, "Ditetapkan mulai tahap 2027-1"),
        ("Ditolak", "reason", MINISTRY_SAYS, S.REFUSED, f"Ditolak Kemensos: {MINISTRY_SAYS}"),
    ],
)
def test_an_outcome_is_recorded_by_hand_after_a_question(
    client: FlaskClient,
    novita: Person,
    people: Cast,
    choice: str,
    field: str,
    value: str,
    after: S,
    told: str,
) -> None:
    nomination_id = nominate(people, S.FORWARDED)
    novita.opens(f"/nominations/batches/{batch_of(nomination_id)}")
    novita.taps_link("Catat hasil")
    novita.presses("Lanjutkan")
    assert "Pilih jawaban Kemensos." in novita.text
    novita.chooses(choice)
    novita.presses("Lanjutkan")
    assert novita.response.status_code == 422
    novita.chooses(choice)
    novita.types(field, value)
    novita.presses("Lanjutkan")
    assert "Apakah Kemensos" in novita.text
    assert state_of(nomination_id) is S.FORWARDED
    novita.presses("Kembali")
    assert state_of(nomination_id) is S.FORWARDED
    novita.chooses(choice)
    novita.types(field, value)
    novita.presses("Lanjutkan")
    form = novita.page.forms[-1]
    novita.presses("Ya, ditetapkan" if after is S.ESTABLISHED else "Ya, ditolak")
    assert "Hasil dicatat." in novita.text
    assert told in novita.text
    assert state_of(nomination_id) is after
    # The same press again is harmless.
    assert client.post(form.action, data=form.fields).status_code == 303
    # Everybody who sees the family is told.
    for user in (people.facilitator, people.supervisor):
        sign_in(client, user)
        household = client.get(f"/households/{people.household.id}").text
        assert told in household
        shown = client.get(f"/nominations/{nomination_id}").text
        assert value in shown
        assert "Batalkan usulan" not in shown
    sign_in(client, people.facilitator)
    assert told in client.get("/").text


def test_the_family_can_withdraw_from_the_page_while_the_ministry_has_it(
    client: FlaskClient, novita: Person, people: Cast
) -> None:
    nomination_id = nominate(people, S.FORWARDED)
    sign_in(client, people.facilitator)
    person = Person(client)
    person.opens("/")
    assert "Diteruskan ke Kemensos" in person.text
    person.opens(f"/households/{people.household.id}")
    assert "Diteruskan ke Kemensos" in person.text
    person.opens(f"/nominations/{nomination_id}")
    person.taps_link("Batalkan usulan")
    person.types("reason", "Suami kehilangan pekerjaan.")
    person.presses("Ya, batalkan usulan")
    assert state_of(nomination_id) is S.WITHDRAWN


def test_a_reversal_is_another_administrators_and_says_so(
    client: FlaskClient, novita: Person, people: Cast
) -> None:
    nomination_id = nominate(people, S.ESTABLISHED)
    novita.opens(f"/nominations/{nomination_id}")
    assert "Hasil ini Anda sendiri yang mencatat." in novita.text
    assert "/reverse" not in novita.text
    assert client.post(
        f"/nominations/{nomination_id}/reverse", data={"reason": MISTAKEN}
    ).status_code in (403, 422)
    assert state_of(nomination_id) is S.ESTABLISHED
    sign_in(client, people.colleague)
    novita.opens(f"/nominations/{nomination_id}")
    novita.taps_link("Batalkan penetapan")
    novita.types("reason", "Salah.")
    novita.presses("Ya, batalkan penetapan")
    assert novita.response.status_code == 422
    novita.types("reason", MISTAKEN)
    novita.presses("Ya, batalkan penetapan")
    assert state_of(nomination_id) is S.REVERSED
    assert MISTAKEN in novita.text
    sign_in(client, people.facilitator)
    assert MISTAKEN in client.get(f"/nominations/{nomination_id}").text


def test_the_page_of_a_batch_goes_on_after_fifty(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, novita: Person, people: Cast
) -> None:
    ids = [nominate(people, S.APPROVED), nominate(cast(), S.APPROVED), nominate(cast(), S.APPROVED)]
    batch_id = forward(people.office, *ids)
    monkeypatch.setattr("casework.graduation.queries.batches.PAGE_SIZE", 2)
    monkeypatch.setattr("casework.core.paging.Page.of.__func__.__defaults__", (2,))
    first = client.get(f"/nominations/batches/{batch_id}").text
    assert str(ids[1]) in first
    assert str(ids[2]) not in first
    second = client.get(f"/nominations/batches/{batch_id}?after=2").text
    assert str(ids[2]) in second
    assert str(ids[1]) not in second


@pytest.mark.parametrize("region", [NORTH_SULAWESI, None])
def test_whoever_sees_several_regencies_makes_a_batch_of_one(
    client: FlaskClient, people: Cast, region: str | None
) -> None:
    nomination_id = nominate(people, S.APPROVED)
    with transaction():
        user = UserFactory(administrator=True)
        user.region_code = region
    sign_in(client, user)
    walker = Person(client)
    walker.opens("/nominations/batches")
    assert "Kota Manado: 1 usulan disetujui menunggu diteruskan" in walker.text
    walker.taps_link("Buat paket")
    walker.types("letter_number", "460/1")
    walker.presses("Teruskan ke Kemensos")
    assert state_of(nomination_id) is S.FORWARDED
    assert "Paket 1/2026" in walker.text
    assert "Kota Manado" in client.get("/nominations/batches").text
    assert client.get(f"/nominations/batches/{batch_of(nomination_id)}/letter").status_code == 200
    assert answer(actor_for(user), nomination_id) == 1


STRANGERS = {
    "an administrator of another regency": {"administrator": True, "region": BITUNG},
    "an administrator of a district": {"administrator": True, "region": BUNAKEN},
    "the supervisor": {"supervisor": True},
    "a facilitator": {},
    "a viewer": {"viewer": True},
}


def told(answer: TestResponse) -> str:
    """What a page says, without the token of its forms, which is another each second."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", answer.text)


@pytest.mark.parametrize("who", STRANGERS)
def test_for_everybody_else_a_batch_answers_like_one_that_never_was(
    client: FlaskClient, people: Cast, who: str
) -> None:
    batch_id = batch_of(nominate(people, S.FORWARDED))
    with transaction():
        stranger: User = UserFactory(**STRANGERS[who])
    sign_in(client, stranger)
    never = uuid.UUID(int=7)
    for way in ("", "/letter", "/outcomes"):
        real = client.get(f"/nominations/batches/{batch_id}{way}")
        assert real.status_code == 404
        assert told(real) == told(client.get(f"/nominations/batches/{never}{way}"))
    for way in ("/list", "/outcomes"):
        real = client.post(f"/nominations/batches/{batch_id}{way}")
        assert real.status_code == 404
        assert told(real) == told(client.post(f"/nominations/batches/{never}{way}"))
    lines = db.session.scalars(select(AuditEntry.tag)).all()
    assert Tag.BATCH_LISTED not in lines
    if who == "an administrator of another regency":
        new = client.post("/nominations/batches/new/7171", data={"letter_number": "1"})
        assert new.status_code == 404


def test_answered_ones_in_the_list_of_batches(
    client: FlaskClient, novita: Person, people: Cast
) -> None:
    nomination_id = nominate(people, S.FORWARDED)
    assert "1 belum dijawab" in client.get("/nominations/batches").text
    answer(people.office, nomination_id)
    page = client.get("/nominations/batches").text
    assert "Semua sudah dijawab" in page
    assert "1 ditetapkan, 0 ditolak" in page
    with transaction():
        actions.reverse(people.other_office, nomination_id, reason=MISTAKEN)
    assert "0 ditetapkan, 0 ditolak" in client.get("/nominations/batches").text
    assert db.session.scalar(select(func.count()).select_from(BatchEntry)) == 1
