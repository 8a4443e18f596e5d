"""The verdict line by line, today and on a past day, and the questions under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.transaction import transaction
from casework.households.models import Household
from casework.households.rules import HouseholdStatus
from casework.readiness.instruments import current
from casework.readiness.models import Readiness, ReadinessCheck
from casework.readiness.queries.assessment import assess_household
from casework.readiness.rules import Status
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import HouseholdFactory, MembershipFactory, group_with
from tests.factories.places import TUMINTING
from tests.fixtures.statements import Statements
from tests.readiness.records import answered, observe, trade

NOW = datetime(2026, 11, 12, 3, tzinfo=UTC)
TODAY = date(2026, 11, 12)


@dataclass
class Family:
    household: Household
    facilitator: User

    @property
    def address(self) -> str:
        return f"/households/{self.household.id}/readiness"


@pytest.fixture
def family(db_session: Session) -> Family:
    with transaction():
        facilitator = UserFactory()
        group = group_with(facilitator, households=0)
        household = HouseholdFactory(member_since_year=2018, disability=1)
        MembershipFactory(group=group, household=household)
    return Family(household, facilitator)


@pytest.fixture
def browser(family: Family, client: FlaskClient) -> FlaskClient:
    sign_in(client, family.facilitator)
    return client


def answers(**given: str) -> dict[str, str]:
    return {"answered_on": "2026-11-12"} | {f"question-{key}": v for key, v in given.items()}


def test_every_indicator_is_told_with_value_threshold_and_source(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    with transaction():
        observe(family.household, date(2026, 11, 1), income_per_month=2_000_000)
        trade(family.household, date(2024, 1, 1))
    with clock.at(NOW):
        text = browser.get(family.address).text
    for indicator in current().indicators:
        assert indicator.text_id in text
    assert "Penghasilan Rp 2.000.000 per bulan" in text
    assert "lebih dari Rp 3.045.800" in text
    assert "Sumber: Penghasilan yang diamati." in text
    assert "Contoh, bukan instrumen resmi." in text
    assert "Garis kemiskinan keluarga (5 orang) (2025)" in text
    assert "BPS, Profil Kemiskinan" in text
    assert "disabilitas berat" in text
    assert current().indicators[5].advice_id in text


def test_a_past_day_leaves_later_facts_out(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    with transaction():
        observe(family.household, date(2026, 3, 31), income_per_month=1_000_000)
        observe(family.household, date(2026, 4, 1), income_per_month=9_000_000)
        answered(family.household, date(2026, 4, 1), productive_asset=True)
    with clock.at(NOW):
        text = browser.get(f"{family.address}?on=2026-03-31").text
        now = browser.get(family.address).text
    assert "Rp 1.000.000 per bulan" in text
    assert "9.000.000" not in text
    assert "Keadaan pada 31 Mar 2026." in text
    assert "Simpan jawaban" not in text
    assert "Rp 9.000.000 per bulan" in now
    then = assess_household(family.household.area_id, family.household.id, as_of=date(2026, 3, 31))
    asset = next(each for each in then.indicators if each.indicator.id == "asset")
    assert asset.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2026-11-12", 200),
        ("2026-11-13", 422),
        ("2007-01-01", 200),
        ("2006-12-31", 422),
        ("kemarin", 422),
        ("", 422),
        ("2026-02-30", 422),
    ],
)
def test_a_day_one_cannot_look_back_to_is_said_at_the_field(
    browser: FlaskClient, family: Family, on: str, status: int
) -> None:
    with clock.at(NOW):
        answer = browser.get(f"{family.address}?on={on}")
    assert answer.status_code == status
    assert ("error-summary" in answer.text) == (status == 422)


def test_answers_are_saved_and_change_the_verdict(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    form = answers(productive_asset="yes", steady_work="yes", family_is_ready="no")
    with clock.at(NOW):
        page = browser.post(family.address, data=form, follow_redirects=True)
    assert "Jawaban tersimpan." in page.text
    # She sees at each question what was said last, and does not ask it again.
    said = re.findall(r"Terakhir: (\w+), 12 Nov 2026", page.text)
    assert sorted(said) == ["Tidak", "Ya", "Ya"]
    assert 'href="#questions"' in page.text
    row = db_session.scalars(select(ReadinessCheck)).one()
    assert row.answers == {
        "productive_asset": True,
        "steady_work": True,
        "family_is_ready": False,
    }
    assert (row.instrument, row.answered_on) == (current().id, TODAY)
    # Steady work 15, asset 7, years 5.
    assert db_session.scalars(select(Readiness.score)).one() == 27
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.READINESS_ANSWERED.value)
    ).one()
    assert entry.data["answered_on"] == "2026-11-12"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (answers(), "Jawab paling sedikit satu pertanyaan."),
        (answers(steady_work=""), "Jawab paling sedikit satu pertanyaan."),
        (answers(steady_work="yes") | {"answered_on": "2026-11-13"}, "setelah hari ini"),
        (answers(steady_work="yes") | {"answered_on": "x"}, "Tulis tanggal sebagai"),
        (answers(steady_work="perhaps"), "error-summary"),
    ],
)
def test_answers_that_cannot_be_taken_are_said_on_the_page(
    db_session: Session,
    browser: FlaskClient,
    family: Family,
    form: dict[str, str],
    message: str,
) -> None:
    with clock.at(NOW):
        page = browser.post(family.address, data=form)
    assert page.status_code == 422
    assert message in page.text
    db_session.rollback()
    assert db_session.scalar(select(func.count()).select_from(ReadinessCheck)) == 0


@pytest.mark.parametrize("trait", ["supervisor", "administrator"])
def test_others_read_but_do_not_answer(
    db_session: Session, client: FlaskClient, family: Family, trait: str
) -> None:
    with transaction():
        reader = UserFactory(**{trait: True})
    sign_in(client, reader)
    page = client.get(family.address)
    assert page.status_code == 200
    assert "Simpan jawaban" not in page.text
    assert client.post(family.address, data=answers(steady_work="yes")).status_code == 404


def test_nobody_answers_for_a_family_that_left(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    with transaction():
        db_session.merge(family.household).status = HouseholdStatus.GRADUATED
    page = browser.post(family.address, data=answers(steady_work="yes"))
    assert page.status_code == 422
    assert "bukan peserta PKH lagi" in page.text


def test_a_family_out_of_scope_does_not_exist(
    db_session: Session, client: FlaskClient, family: Family
) -> None:
    with transaction():
        stranger = UserFactory(region=TUMINTING)
    sign_in(client, stranger)
    assert client.get(family.address).status_code == 404
    assert client.post(family.address, data=answers(steady_work="yes")).status_code == 404


def test_three_statements_and_both_languages(
    db_session: Session, browser: FlaskClient, family: Family, statements: Statements
) -> None:
    address = family.address
    statements.reset()
    assert browser.get(address).status_code == 200
    assert statements.count <= 3, statements.sent
    with browser.session_transaction() as cookie:
        cookie["locale"] = "en"
    text = browser.get(family.address).text
    assert "Income above the poverty line" in text
    assert "An example, not the official instrument." in text


def test_a_reason_that_rests_on_a_late_record_says_so(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    with transaction():
        observe(family.household, date(2026, 11, 1), income_per_month=2_000_000)
        trade(family.household, date(2025, 11, 12))
        answered(family.household, date(2026, 10, 7), steady_work=True)
    with clock.at(NOW):
        page = browser.get(family.address).text
    assert (
        "1 dari 2 pengamatan dan jawaban baru dicatat lebih dari 35 hari setelah tanggalnya."
        in page
    )
    assert set(re.findall(r"\((\d+) hari kemudian\)", page)) == {"365", "36"}
