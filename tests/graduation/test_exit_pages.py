"""The pages on which an exit is recorded and taken back, in a browser without JavaScript."""

from __future__ import annotations

import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation.models import HouseholdExit
from casework.graduation.states import NominationStatus
from casework.households.models import Household
from casework.households.rules import HouseholdStatus
from casework.ledger.rules import ExitKind
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.exits import WHY, WRONG, leave, leaving, take_back
from tests.factories.graduation import Cast, cast, nominate
from tests.factories.places import BITUNG
from tests.graduation.browsing import Person

pytestmark = pytest.mark.usefixtures("morning")

K = ExitKind
LINK = "Catat keluarga ini keluar dari PKH dengan cara lain"


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="Ibu Aminah", last_stage="2026-3")


def page_of(people: Cast) -> str:
    return f"/households/{people.household.id}"


def as_person(client: FlaskClient, user: User) -> Person:
    sign_in(client, user)
    return Person(client)


def status_of(people: Cast) -> HouseholdStatus:
    db.session.rollback()
    key = (people.household.area_id, people.household.id)
    return db.session.get_one(Household, key, populate_existing=True).status


def words(person: Person) -> str:
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", person.text, flags=re.S)
    return " ".join(text.split())


def fill_in(person: Person, kind: str = "Data ganda", reason: str = WHY, **typed: str) -> None:
    (choice,) = [a for form in person.page.forms for a in form.answers if a.startswith(kind)]
    person.chooses(choice)
    for name, text in {"stage": "2026-4", "on": "2026-11-02", "reason": reason, **typed}.items():
        person.types(name, text)
    person.presses("Lanjutkan")


def test_a_supervisor_records_it_from_the_familys_page(people: Cast, client: FlaskClient) -> None:
    person = as_person(client, people.supervisor)
    person.opens(page_of(people))
    person.taps_link(LINK)
    fill_in(person, letter="140/77")
    assert "Apakah keluarga Ibu Aminah keluar dari PKH mulai tahap 2026-4?" in words(person)
    for said in ("Data ganda", "2026-4", "2 Nov 2026", WHY, "140/77"):
        assert said in words(person), said
    assert status_of(people) is HouseholdStatus.ACTIVE
    person.presses("Ya, catat")
    assert person.response.request.path == page_of(people)
    told = words(person)
    assert "Tercatat: keluarga Ibu Aminah keluar dari PKH mulai tahap 2026-4 (Data ganda)." in told
    assert "Data ganda, keluar mulai tahap 2026-4" in told
    assert (
        f"{WHY} Tanggal: 2 Nov 2026 · surat 140/77 · dicatat oleh {people.supervisor.name}" in told
    )
    assert LINK not in told
    assert status_of(people) is HouseholdStatus.EXITED
    # The facilitator reads it too, and can do nothing about it.
    hers = as_person(client, people.facilitator)
    hers.opens(page_of(people))
    assert "Data ganda, keluar mulai tahap 2026-4" in words(hers)
    assert "Tarik kembali catatan ini" not in words(hers)


def test_what_was_typed_comes_back_with_the_way_out(people: Cast, client: FlaskClient) -> None:
    person = as_person(client, people.supervisor)
    person.opens(f"{page_of(people)}/exit")
    fill_in(person)
    person.presses("Kembali")
    assert person.response.status_code == 200
    assert WHY in person.text
    assert 'value="2026-11-02"' in person.text
    assert "<option selected" in person.text
    assert re.search(r'value="duplicate"[^>]* checked', person.text)
    assert status_of(people) is HouseholdStatus.ACTIVE


def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost(
    people: Cast, client: FlaskClient
) -> None:
    person = as_person(client, people.supervisor)
    person.opens(f"{page_of(people)}/exit")
    fill_in(person, reason="data ganda", stage="", on="2026-11-13")
    assert person.response.status_code == 422
    told = words(person)
    for message in (
        "Tulis alasan, paling sedikit 20 huruf.",
        "Pilih mulai tahap mana keluarga ini keluar.",
        "Tanggal tidak boleh setelah hari ini.",
    ):
        assert told.count(message) == 2, message  # in the summary, and at the field
    assert ">data ganda</textarea>" in person.text.replace("\n", "").replace("\r", "")
    person.opens(f"{page_of(people)}/exit")
    person.presses("Lanjutkan")
    assert person.response.status_code == 422
    assert "Pilih bagaimana keluarga ini keluar." in words(person)


def test_a_form_that_is_sent_twice_records_one(people: Cast, client: FlaskClient) -> None:
    person = as_person(client, people.supervisor)
    person.opens(f"{page_of(people)}/exit")
    fill_in(person)
    form = person.page.forms[-1]
    data = {**form.fields.to_dict(), **form.buttons["Ya, catat"]}
    answers = [client.post(form.action, data=data).status_code for _time in range(2)]
    assert answers == [303, 303]
    assert db.session.scalar(select(func.count()).select_from(HouseholdExit)) == 1


def test_an_old_form_whose_exit_was_taken_back_is_not_said_to_be_recorded(
    people: Cast, client: FlaskClient
) -> None:
    person = as_person(client, people.supervisor)
    person.opens(f"{page_of(people)}/exit")
    fill_in(person)
    form = person.page.forms[-1]
    data = {**form.fields.to_dict(), **form.buttons["Ya, catat"]}
    assert client.post(form.action, data=data).status_code == 303
    take_back(people.office, people.household.id, uuid.UUID(data["exit_id"]))
    answer = client.post(form.action, data=data)
    assert answer.status_code == 422
    assert "simpan sekali lagi" in answer.text
    assert data["exit_id"] not in answer.text


def test_who_comes_second_is_told_on_the_page(people: Cast, client: FlaskClient) -> None:
    person = as_person(client, people.administrator)
    person.opens(f"{page_of(people)}/exit")
    fill_in(person)
    leave(people.theirs, people.household.id, leaving(K.DIED))
    person.presses("Ya, catat")
    assert person.response.status_code == 422
    assert f"Sudah dicatat oleh {people.supervisor.name}, 09.00: Meninggal." in words(person)
    person.opens(f"{page_of(people)}/exit")
    assert f"Sudah dicatat oleh {people.supervisor.name}" in words(person)
    assert "<span>Lanjutkan</span>" not in person.text


def test_a_roster_that_still_names_the_family_is_mentioned(
    db_session: Session, client: FlaskClient
) -> None:
    people = cast(last_stage="2026-4")
    person = as_person(client, people.supervisor)
    person.opens(f"{page_of(people)}/exit")
    fill_in(person)
    assert "Daftar tahap 2026-4 masih memuat keluarga ini. Periksa tahapnya." in words(person)
    person.presses("Kembali")
    fill_in(person, stage="2027-1")
    assert "masih memuat" not in words(person)


def test_a_nomination_under_way_is_named_and_led_to(people: Cast, client: FlaskClient) -> None:
    nomination_id = nominate(people, NominationStatus.SUBMITTED)
    person = as_person(client, people.supervisor)
    person.opens(page_of(people))
    assert LINK not in words(person)
    person.opens(f"{page_of(people)}/exit")
    assert "Usulan keluarga ini masih berjalan." in words(person)
    assert f'href="/nominations/{nomination_id}"' in person.text
    assert "<span>Lanjutkan</span>" not in person.text


def test_only_who_loads_rosters_is_offered_what_comes_from_them(
    people: Cast, client: FlaskClient
) -> None:
    for user, is_offered in ((people.supervisor, False), (people.administrator, True)):
        person = as_person(client, user)
        person.opens(f"{page_of(people)}/exit")
        assert ('value="natural"' in person.text) is is_offered
        assert ('value="tenure"' in person.text) is is_offered
        assert 'value="independent"' not in person.text
    for kind in ("natural", "independent", "wisuda"):
        person = as_person(client, people.supervisor)
        person.opens(f"{page_of(people)}/exit")
        form = person.page.forms[-1]
        data = {**form.fields.to_dict(), "kind": kind, "stage": "2026-4", "on": "2026-11-02"}
        assert client.post(form.action, data=data).status_code == 422
    assert status_of(people) is HouseholdStatus.ACTIVE


def test_neither_facilitator_nor_viewer_nor_another_regency_has_the_page(
    people: Cast, client: FlaskClient
) -> None:
    with transaction():
        viewer: User = UserFactory(viewer=True)
        stranger: User = UserFactory(supervisor=True, region=BITUNG)
    exit_id = leave(people.office, people.household.id)
    for user in (people.facilitator, viewer, stranger):
        sign_in(client, user)
        for address in ("exit", f"exit/{exit_id}/reverse"):
            assert client.get(f"{page_of(people)}/{address}").status_code in (403, 404)
    sign_in(client, people.facilitator)
    assert LINK not in client.get(page_of(people)).text


def test_an_administrator_takes_back_what_another_one_recorded(
    people: Cast, client: FlaskClient
) -> None:
    leave(people.office, people.household.id, leaving(K.DIED))
    own = as_person(client, people.administrator)
    own.opens(page_of(people))
    assert "Tarik kembali catatan ini" not in words(own)
    person = as_person(client, people.colleague)
    person.opens(page_of(people))
    person.taps_link("Tarik kembali catatan ini")
    assert "Apakah keluarga Ibu Aminah salah dicatat keluar dari PKH?" in words(person)
    person.types("reason", "salah")
    person.presses("Ya, tarik kembali")
    assert person.response.status_code == 422
    assert ">salah</textarea>" in person.text.replace("\n", "").replace("\r", "")
    person.types("reason", WRONG)
    person.presses("Ya, tarik kembali")
    told = words(person)
    assert "Ditarik kembali: keluarga Ibu Aminah tidak keluar dari PKH." in told
    assert f"Ditarik kembali: Meninggal {WRONG} {people.colleague.name}" in told
    assert status_of(people) is HouseholdStatus.ACTIVE
    assert LINK in told


def test_who_recorded_it_is_told_why_somebody_else_has_to(
    people: Cast, client: FlaskClient
) -> None:
    exit_id = leave(people.office, people.household.id)
    person = as_person(client, people.administrator)
    person.opens(f"{page_of(people)}/exit/{exit_id}/reverse")
    assert "Administrator lain yang harus menariknya kembali." in words(person)
    take_back(people.other_office, people.household.id, exit_id)
    person.opens(f"{page_of(people)}/exit/{exit_id}/reverse")
    assert f"Sudah dicatat oleh {people.colleague.name}, 09.00: ditarik kembali." in words(person)


def test_an_exit_of_another_family_is_not_there(people: Cast, client: FlaskClient) -> None:
    exit_id = leave(people.theirs, people.household.id)
    other = cast()
    sign_in(client, people.administrator)
    assert client.get(f"{page_of(other)}/exit/{exit_id}/reverse").status_code == 404
