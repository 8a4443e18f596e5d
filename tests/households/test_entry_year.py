"""The year in which a family joined PKH: recorded by whoever knows it, and readiness follows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.transaction import transaction
from casework.households.models import Household
from casework.readiness.models import Readiness
from tests.answers import told
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import HouseholdFactory, MembershipFactory, group_with
from tests.factories.places import BITUNG

NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)


@pytest.fixture
def siti(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory()
    db_session.refresh(user)
    return user


@pytest.fixture
def aminah(db_session: Session, siti: User) -> Household:
    """A family in Siti's care that stands on the rosters since 2025."""
    with transaction():
        household: Household = HouseholdFactory(
            caretaker_name="Aminah", member_since_year=None, first_stage="2025-1"
        )
        MembershipFactory(group=group_with(siti, households=0), household=household)
    db_session.refresh(household)
    return household


def post(client: FlaskClient, household: Household, year: str) -> tuple[int, str]:
    with clock.at(NOW):
        return told(client.post(f"/households/{household.id}/entry-year", data={"year": year}))


@pytest.mark.parametrize("who", ["facilitator", "administrator"])
def test_the_year_is_recorded_and_readiness_follows_in_the_same_transaction(
    db_session: Session, client: FlaskClient, siti: User, aminah: Household, who: str
) -> None:
    with transaction():
        person = siti if who == "facilitator" else UserFactory(administrator=True)
    sign_in(client, person)
    page = client.get(f"/households/{aminah.id}").text
    assert "Tahun masuk belum tercatat." in page
    assert f'href="/households/{aminah.id}/entry-year">Catat' in page
    assert post(client, aminah, " 2019 ")[0] == 302
    page = client.get(f"/households/{aminah.id}").text
    assert "2019" in page
    assert "Tahun masuk tersimpan." in page
    # More than five years: 5 points of the example instrument.
    assert db_session.scalars(select(Readiness.score)).one() == 5
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.HOUSEHOLD_ENTRY_RECORDED.value)
    ).one()
    assert (entry.subject_id, entry.area_id) == (str(aminah.id), aminah.area_id)
    assert entry.data == {"changes": {"member_since_year": [None, 2019]}}


@pytest.mark.parametrize(
    ("year", "message"),
    [
        ("2007", ""),
        ("2025", ""),
        ("", ""),
        ("2006", "PKH dimulai tahun 2007."),
        ("2026", "Keluarga ini ada di daftar penerima 2025."),
        ("2027", "Tahun tidak boleh setelah tahun ini."),
        ("9999", "Tahun tidak boleh setelah tahun ini."),
        ("19", "empat angka"),
        ("-2019", "empat angka"),
        ("20190", "empat angka"),
        ("dua ribu", "empat angka"),
        ("\u0662\u0660\u0661\u0669", "empat angka"),
    ],
)
def test_only_a_year_in_which_the_family_can_have_joined_is_taken(
    db_session: Session,
    client: FlaskClient,
    siti: User,
    aminah: Household,
    year: str,
    message: str,
) -> None:
    sign_in(client, siti)
    status, text = post(client, aminah, year)
    saved = db_session.scalars(select(Household.member_since_year)).one()
    if message:
        assert (status, saved) == (422, None)
        assert message in text
        assert f'value="{year}"' in text, "what was typed is kept"
    else:
        assert (status, saved) == (302, int(year) if year else None)


def test_a_slip_is_taken_back_and_the_same_twice_leaves_one_trace(
    db_session: Session, client: FlaskClient, siti: User, aminah: Household
) -> None:
    sign_in(client, siti)
    for year in ("2019", "2019", ""):
        assert post(client, aminah, year)[0] == 302
    assert db_session.scalars(select(Household.member_since_year)).one() is None
    assert db_session.scalars(select(Readiness.score)).one() == 0
    entries = db_session.scalars(
        select(AuditEntry.id).where(AuditEntry.tag == Tag.HOUSEHOLD_ENTRY_RECORDED.value)
    ).all()
    assert len(entries) == 2


@pytest.mark.parametrize(
    "stranger", [{}, {"administrator": True, "region": BITUNG}, {"supervisor": True}]
)
def test_for_others_the_page_does_not_exist(
    client: FlaskClient, aminah: Household, stranger: dict[str, object]
) -> None:
    with transaction():
        person = UserFactory(**stranger)
    sign_in(client, person)
    assert client.get(f"/households/{aminah.id}/entry-year").status_code == 404
    assert post(client, aminah, "2019")[0] == 404
