"""Targets of regions: who set them, when, and what they were before."""

from __future__ import annotations

import re
import threading
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access.actor import command_line
from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.append_only import AppendOnly
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.transaction import transaction
from casework.counts import actions
from casework.counts.models import Target, TargetSetting
from casework.counts.queries import target_history
from casework.ledger.rules import ExitKind
from tests.counts.counting import YEAR, count_exits, in_november, set_target
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.places import BITUNG, MANADO, MOLAS, ensure_region

KIND = ExitKind.INDEPENDENT


@pytest.fixture
def maria(db_session: Session) -> User:
    """The administrator of Kota Manado."""
    with transaction():
        ensure_region(MOLAS)
        ensure_region(BITUNG)
        return UserFactory(administrator=True, name="Maria Ester Rondonuwu")


def take_back(user: User, region_code: str | None = MANADO) -> None:
    with transaction():
        actions.take_back_target(actor_for(user), region_code=region_code, year=YEAR, kind=KIND)


def steps(region_code: str | None = MANADO) -> list[tuple[int | None, int | None]]:
    """What was set and what it was before, newest first."""
    db.session.rollback()
    found = target_history.of_region(region_code, YEAR, KIND)
    return [(each.setting.households, each.before) for each in found]


def holds(region_code: str = MANADO) -> int | None:
    db.session.rollback()
    return db.session.scalar(
        select(Target.households).where(Target.region_code == region_code, Target.year == YEAR)
    )


def tags() -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEntry.tag)
            .where(AuditEntry.subject_type == "target")
            .order_by(AuditEntry.at, AuditEntry.id)
        )
    )


def test_each_setting_is_kept_beside_the_one_it_replaced(maria: User) -> None:
    with clock.at(datetime(YEAR, 1, 8, 2, tzinfo=UTC)):
        set_target(MANADO, 400)
    with clock.at(datetime(YEAR, 1, 9, 2, tzinfo=UTC)), transaction():
        actions.set_target(
            actor_for(maria), region_code=MANADO, year=YEAR, kind=KIND, households=40
        )
    assert steps() == [(40, 400), (400, None)]
    newest = target_history.of_region(MANADO, YEAR, KIND)[0].setting
    assert (newest.set_by, newest.set_by_name) == (maria.id, maria.name)
    assert newest.set_at == datetime(YEAR, 1, 9, 2, tzinfo=UTC)
    assert holds() == 40


def test_a_target_taken_back_is_none_and_part_of_the_history(maria: User) -> None:
    set_target(MANADO, 40)
    take_back(maria)
    assert holds() is None
    assert steps() == [(None, 40), (40, None)]
    set_target(MANADO, 50)
    assert holds() == 50
    assert steps() == [(50, None), (None, 40), (40, None)]
    assert tags() == [Tag.TARGET_SET, Tag.TARGET_TAKEN_BACK, Tag.TARGET_SET]


def test_what_is_so_already_leaves_no_trace(maria: User) -> None:
    take_back(maria)
    assert steps() == []
    set_target(MANADO, 40)
    set_target(MANADO, 40)
    take_back(maria)
    take_back(maria)
    assert steps() == [(None, 40), (40, None)]
    assert len(tags()) == 2


def test_other_years_kinds_and_places_keep_their_own_history(maria: User) -> None:
    set_target(MANADO, 40)
    set_target(MANADO, 60, YEAR + 1)
    set_target(None, 900)
    with transaction():
        actions.set_target(
            command_line(),
            region_code=MANADO,
            year=YEAR,
            kind=ExitKind.EMPOWERMENT,
            households=7,
        )
    take_back(maria)
    assert steps() == [(None, 40), (40, None)]
    assert steps(None) == [(900, None)]
    left = db.session.execute(select(Target.region_code, Target.year, Target.kind)).all()
    assert {tuple(row) for row in left} == {
        (MANADO, YEAR + 1, KIND),
        (MANADO, YEAR, ExitKind.EMPOWERMENT),
        ("ID", YEAR, KIND),
    }


@pytest.mark.parametrize("region", [BITUNG, "71", None])
def test_elsewhere_nothing_is_taken_back(maria: User, region: str | None) -> None:
    set_target(region, 40)
    with pytest.raises(NotFound):
        take_back(maria, region)
    assert steps(region) == [(40, None)]


@pytest.mark.parametrize("act", ["change", "delete"])
def test_a_setting_is_never_changed_or_deleted(maria: User, act: str) -> None:
    set_target(MANADO, 40)
    with transaction() as session:
        setting = session.scalars(select(TargetSetting)).one()
        if act == "change":
            setting.households = 30
        else:
            session.delete(setting)
        with pytest.raises(AppendOnly):
            session.flush()
        session.rollback()
    assert steps() == [(40, None)]


def test_of_many_at_once_the_last_word_of_the_history_holds(app: Flask, maria: User) -> None:
    """Each setting replaces the one before it, in the order in which they held."""
    failed: list[BaseException] = []
    begin = threading.Barrier(4)

    def go(households: int) -> None:
        try:
            with app.app_context():
                begin.wait()
                set_target(MANADO, households)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=go, args=[number]) for number in (10, 20, 30, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    history = steps()
    assert sorted(households or 0 for households, _before in history) == [10, 20, 30, 40]
    assert history[0][0] == holds()
    after = db.session.execute(
        select(AuditEntry.data).where(AuditEntry.tag == Tag.TARGET_SET)
    ).scalars()
    assert {(each["after"], each["before"]) for each in after} == set(history)


class TestPage:
    address = f"/targets?region={MANADO}&year={YEAR}"

    @pytest.fixture
    def browser(self, client: FlaskClient, maria: User) -> FlaskClient:
        sign_in(client, maria)
        return client

    def text(self, client: FlaskClient, address: str = address) -> str:
        page = client.get(address)
        assert page.status_code == 200
        return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())

    def test_nothing_was_set_yet(self, browser: FlaskClient) -> None:
        text = self.text(browser)
        assert "Belum ada yang menetapkannya." in text
        assert "Tarik kembali target" not in text

    def test_it_tells_who_set_what_when_newest_first(self, browser: FlaskClient) -> None:
        for households in ("400", "40"):
            with clock.at(datetime(YEAR, 1, 8, 2, 30, tzinfo=UTC)):
                browser.post(self.address, data={"households": households})
        with clock.at(datetime(YEAR, 2, 9, 2, 30, tzinfo=UTC)):
            answer = browser.post(f"/targets/take-back?region={MANADO}&year={YEAR}")
        assert answer.status_code == 302
        text = self.text(browser)
        history = text.partition("Riwayat target ini")[2]
        lines = [
            f"9 Feb {YEAR} 10.30 WITA Maria Ester Rondonuwu ditarik kembali: tanpa target 40",
            f"8 Jan {YEAR} 10.30 WITA Maria Ester Rondonuwu 40 400",
            f"8 Jan {YEAR} 10.30 WITA Maria Ester Rondonuwu 400 tanpa target",
        ]
        places = [history.index(line) for line in lines]
        assert places == sorted(places)

    def test_each_kind_that_graduates_has_its_own_target_and_history(
        self, browser: FlaskClient
    ) -> None:
        set_target(MANADO, 40)
        count_exits(MANADO, 3, ExitKind.EMPOWERMENT, date(YEAR, 6, 1))
        count_exits(MANADO, 5, ExitKind.NATURAL, date(YEAR, 6, 1))
        address = f"{self.address}&kind=empowerment"
        assert address in browser.get(self.address).text.replace("&amp;", "&")
        answer = browser.post(address, data={"households": "25"})
        assert answer.status_code == 302
        assert answer.location == address
        text = self.text(browser, address)
        assert "Graduasi PPSE atau PENA yang hendak dicatat kantor" in text
        assert "3 Dicatat 25 Target tahun 2026 22 Masih kurang" in text
        assert "Graduasi PPSE atau PENA. Dicatat kantor. Dihitung sampai " in text
        assert "25 tanpa target" in text.partition("Riwayat target ini")[2]
        # Ten for each facilitator are graduasi mandiri.
        assert "Pembanding" not in text
        assert "Target para pendamping" not in text
        assert "25" not in self.text(browser).partition("Riwayat target ini")[2]
        assert "Belum ada" in self.text(browser, f"{self.address}&kind=natural")
        public = self.text(browser, f"/national?region={MANADO}&year={YEAR}&kind=empowerment")
        assert f"25 Target tahun {YEAR}" in public
        back = f"/targets/take-back?region={MANADO}&year={YEAR}&kind=empowerment"
        assert browser.post(back).location == address
        assert "ditarik kembali: tanpa target 25" in self.text(browser, address)
        assert holds() == 40

    @pytest.mark.parametrize("kind", ["forced", "died", "x"])
    def test_nobody_sets_out_to_have_families_leave_otherwise(
        self, browser: FlaskClient, kind: str
    ) -> None:
        assert browser.get(f"{self.address}&kind={kind}").status_code == 404
        answer = browser.post(f"{self.address}&kind={kind}", data={"households": "5"})
        assert answer.status_code == 404
        if kind != "x":
            with pytest.raises(NotFound), transaction():
                actions.set_target(
                    command_line(),
                    region_code=MANADO,
                    year=YEAR,
                    kind=ExitKind(kind),
                    households=5,
                )
        assert holds() is None

    def test_taking_back_is_not_for_a_link_nor_for_elsewhere(self, browser: FlaskClient) -> None:
        set_target(BITUNG, 40)
        assert browser.get(f"/targets/take-back?region={MANADO}").status_code == 405
        elsewhere = browser.post(f"/targets/take-back?region={BITUNG}&year={YEAR}")
        assert elsewhere.status_code == 404
        assert holds(BITUNG) == 40

    def test_ten_for_each_facilitator_is_told_to_compare_and_never_set(
        self, browser: FlaskClient
    ) -> None:
        with transaction():
            UserFactory.create_batch(3)
            UserFactory(is_active=False)
            UserFactory(region=BITUNG)
            UserFactory(supervisor=True)
        with in_november():
            assert "Pembanding: 10 × 3 pendamping = 30" in self.text(browser)
            assert holds() is None
            # How many there were a year ago nobody knows.
            past = self.text(browser, f"/targets?region={MANADO}&year={YEAR - 1}")
            assert "Pembanding" not in past
