"""What people see and press: nominating, deciding, withdrawing."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from babel.dates import format_date
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.clock import today
from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import Nomination, NominationEvent
from casework.graduation.queries.case import load, open_nomination
from casework.graduation.states import NominationStatus, Step
from tests import pictures
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.graduation import (
    FAMILY_SAYS,
    NOTE,
    REASON,
    Cast,
    cast,
    complete,
    decide,
    nominate,
    observe,
    state_of,
)
from tests.fixtures.statements import Statements
from tests.graduation.browsing import Person

S = NominationStatus
SAVED_STATEMENT = "Pernyataan tersimpan."


def at_browser(client: FlaskClient, user: object) -> Person:
    sign_in(client, user)  # type: ignore[arg-type]
    return Person(client)


def address(nomination_id: uuid.UUID, rest: str = "") -> str:
    return f"/nominations/{nomination_id}{rest}"


def test_a_ready_family_is_nominated_in_twelve_taps_and_one_text(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    area_id, household_id = people.household.area_id, people.household.id
    budi = at_browser(client, people.facilitator)
    # The button on the family's page.
    budi.taps += 1
    budi.shows(client.post(f"/nominations/new/{household_id}", follow_redirects=True))
    budi.taps_link("1. Pernyataan keluarga")
    budi.chooses("Tanda tangan")
    budi.presses("Simpan pernyataan")
    for shade, kind in enumerate(
        ("signed_statement", "signing_photo", "house_or_business_photo"), start=1
    ):
        budi.takes_photo(kind, pictures.photo(80 + shade, 60))
    budi.presses("Simpan bukti")
    budi.types("note", NOTE)
    budi.presses("Simpan dan kirim usulan")
    nomination_id = open_nomination(area_id, household_id)
    assert nomination_id is not None
    assert state_of(nomination_id) is S.SUBMITTED
    due = format_date(today(people.hers.time_zone) + timedelta(days=14), "d MMM y", locale="id")
    assert f"Supervisor menjawab paling lambat {due}." in budi.text
    assert budi.taps <= 12
    assert budi.typed == 1


def test_pressing_twice_makes_one_nomination_and_leads_to_it(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    sign_in(client, people.facilitator)
    post = f"/nominations/new/{people.household.id}"
    first, second = client.post(post), client.post(post)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Nomination)) == 1


def test_sending_twice_sends_once(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    sign_in(client, people.facilitator)
    assert client.post(address(nomination_id, "/submit")).status_code == 303
    again = client.post(address(nomination_id, "/submit"))
    assert again.status_code == 409
    assert "isinya tidak bisa diubah" in again.text
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(NominationEvent)) == 2


def test_an_unfinished_draft_says_what_is_missing_and_is_not_sent(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    budi = at_browser(client, people.facilitator)
    budi.opens(address(nomination_id))
    for words in (
        "Catat pernyataan keluarga",
        "Tambahkan: Surat pernyataan bertanda tangan.",
        "Tambahkan: Foto saat tanda tangan.",
        "Tambahkan: Foto rumah atau usaha.",
        "Tulis mengapa keluarga ini Anda usulkan",
    ):
        assert words in budi.text
    budi.presses("Kirim usulan")
    assert budi.response.status_code == 403
    assert state_of(nomination_id) is S.DRAFT


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"on": "2999-01-01"}, "Tanggal tidak boleh setelah hari ini."),
        ({"on": "kemarin"}, "Tulis tanggal sebagai tahun-bulan-hari"),
        ({"on": ""}, "Isi tanggal."),
        ({"given": "email"}, 'role="alert"'),
        ({"given": ""}, "Pilih tanda tangan atau cap jempol."),
        ({"asked_by": "  "}, "Tulis siapa yang bertanya kepada keluarga."),
        ({"asked_by": "x" * 121}, "120"),
    ],
)
def test_a_statement_that_cannot_be_is_refused_at_its_field(
    client: FlaskClient, db_session: Session, changes: dict[str, str], message: str
) -> None:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    sign_in(client, people.facilitator)
    on = str(today(people.hers.time_zone))
    said = {"on": on, "given": "signature", "asked_by": "Budi"}
    answer = client.post(address(nomination_id, "/statement"), data=said | changes)
    assert answer.status_code == 422
    assert message in answer.text
    assert not load(people.hers, nomination_id).has_consent
    assert SAVED_STATEMENT not in client.get(address(nomination_id)).text


def test_a_statement_that_was_saved_is_said_to_be(client: FlaskClient, db_session: Session) -> None:
    """On the page of the next task, which shows nothing of what was saved."""
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    budi = at_browser(client, people.facilitator)
    budi.opens(address(nomination_id, "/statement"))
    assert SAVED_STATEMENT not in budi.text
    budi.chooses("Tanda tangan")
    budi.presses("Simpan pernyataan")
    assert SAVED_STATEMENT in budi.text
    assert load(people.hers, nomination_id).has_consent


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("Sudah mampu.", "Tulis paling sedikit 20 huruf."),
        ("mampu mampu mampu mampu", "Tulis dengan kalimat, bukan satu huruf"),
    ],
)
def test_a_note_that_says_too_little_is_refused_and_kept(
    client: FlaskClient, db_session: Session, note: str, message: str
) -> None:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    sign_in(client, people.facilitator)
    answer = client.post(address(nomination_id, "/note"), data={"note": note})
    assert answer.status_code == 422
    assert message in answer.text
    assert note in answer.text


def test_a_note_that_cannot_be_sent_along_is_not_saved_by_half(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    sign_in(client, people.facilitator)
    answer = client.post(address(nomination_id, "/note"), data={"note": NOTE, "send": "1"})
    assert answer.status_code == 422
    assert NOTE in answer.text
    assert load(people.hers, nomination_id).nomination.note == ""
    assert state_of(nomination_id) is S.DRAFT


def test_what_was_returned_says_that_nothing_has_been_mended_until_it_has(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people, S.RETURNED)
    sign_in(client, people.facilitator)
    unchanged = "Belum ada yang berubah sejak dikembalikan."
    page = client.get(address(nomination_id)).text
    assert unchanged in page
    assert page.count("Periksa lagi") == 3
    with transaction():
        actions.write_note(people.hers, nomination_id, f"{NOTE} Foto baru menyusul hari ini.")
    page = client.get(address(nomination_id)).text
    assert unchanged not in page
    assert "Periksa lagi" not in page


def test_what_was_recorded_of_the_family_since_it_was_returned_is_mending_too(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people, S.RETURNED)
    sign_in(client, people.facilitator)
    assert "Belum ada yang berubah sejak dikembalikan." in client.get(address(nomination_id)).text
    with clock.at(clock.now() + timedelta(minutes=1)), transaction():
        observe(people.hers, people.household.id)
    assert "Belum ada yang berubah" not in client.get(address(nomination_id)).text


def test_before_it_is_sent_it_says_what_is_obligatory_and_still_open(
    client: FlaskClient, db_session: Session
) -> None:
    """It blocks nothing (docs/decisions/0009)."""
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    budi = at_browser(client, people.facilitator)
    budi.opens(address(nomination_id))
    before = budi.text.partition("Kirim usulan")[0]
    assert "Kesiapan hari ini: Data belum cukup." in before
    assert "Syarat wajib yang belum terpenuhi atau belum diketahui:" in before
    assert "<li>Penghasilan di atas garis kemiskinan</li>" in before
    assert f"/households/{people.household.id}/readiness" in before


def test_who_decides_again_reads_why_it_was_returned_before(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people, S.RETURNED)
    sign_in(client, people.supervisor)
    again = "Dikirim lagi setelah dikembalikan oleh"
    assert again not in client.get(address(nomination_id)).text
    with transaction():
        actions.submit(people.hers, nomination_id)
    page = client.get(address(nomination_id)).text
    assert page.index(again) < page.index(REASON) < page.index('id="evidence"')


@pytest.mark.parametrize("status", [S.DRAFT, S.SUBMITTED, S.RETURNED, S.APPROVED])
def test_the_family_may_withdraw_as_long_as_nothing_is_established(
    client: FlaskClient, db_session: Session, status: NominationStatus
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    budi = at_browser(client, people.facilitator)
    budi.opens(address(nomination_id))
    budi.taps_link("Batalkan usulan")
    budi.presses("Ya, batalkan usulan")
    assert budi.response.status_code == 422
    assert "Tulis alasan keluarga." in budi.text
    assert state_of(nomination_id) is status
    budi.types("reason", FAMILY_SAYS)
    budi.presses("Ya, batalkan usulan")
    assert state_of(nomination_id) is S.WITHDRAWN
    assert FAMILY_SAYS in budi.text


def test_a_returned_nomination_says_what_to_mend(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.RETURNED)
    budi = at_browser(client, people.facilitator)
    budi.opens("/nominations/")
    assert REASON in budi.text
    budi.opens(address(nomination_id))
    assert REASON in budi.text
    assert "Kirim usulan" in budi.text


@pytest.mark.parametrize("step", ["/statement", "/evidence", "/note"])
def test_what_to_mend_stands_where_it_is_mended_and_only_until_it_is_sent_again(
    client: FlaskClient, db_session: Session, statements: Statements, step: str
) -> None:
    people = cast()
    nomination_id = nominate(people, S.RETURNED)
    budi = at_browser(client, people.facilitator)
    statements.reset()
    budi.opens(address(nomination_id, step))
    assert REASON in budi.text
    assert "Yang perlu dilengkapi:" in budi.text
    # Who is signed in; nomination, evidence, events: as before it was said here too.
    assert statements.count <= 4, "\n".join(statements.sent)
    # A post that is refused answers with the same page.
    budi.shows(client.post(address(nomination_id, step), data={"note": "Ya"}))
    assert budi.response.status_code == 422
    assert REASON in budi.text
    with transaction():
        actions.write_note(actor_for(people.facilitator), nomination_id, f"{NOTE} Dilengkapi.")
        actions.submit(actor_for(people.facilitator), nomination_id)
    assert REASON not in client.get(address(nomination_id, step)).text


def test_the_warning_stands_where_the_decision_is_made(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast(elderly=1, primary_school=0)
    nomination_id = nominate(people)
    rina = at_browser(client, people.supervisor)
    rina.opens(address(nomination_id))
    assert "Komponen keluarga ini hanya lanjut usia." in rina.text
    assert "Contoh, bukan instrumen resmi." in rina.text


def test_administrators_read_without_acting(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    with transaction():
        administrator = UserFactory(administrator=True)
    admin = at_browser(client, administrator)
    admin.opens(address(nomination_id))
    assert admin.response.status_code == 200
    assert "Setujui usulan" not in admin.text
    assert "Batalkan usulan" not in admin.text
    version = load(people.theirs, nomination_id).nomination.version
    for rest in ("/decide", "/withdraw", "/submit", "/note", "/statement", "/evidence"):
        answer = client.post(
            address(nomination_id, rest),
            data={
                "step": "approve",
                "reason": REASON,
                "version": str(version),
                "confirmed": "yes",
            },
        )
        assert answer.status_code == 404
    assert state_of(nomination_id) is S.SUBMITTED


def test_nothing_can_be_changed_once_it_was_sent(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    budi = at_browser(client, people.facilitator)
    before = load(people.hers, nomination_id)
    for rest in ("/statement", "/note", "/evidence"):
        budi.opens(address(nomination_id, rest))
        assert "sudah terkirim atau selesai" in budi.text
    for rest, data in (
        ("/statement", {"on": "2026-01-01", "given": "thumbprint", "asked_by": "Lain"}),
        ("/note", {"note": "Catatan lain yang cukup panjang."}),
        (f"/evidence/{before.evidence[0].id}/remove", {}),
    ):
        assert client.post(address(nomination_id, rest), data=data).status_code in (409, 422)
    after = load(people.hers, nomination_id)
    assert after.nomination.version == before.nomination.version
    assert len(after.evidence) == 3


def test_the_page_of_a_nomination_takes_few_statements(
    client: FlaskClient, db_session: Session, statements: Statements
) -> None:
    people = cast()
    nomination_id = nominate(people)
    sign_in(client, people.supervisor)
    statements.reset()
    assert client.get(address(nomination_id)).status_code == 200
    # Who is signed in; nomination, evidence, events; attendance; readiness of today.
    assert statements.count <= 6


def test_no_personal_number_stands_on_any_page(client: FlaskClient, db_session: Session) -> None:
    nik = "9971015203601234"
    people: Cast = cast(nik=nik)
    nomination_id = nominate(people)
    for user in (people.facilitator, people.supervisor):
        sign_in(client, user)
        for page in ("/nominations/", address(nomination_id)):
            assert nik not in client.get(page).text
    trail = db.session.scalars(select(AuditEntry.data)).all()
    assert nik not in str(trail)


def test_a_decided_nomination_tells_its_history(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.RETURNED)
    with transaction():
        actions.submit(people.hers, nomination_id)
    decide(people.theirs, nomination_id, Step.REJECT, "Usaha ternyata sudah tutup sejak Juni.")
    with transaction():
        viewer = actor_for(UserFactory(supervisor=True))
    assert len(load(viewer, nomination_id).events) == 5
    rina = at_browser(client, people.supervisor)
    rina.opens(address(nomination_id))
    assert REASON in rina.text
    assert "Usaha ternyata sudah tutup sejak Juni." in rina.text
