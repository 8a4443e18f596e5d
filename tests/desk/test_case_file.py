"""A family's case file: everything on one page, in five statements."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.core import clock
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus
from casework.households.models import Group, Household
from casework.households.rules import HouseholdStatus
from casework.ledger.rules import ExitKind
from casework.meetings.rules import MeetingStatus, Presence, Understanding
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import HouseholdFactory, MembershipFactory, group_with
from tests.factories.places import BITUNG, DENPASAR, TUMINTING
from tests.fixtures.statements import Statements
from tests.readiness.records import answered, hold_meeting, observe, trade

NOW = datetime(2026, 11, 12, 3, tzinfo=UTC)
NIK = "9971015203600815"


@dataclass
class Case:
    household: Household
    group: Group
    facilitator: User

    @property
    def address(self) -> str:
        return f"/households/{self.household.id}"


@pytest.fixture
def case(db_session: Session) -> Case:
    with transaction():
        facilitator = UserFactory(name="Maria Lumentut")
        group = group_with(facilitator, households=0, name="Melati Putih")
        household = HouseholdFactory(
            caretaker_name="Siti O'Brien <b>", nik=NIK, member_since_year=2018
        )
        MembershipFactory(group=group, household=household)
    return Case(household, group, facilitator)


@pytest.fixture
def browser(case: Case, client: FlaskClient) -> FlaskClient:
    sign_in(client, case.facilitator)
    return client


def nominate(case: Case, status: NominationStatus) -> Nomination:
    decided = status in {NominationStatus.REJECTED, NominationStatus.APPROVED}
    return Nomination(
        area_id=case.household.area_id,
        id=new_id(),
        household_id=case.household.id,
        kind=ExitKind.INDEPENDENT,
        status=status,
        nominated_by=case.facilitator.id,
        nominated_by_name=case.facilitator.name,
        nominated_at=NOW - timedelta(days=9),
        decided_by=new_id() if decided else None,
        decided_by_name="Ibu Rina" if decided else None,
        decided_at=NOW if decided else None,
        decision_reason="Tabungan belum cukup." if decided else None,
        updated_at=NOW,
    )


def test_a_family_of_which_nothing_is_recorded(browser: FlaskClient, case: Case) -> None:
    with clock.at(NOW):
        page = browser.get(case.address)
    assert page.status_code == 200
    assert "Belum ada pertemuan tercatat" in page.text
    assert "Data belum cukup" in page.text
    assert "Belum pernah diusulkan" in page.text
    assert "Melati Putih" in page.text
    assert "Maria Lumentut" in page.text
    assert "Siti O&#39;Brien &lt;b&gt;" in page.text


def test_meetings_are_told_with_lesson_presence_and_understanding(
    db_session: Session, browser: FlaskClient, case: Case
) -> None:
    family = case.household
    with transaction():
        good = (Presence.PRESENT, Understanding.GOOD)
        hold_meeting(case.group, date(2026, 9, 3), {family: good}, (5,))
        hold_meeting(case.group, date(2026, 10, 3), {family: Presence.ABSENT}, (6,))
        hold_meeting(
            case.group, date(2026, 11, 3), {family: Presence.SICK}, adaptive_topic="Cegah stunting"
        )
        hold_meeting(
            case.group,
            date(2026, 11, 4),
            {family: Presence.PRESENT},
            status=MeetingStatus.DRAFT,
            adaptive_topic="Masih draf",
        )
    with clock.at(NOW):
        text = browser.get(case.address).text
    assert "Hadir di 1 dari 3 bulan yang ada P2K2-nya." in text
    assert "Tidak hadir 2 pertemuan terakhir." in text
    assert "Mengelola Keuangan Keluarga" in text
    assert "pemahaman: baik" in text
    assert "Tanpa kabar" in text
    assert "Cegah stunting" in text
    assert "Masih draf" not in text
    assert text.index("Cegah stunting") < text.index("Mengelola Keuangan Keluarga")


def test_figures_verdict_and_reasons_stand_on_the_page(
    db_session: Session, browser: FlaskClient, case: Case
) -> None:
    with transaction():
        observe(case.household, date(2026, 11, 1), income_per_month=4_000_000)
        trade(case.household, date(2024, 1, 1))
        answered(case.household, date(2026, 11, 1), productive_asset=True)
    with clock.at(NOW):
        text = browser.get(case.address).text
    assert "Rp 4.000.000" in text
    assert "Nilai 47 dari 100." in text
    assert "Contoh, bukan instrumen resmi." in text
    assert f"{case.address}/economics" in text
    assert f"{case.address}/readiness" in text


def test_five_statements_whatever_the_history(
    db_session: Session, browser: FlaskClient, case: Case, statements: Statements
) -> None:
    with transaction():
        for day in range(70):
            on = date(2025, 6, 1) + timedelta(days=7 * day)
            hold_meeting(case.group, on, {case.household: Presence.PRESENT}, (5, 6))
            observe(case.household, on, income_per_month=1_000_000 + day)
        for _ in range(8):
            db_session.add(nominate(case, NominationStatus.REJECTED))
    address = case.address
    statements.reset()
    with clock.at(NOW):
        page = browser.get(address)
    assert page.status_code == 200
    assert statements.count <= 5, statements.sent
    assert "Hadir di 10 dari 10" in page.text
    statements.reset()
    every = browser.get(f"{address}?all=1")
    assert statements.count <= 5
    assert every.text.count("<time") == 70
    assert page.text.count("<time") == 12


def test_numbers_are_masked_and_nowhere_in_clear(browser: FlaskClient, case: Case) -> None:
    text = browser.get(case.address).text
    assert "9971********0815" in text
    assert NIK not in text
    assert f"{case.address}/reveal" in text


def test_the_facilitator_may_nominate_whatever_the_verdict(
    browser: FlaskClient, case: Case
) -> None:
    text = browser.get(case.address).text
    assert "Usulkan graduasi" in text
    assert f"/nominations/new/{case.household.id}" in text


@pytest.mark.parametrize(
    "status", [NominationStatus.DRAFT, NominationStatus.SUBMITTED, NominationStatus.APPROVED]
)
def test_an_open_nomination_leaves_no_room_for_another(
    db_session: Session, browser: FlaskClient, case: Case, status: NominationStatus
) -> None:
    with transaction():
        nomination = nominate(case, status)
        db_session.add(nomination)
    text = browser.get(case.address).text
    assert f"/nominations/{nomination.id}" in text
    assert "/nominations/new/" not in text


def test_of_many_nominations_the_latest_stand_there_with_how_many_are_older(
    db_session: Session, browser: FlaskClient, case: Case, statements: Statements
) -> None:
    def earlier(days: int, status: NominationStatus = NominationStatus.WITHDRAWN) -> uuid.UUID:
        with transaction():
            nomination = nominate(case, status)
            nomination.nominated_at = NOW - timedelta(days=days)
            db_session.add(nomination)
        return nomination.id

    made = [earlier(days) for days in range(60, 74)]
    newest = earlier(1, NominationStatus.SUBMITTED)
    address = case.address
    statements.reset()
    with clock.at(NOW):
        text = browser.get(address).text
    assert statements.count <= 6, statements.sent
    shown = [each for each in [newest, *made] if f"/nominations/{each}" in text]
    assert shown == [newest, *made[:9]]
    assert "5 usulan yang lebih lama ada di daftar usulan." in text
    assert 'href="/nominations/"' in text
    assert "/nominations/new/" not in text


def test_ten_nominations_are_all_there_and_nothing_is_said_of_others(
    db_session: Session, browser: FlaskClient, case: Case
) -> None:
    with transaction():
        for _ in range(10):
            db_session.add(nominate(case, NominationStatus.REJECTED))
    with clock.at(NOW):
        text = browser.get(case.address).text
    assert text.count("Ibu Rina") == 10
    assert "lebih lama" not in text


def test_a_closed_nomination_stays_in_the_history(
    db_session: Session, browser: FlaskClient, case: Case
) -> None:
    with transaction():
        db_session.add(nominate(case, NominationStatus.REJECTED))
    text = browser.get(case.address).text
    assert "Ibu Rina" in text
    assert "/nominations/new/" in text


@pytest.mark.parametrize("trait", ["supervisor", "administrator"])
def test_supervisors_read_and_are_told_who_nominates(
    db_session: Session, client: FlaskClient, case: Case, trait: str
) -> None:
    with transaction():
        reader = UserFactory(**{trait: True})
    sign_in(client, reader)
    page = client.get(case.address)
    assert page.status_code == 200
    assert "/nominations/new/" not in page.text
    assert "Hanya pendamping kelompok" in page.text


def test_a_family_that_left_cannot_be_nominated(
    db_session: Session, browser: FlaskClient, case: Case
) -> None:
    with transaction():
        db_session.merge(case.household).status = HouseholdStatus.GRADUATED
    text = browser.get(case.address).text
    assert "/nominations/new/" not in text
    assert "Lulus" in text or "Graduasi" in text


@pytest.mark.parametrize(
    "stranger",
    [
        {"region": TUMINTING},
        {"supervisor": True, "region": TUMINTING},
        {"administrator": True, "region": BITUNG},
        {"administrator": True, "region": DENPASAR},
        {"viewer": True},
    ],
)
def test_a_family_out_of_scope_answers_like_one_that_never_was(
    db_session: Session, client: FlaskClient, case: Case, stranger: dict[str, object]
) -> None:
    with transaction():
        user = UserFactory(**stranger)
    sign_in(client, user)
    out_of_scope = client.get(case.address)
    never_was = client.get(f"/households/{new_id()}")
    assert out_of_scope.status_code == never_was.status_code == 404
    assert case.household.caretaker_name not in out_of_scope.text


def test_a_family_without_a_group_is_shown_to_its_administrator(
    db_session: Session, client: FlaskClient
) -> None:
    with transaction():
        administrator = UserFactory(administrator=True)
        household = HouseholdFactory(member_since_year=None)
    sign_in(client, administrator)
    page = client.get(f"/households/{household.id}")
    assert page.status_code == 200
    assert "Belum punya kelompok" in page.text


def test_a_figure_that_was_recorded_long_after_its_day_says_so(
    db_session: Session, browser: FlaskClient, case: Case
) -> None:
    with transaction():
        observe(case.household, date(2026, 4, 25), savings_total=900_001)
        observe(case.household, date(2026, 11, 1), income_per_month=1_000_001)
    with clock.at(NOW):
        page = browser.get(case.address).text
    assert re.findall(r"dicatat 12 Nov 2026 \((\d+) hari kemudian\)", page) == ["201"]
    assert page.index("Rp 900.001") < page.index("(201 hari kemudian)")
