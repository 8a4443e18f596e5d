"""Recording a family's economy, page by page, without a script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import Base
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.economics.models import Enterprise, Observation, SupportReceived
from casework.economics.rules import MOST_OBSERVATIONS, BorrowsFrom, EnterpriseKind, SupportKind
from casework.households.models import Household
from casework.households.rules import HouseholdStatus
from casework.readiness.models import Readiness
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import HouseholdFactory, MembershipFactory, group_with
from tests.factories.places import BITUNG, TUMINTING
from tests.fixtures.statements import Statements
from tests.readiness.records import observe, trade

NOW = datetime(2026, 11, 12, 3, tzinfo=UTC)
PAGES = ["observations/new", "enterprises/new", "support/new"]


@dataclass
class Family:
    household: Household
    facilitator: User

    def at(self, page: str = "") -> str:
        base = f"/households/{self.household.id}/economics"
        return f"{base}/{page}" if page else base


@pytest.fixture
def family(db_session: Session) -> Family:
    with transaction():
        facilitator = UserFactory()
        group = group_with(facilitator, households=0)
        household = HouseholdFactory()
        MembershipFactory(group=group, household=household)
    return Family(household, facilitator)


@pytest.fixture
def browser(family: Family, client: FlaskClient) -> FlaskClient:
    sign_in(client, family.facilitator)
    return client


def seen(**changes: str) -> dict[str, str]:
    return {"observed_on": "2026-11-01", "income_per_month": "2.500.000"} | changes


def test_an_observation_goes_from_the_form_to_the_verdict(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    form = seen(
        income_per_month="Rp 4.000.000",
        savings_total="5000000",
        saves_per_month="0",
        keeps_budget="yes",
        uses_bank_account="no",
        borrows_from="bank",
        note="  Jualan laris.  ",
    )
    with clock.at(NOW):
        answer = browser.post(family.at("observations/new"), data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert "Pengamatan tersimpan." in answer.text
    assert "Rp 4.000.000" in answer.text
    row = db_session.scalars(select(Observation)).one()
    assert (row.income_per_month, row.savings_total, row.saves_per_month) == (
        4_000_000,
        5_000_000,
        0,
    )
    assert (row.keeps_budget, row.uses_bank_account) == (True, False)
    assert row.borrows_from is BorrowsFrom.BANK
    assert (row.note, row.recorded_by_name) == ("Jualan laris.", family.facilitator.name)
    assert db_session.scalars(select(Readiness.score)).one() == 15 + 5 + 10 + 0
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.OBSERVATION_RECORDED.value)
    ).one()
    assert entry.data["household"] == str(family.household.id)
    assert "keeps_budget" in entry.data["fields"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"income_per_month": "banyak"}, "Tulis jumlahnya lengkap, misalnya 1.500.000."),
        ({"income_per_month": "-1"}, "Tulis jumlahnya lengkap"),
        ({"income_per_month": "1,5"}, "Tulis jumlahnya lengkap"),
        ({"income_per_month": "1,5 juta"}, ""),
        ({"income_per_month": "750rb"}, ""),
        (
            {"income_per_month": "1.000.000.000", "income_per_month_is_right": "1000000000"},
            "",
        ),
        ({"income_per_month": "1.000.000.001"}, "Jumlah ini terlalu besar"),
        ({"income_per_month": ""}, "Isi paling sedikit satu jawaban"),
        ({"income_per_month": "", "note": "hanya catatan"}, "Isi paling sedikit satu jawaban"),
        ({"income_per_month": "", "keeps_budget": "no"}, ""),
        ({"income_per_month": "", "saves_per_month": "0"}, ""),
        ({"observed_on": "2026-11-12"}, ""),
        ({"observed_on": "2026-11-13"}, "Tanggal tidak boleh setelah hari ini"),
        ({"observed_on": "2007-01-01"}, ""),
        ({"observed_on": "2006-12-31"}, "Tanggal ini terlalu lama"),
        ({"observed_on": "31 Maret"}, "Tulis tanggal sebagai"),
        ({"observed_on": ""}, "Pilih tanggal"),
        ({"keeps_budget": "maybe"}, "Not a valid choice"),
        ({"borrows_from": "mafia"}, "Not a valid choice"),
        ({"note": "x" * 500}, ""),
        ({"note": "x" * 501}, "paling banyak 500 huruf"),
    ],
)
def test_the_observation_form_at_its_limits(
    db_session: Session,
    browser: FlaskClient,
    family: Family,
    changes: dict[str, str],
    message: str,
) -> None:
    with clock.at(NOW):
        answer = browser.post(family.at("observations/new"), data=seen(**changes))
    db_session.rollback()
    saved = db_session.scalar(select(func.count()).select_from(Observation))
    if not message:
        assert (answer.status_code, saved) == (302, 1), answer.text
        return
    assert (answer.status_code, saved) == (422, 0)
    assert "error-summary" in answer.text
    if not message.startswith("Not"):
        assert message in answer.text
    for typed in () if message.startswith("Not") else changes.values():
        assert typed in answer.text, "what was typed is kept"


def test_a_form_that_is_sent_twice_is_recorded_once(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    page = browser.get(family.at("observations/new")).text
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    assert once is not None
    for _ in range(2):
        answer = browser.post(family.at("observations/new"), data=seen(once=once[1]))
        assert answer.status_code == 302
    assert db_session.scalar(select(func.count()).select_from(Observation)) == 1


@pytest.mark.parametrize(
    ("path", "sent", "changed", "model"),
    [
        ("observations/new", seen(), {"income_per_month": "900000"}, Observation),
        (
            "enterprises/new",
            {"kind": "shop", "since_on": "2024-03", "channels": ["gofood"]},
            {"name": "Kios Baru"},
            Enterprise,
        ),
        (
            "support/new",
            {"kind": SupportKind.EQUIPMENT.value, "received_on": "2026-05-04", "provider": "BRI"},
            {"provider": "Dinas Koperasi"},
            SupportReceived,
        ),
    ],
)
def test_what_was_changed_after_going_back_is_never_said_to_be_saved_and_is_not(
    db_session: Session,
    browser: FlaskClient,
    family: Family,
    path: str,
    sent: dict[str, Any],
    changed: dict[str, str],
    model: type[Base],
) -> None:
    def once_of(page: str) -> str:
        found = re.search(r'name="once"[^>]*value="([^"]+)"', page)
        assert found is not None
        return found[1]

    once = once_of(browser.get(family.at(path)).text)
    # The same twice is one.
    for _time in range(2):
        saved = browser.post(family.at(path), data={**sent, "once": once})
        assert saved.status_code == 302
    answer = browser.post(family.at(path), data={**sent, "once": once, **changed})
    assert answer.status_code == 422
    assert "simpan sekali lagi" in answer.text
    assert db_session.scalar(select(func.count()).select_from(model)) == 1
    # What was typed stands there still, and once more it is a record of its own.
    again = {**sent, "once": once_of(answer.text), **changed}
    assert again["once"] != once
    assert browser.post(family.at(path), data=again).status_code == 302
    assert db_session.scalar(select(func.count()).select_from(model)) == 2


def test_a_family_is_observed_so_often_in_a_day_and_no_more(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    page = family.at("observations/new")
    with clock.at(NOW):
        for _ in range(MOST_OBSERVATIONS):
            assert browser.post(page, data=seen()).status_code == 302
        answer = browser.post(page, data=seen(note="Yang terakhir"))
    assert answer.status_code == 422
    assert "Hari ini Anda sudah mencatat 20 pengamatan keluarga ini. Lanjutkan besok." in (
        answer.text
    )
    assert "Yang terakhir" in answer.text
    count = select(func.count()).select_from(Observation)
    assert db_session.scalar(count) == MOST_OBSERVATIONS
    # Midnight in Manado is 16:00 UTC: until then it is the same day.
    for later, status in ((timedelta(hours=12, minutes=59), 422), (timedelta(hours=13), 302)):
        with clock.at(NOW + later):
            sign_in(browser, family.facilitator)
            assert browser.post(page, data=seen()).status_code == status


def test_another_family_and_a_successor_have_room_of_their_own(
    db_session: Session, browser: FlaskClient, family: Family, app: Flask
) -> None:
    with transaction():
        for _ in range(MOST_OBSERVATIONS):
            observe(
                family.household,
                NOW.date(),
                keeps_budget=True,
                recorded_by=family.facilitator.id,
            )
        other = HouseholdFactory()
        MembershipFactory(group=group_with(family.facilitator, households=0), household=other)
        successor = UserFactory()
        MembershipFactory(
            group=group_with(successor, households=0), household=(third := HouseholdFactory())
        )
        for _ in range(MOST_OBSERVATIONS):
            observe(third, NOW.date(), keeps_budget=True, recorded_by=family.facilitator.id)
    page = "/households/{}/economics/observations/new"
    with clock.at(NOW):
        assert browser.post(page.format(family.household.id), data=seen()).status_code == 422
        assert browser.post(page.format(other.id), data=seen()).status_code == 302
        hers = app.test_client()
        sign_in(hers, successor)
        assert hers.post(page.format(third.id), data=seen()).status_code == 302


def test_a_business_is_recorded_corrected_and_ended(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    form: dict[str, Any] = {
        "kind": "food_stall",
        "name": "Warung  Bunda",
        "since_on": "2024-03",
        "turnover_per_month": "3.500.000",
        "licences": ["nib", "halal"],
        "channels": ["gofood", "whatsapp"],
    }
    with clock.at(NOW):
        answer = browser.post(family.at("enterprises/new"), data=form, follow_redirects=True)
        assert "Warung Bunda" in answer.text
        assert "GoFood" in answer.text
        row = db_session.scalars(select(Enterprise)).one()
        assert (row.kind, row.since_on) == (EnterpriseKind.FOOD_STALL, date(2024, 3, 1))
        assert (row.licences, row.channels) == (["nib", "halal"], ["gofood", "whatsapp"])
        assert row.turnover_per_month == 3_500_000
        page = family.at(f"enterprises/{row.id}")
        shown = browser.get(page).text
        assert 'value="2024-03"' in shown
        assert "3.500.000" in shown
        unchanged = browser.post(page, data=form, follow_redirects=True)
        assert "Tidak ada yang diubah." in unchanged.text
        form["ended_on"] = "2026-10-01"
        ended = browser.post(page, data=form, follow_redirects=True)
    assert "Berhenti" in ended.text
    db_session.rollback()
    assert db_session.scalars(select(Enterprise.ended_on)).one() == date(2026, 10, 1)
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.ENTERPRISE_CHANGED.value)
    ).one()
    assert entry.data["changes"] == {"ended_on": [None, "2026-10-01"]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"since_on": "03/2024"}, ""),
        ({"since_on": "2026-11"}, ""),
        ({"since_on": "2026-12"}, "Tanggal tidak boleh setelah hari ini"),
        ({"since_on": "2024-13"}, "Tulis bulan dan tahun"),
        ({"since_on": "tahun lalu"}, "Tulis bulan dan tahun"),
        ({"since_on": ""}, "Tulis bulan dan tahun"),
        ({"since_on": "1949-12"}, "Tanggal ini terlalu lama"),
        ({"kind": ""}, "Pilih jenis usaha"),
        ({"turnover_per_month": "12,5"}, "Tulis jumlahnya lengkap"),
        ({"name": "x" * 121}, "paling banyak 120 huruf"),
        ({"licences": "driving"}, "error-summary"),
    ],
)
def test_the_business_form_at_its_limits(
    db_session: Session,
    browser: FlaskClient,
    family: Family,
    changes: dict[str, str],
    message: str,
) -> None:
    form = {"kind": "shop", "since_on": "2024-03"} | changes
    with clock.at(NOW):
        answer = browser.post(family.at("enterprises/new"), data=form)
    db_session.rollback()
    saved = db_session.scalar(select(func.count()).select_from(Enterprise))
    assert (answer.status_code, saved) == ((422, 0) if message else (302, 1))
    if message:
        assert message in answer.text


@pytest.mark.parametrize(
    ("ended_on", "status"), [("2024-03-01", 422), ("2024-03-02", 302), ("2026-11-13", 422)]
)
def test_a_business_ends_after_it_began_and_not_tomorrow(
    db_session: Session, browser: FlaskClient, family: Family, ended_on: str, status: int
) -> None:
    with transaction():
        row = trade(family.household, date(2024, 3, 1))
    form = {"kind": "food_stall", "since_on": "2024-03", "name": "Warung", "ended_on": ended_on}
    with clock.at(NOW):
        answer = browser.post(family.at(f"enterprises/{row.id}"), data=form)
    assert answer.status_code == status


@pytest.mark.parametrize("kind", SupportKind)
def test_each_of_the_six_kinds_of_support_is_recorded(
    db_session: Session, browser: FlaskClient, family: Family, kind: SupportKind
) -> None:
    form = {"kind": kind.value, "received_on": "2026-05-04", "provider": "Dinas Koperasi"}
    with clock.at(NOW):
        answer = browser.post(family.at("support/new"), data=form, follow_redirects=True)
    assert "Dinas Koperasi" in answer.text
    row = db_session.scalars(select(SupportReceived)).one()
    assert (row.kind, row.provider, row.received_on) == (kind, "Dinas Koperasi", date(2026, 5, 4))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": ""}, "Pilih jenis bantuan"),
        ({"kind": "cash"}, "error-summary"),
        ({"provider": "   "}, "Tulis siapa yang memberi bantuan"),
        ({"received_on": "2026-11-13"}, "Tanggal tidak boleh setelah hari ini"),
    ],
)
def test_the_support_form_at_its_limits(
    db_session: Session,
    browser: FlaskClient,
    family: Family,
    changes: dict[str, str],
    message: str,
) -> None:
    form = {"kind": "equipment", "received_on": "2026-05-04", "provider": "Dinas"} | changes
    with clock.at(NOW):
        answer = browser.post(family.at("support/new"), data=form)
    assert answer.status_code == 422
    assert message in answer.text


@pytest.mark.parametrize("page", ["", *PAGES])
@pytest.mark.parametrize("role", ["other facilitator", "supervisor of another regency"])
def test_a_family_out_of_scope_does_not_exist(
    db_session: Session, client: FlaskClient, family: Family, page: str, role: str
) -> None:
    with transaction():
        stranger = (
            UserFactory(region=TUMINTING)
            if role == "other facilitator"
            else UserFactory(supervisor=True, region=BITUNG)
        )
    sign_in(client, stranger)
    assert client.get(family.at(page)).status_code == 404
    if page:
        assert client.post(family.at(page), data=seen()).status_code == 404
    assert db_session.scalar(select(func.count()).select_from(Observation)) == 0


def test_a_business_of_another_family_does_not_exist(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    with transaction():
        other = HouseholdFactory()
        row = trade(other, date(2024, 3, 1))
    assert browser.get(family.at(f"enterprises/{row.id}")).status_code == 404


@pytest.mark.parametrize("trait", ["supervisor", "administrator"])
def test_others_read_but_do_not_record(
    db_session: Session, client: FlaskClient, family: Family, trait: str
) -> None:
    with transaction():
        reader = UserFactory(**{trait: True})
        observe(family.household, date(2026, 1, 1), income_per_month=1)
    sign_in(client, reader)
    shown = client.get(family.at())
    assert shown.status_code == 200
    assert "Hanya pendamping kelompok" in shown.text
    assert "/new" not in shown.text
    for page in PAGES:
        assert client.get(family.at(page)).status_code == 404
        assert client.post(family.at(page), data=seen()).status_code == 404


def test_nothing_is_recorded_of_a_family_that_left(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    with transaction():
        row = db_session.merge(family.household)
        row.status = HouseholdStatus.EXITED
    assert "bukan peserta PKH lagi" in browser.get(family.at()).text
    for page in PAGES:
        answer = browser.post(family.at(page), data=seen())
        assert answer.status_code == 403
        assert "bukan peserta PKH lagi" in answer.text


@pytest.mark.parametrize(
    ("status", "is_written"),
    [
        (HouseholdStatus.APPROVED, dict.fromkeys(PAGES, True)),
        (HouseholdStatus.GRADUATED, {page: page.startswith("support") for page in PAGES}),
    ],
)
def test_life_goes_on_until_the_ministry_has_spoken_and_help_after_that(
    db_session: Session,
    browser: FlaskClient,
    family: Family,
    status: HouseholdStatus,
    is_written: dict[str, bool],
) -> None:
    with transaction():
        db_session.merge(family.household).status = status
    for page, opens in is_written.items():
        assert browser.get(family.at(page)).status_code == (200 if opens else 403)
    assert "Tambah bantuan" in browser.get(family.at()).text


def test_the_page_takes_seven_statements_whatever_the_history(
    db_session: Session, browser: FlaskClient, family: Family, statements: Statements
) -> None:
    with transaction():
        for month in range(1, 11):
            observe(family.household, date(2026, month, 1), income_per_month=month)
            trade(family.household, date(2025, month, 1))
    statements.reset()
    shown = browser.get(family.at())
    assert statements.count <= 7, statements.sent
    assert "4 lagi" in shown.text
    every = browser.get(f"{family.at()}?{urlencode({'all': 1})}")
    assert every.text.count("<time") > shown.text.count("<time")


def test_what_was_recorded_long_after_its_day_says_so_and_nothing_else_does(
    db_session: Session, browser: FlaskClient, family: Family
) -> None:
    with transaction():
        observe(family.household, date(2026, 4, 25), savings_total=900_001)
        observe(family.household, date(2026, 10, 8), savings_total=900_002)
        trade(family.household, date(2025, 11, 12))
        db_session.add(
            SupportReceived(
                area_id=family.household.area_id,
                id=new_id(),
                household_id=family.household.id,
                kind=SupportKind.EQUIPMENT,
                received_on=date(2026, 10, 7),
                provider="Dinas Sosial",
                recorded_by=new_id(),
                recorded_by_name="Sarah",
                recorded_at=NOW,
            )
        )
    with clock.at(NOW):
        page = browser.get(family.at()).text
    late = re.findall(r"dicatat 12 Nov 2026 \(([\d.]+) hari kemudian\)", page)
    assert late == ["201", "365", "36"], "the observation, the business, the support"
    assert "terlambat" not in page.split("observations")[1], "no accusation"


def test_a_business_changed_late_is_told_of_where_nothing_can_be_recorded_any_more(
    db_session: Session, client: FlaskClient, family: Family
) -> None:
    with transaction():
        year_ago = NOW - timedelta(days=365)
        trade(family.household, date(2025, 11, 12), recorded_at=year_ago, updated_at=NOW)
        supervisor = UserFactory(supervisor=True)
    sign_in(client, supervisor)
    with clock.at(NOW):
        assert "(365 hari kemudian)" in client.get(family.at()).text
