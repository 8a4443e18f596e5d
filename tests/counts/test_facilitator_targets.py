"""What each facilitator has reached, her target, and who may set another one."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.access.actor import command_line
from casework.access.roles import Role
from casework.accounts.actions.people import Particulars, change_person, disable
from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, NotFound, Refused
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.counts import actions
from casework.counts.models import TargetSetting
from casework.counts.queries import facilitators, target_history
from casework.counts.queries.facilitators import FacilitatorFigure
from casework.counts.rules import FACILITATOR_TARGET
from casework.graduation.states import NominationStatus
from casework.households.actions.assignments import assign
from casework.households.models import Group
from casework.ledger.actions import take_back
from casework.ledger.rules import CountedState, ExitKind
from tests.counts.counting import NOW, YEAR, as_of_today
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.counted import graduated
from tests.factories.graduation import cast, nominate
from tests.factories.places import BITUNG, BUNAKEN, MANADO, NORTH_SULAWESI, PAUDEAN, TUMINTING
from tests.fixtures.statements import Statements

JUNE = date(YEAR, 6, 1)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def maria(db_session: Session) -> User:
    with transaction():
        return UserFactory(administrator=True, name="Maria Ester Rondonuwu")


@pytest.fixture
def sarah(db_session: Session) -> User:
    with transaction():
        return UserFactory(name="Sarah Lumentut")


def figure(reader: User, whose: User, year: int = YEAR) -> FacilitatorFigure:
    db.session.rollback()
    return facilitators.facilitator(actor_for(reader), whose.id, year)


def listed(reader: User, region: str = MANADO, year: int = YEAR) -> dict[str, tuple[int, int]]:
    """Name -> counted and target, in the order of the page."""
    db.session.rollback()
    found = facilitators.by_facilitator(actor_for(reader), region, year)
    return {each.name: (each.progress.counted, each.progress.target or 0) for each in found}


def set_target(setter: User, whose: User, households: int, year: int = YEAR) -> None:
    with transaction():
        actions.set_facilitator_target(
            actor_for(setter), whose.id, year=year, households=households
        )


def take_target_back(setter: User, whose: User) -> None:
    with transaction():
        actions.take_back_facilitator_target(actor_for(setter), whose.id, year=YEAR)


class TestCounted:
    def test_whom_the_ministry_established_counts_and_nothing_else(
        self, maria: User, sarah: User
    ) -> None:
        with transaction():
            graduated(sarah, JUNE)
            graduated(sarah, date(YEAR, 1, 1))
            graduated(sarah, date(YEAR - 1, 12, 31))
            graduated(sarah, JUNE, state=CountedState.APPROVED)
            graduated(UserFactory(), JUNE)
        assert figure(maria, sarah).progress.counted == 2
        assert figure(maria, sarah, YEAR - 1).progress.counted == 1

    def test_what_is_reversed_counts_no_longer(self, maria: User, sarah: User) -> None:
        with transaction():
            made = graduated(sarah, JUNE)
            graduated(sarah, JUNE)
            take_back(
                command_line(),
                [made.id],
                area_id=made.area_id,
                state=CountedState.ESTABLISHED,
            )
        assert figure(maria, sarah).progress.counted == 1

    @pytest.mark.parametrize(
        ("status", "counted"),
        [
            (NominationStatus.APPROVED, 0),
            (NominationStatus.ESTABLISHED, 1),
            (NominationStatus.REVERSED, 0),
        ],
    )
    def test_it_follows_the_acts_themselves(
        self, db_session: Session, status: NominationStatus, counted: int
    ) -> None:
        people = cast()
        nominate(people, status)
        assert figure(people.administrator, people.facilitator).progress.counted == counted

    def test_it_stays_hers_when_the_group_goes_to_a_colleague(self, db_session: Session) -> None:
        people = cast()
        nominate(people, NominationStatus.ESTABLISHED)
        with transaction():
            colleague: User = UserFactory(name="Budi")
            group_id = db.session.scalars(select(Group.id)).one()
            assign(people.office, group_id, colleague.id, clock.today("Asia/Makassar"))
        assert figure(people.administrator, people.facilitator).progress.counted == 1
        assert figure(people.administrator, colleague).progress.counted == 0

    def test_it_stays_hers_when_she_moves_to_another_regency(self, sarah: User) -> None:
        with transaction():
            graduated(sarah, JUNE)
            nation = UserFactory(role=Role.ADMINISTRATOR, region_code=None)
            there: User = UserFactory(administrator=True, region=BITUNG)
        with transaction():
            change_person(
                actor_for(nation), sarah.id, Particulars(sarah.name, sarah.role, BITUNG, "")
            )
        with transaction():
            graduated(sarah, date(YEAR, 10, 1), village=PAUDEAN)
        assert listed(there, BITUNG) == {sarah.name: (2, FACILITATOR_TARGET)}


class TestWhoIsListed:
    def test_the_largest_gap_stands_first_and_nobody_of_elsewhere(
        self, maria: User, sarah: User
    ) -> None:
        with transaction():
            graduated(sarah, JUNE)
            UserFactory(name="Budi")
            UserFactory(name="Cici", region=TUMINTING)
            UserFactory(name="Dewi", region=BITUNG)
            UserFactory(name="Rina", supervisor=True)
        set_target(maria, sarah, 12)
        assert listed(maria) == {sarah.name: (1, 12), "Budi": (0, 10), "Cici": (0, 10)}
        assert list(listed(maria)) == [sarah.name, "Budi", "Cici"]
        assert list(listed(maria, BUNAKEN)) == [sarah.name, "Budi"]

    def test_a_part_of_the_year_has_the_whole_target(self, maria: User) -> None:
        with transaction():
            came: User = UserFactory(name="Baru", role_since=datetime(YEAR, 11, 1, tzinfo=UTC))
            went: User = UserFactory(
                name="Naik",
                role=Role.SUPERVISOR,
                facilitated_until=datetime(YEAR, 2, 1, tzinfo=UTC),
            )
            UserFactory(
                name="Lama",
                role=Role.SUPERVISOR,
                facilitated_until=datetime(YEAR - 1, 12, 31, 15, tzinfo=UTC),
            )
        assert listed(maria) == {came.name: (0, 10), went.name: (0, 10)}
        assert not figure(maria, went).is_facilitator
        assert set(listed(maria, year=YEAR - 1)) == {"Naik", "Lama"}

    def test_a_disabled_account_is_there_while_something_is_counted(
        self, maria: User, sarah: User
    ) -> None:
        with transaction():
            other: User = UserFactory(name="Budi")
            graduated(sarah, JUNE)
            disable(actor_for(maria), sarah.id)
            disable(actor_for(maria), other.id)
        assert listed(maria) == {sarah.name: (1, 10)}


class TestSetting:
    def test_without_any_setting_ten_hold(self, maria: User, sarah: User) -> None:
        found = figure(maria, sarah)
        assert (found.own, found.progress.target) == (None, 10)
        assert db.session.scalars(select(TargetSetting)).all() == []

    def test_one_is_set_for_one_person_and_year_and_taken_back(
        self, maria: User, sarah: User
    ) -> None:
        with transaction():
            budi: User = UserFactory()
        set_target(maria, sarah, 4)
        set_target(maria, sarah, 12)
        set_target(maria, sarah, 12)
        assert figure(maria, sarah).progress.target == 12
        assert figure(maria, budi).progress.target == 10
        assert figure(maria, sarah, YEAR + 1).progress.target == 10
        take_target_back(maria, sarah)
        take_target_back(maria, sarah)
        assert figure(maria, sarah).progress.target == 10
        history = target_history.of_facilitator(sarah.id, YEAR)
        assert [(each.setting.households, each.before) for each in history] == [
            (None, 12), (12, 4), (4, None),
        ]  # fmt: skip
        assert {each.setting.set_by_name for each in history} == {maria.name}

    def test_of_many_at_once_each_replaces_the_one_before(
        self, app: Flask, maria: User, sarah: User
    ) -> None:
        actor, whose = actor_for(maria), sarah.id
        db.session.rollback()
        begin, failed = threading.Barrier(4), []

        def go(households: int) -> None:
            try:
                with app.app_context():
                    begin.wait()
                    with transaction():
                        actions.set_facilitator_target(
                            actor, whose, year=YEAR, households=households
                        )
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=go, args=[number]) for number in (1, 2, 3, 4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        told = db.session.scalars(
            select(AuditEntry.data).where(AuditEntry.tag == Tag.FACILITATOR_TARGET_SET)
        )
        chain = {each["before"]: each["after"] for each in told}
        held, seen = FACILITATOR_TARGET, []
        while held in chain:
            held = chain[held]
            seen.append(held)
        assert sorted(seen) == [1, 2, 3, 4]

    def test_none_at_all_is_a_target_too(self, maria: User, sarah: User) -> None:
        set_target(maria, sarah, 0)
        found = figure(maria, sarah).progress
        assert (found.target, found.share, found.gap) == (0, None, 0)

    def test_the_trail_tells_what_held_before(self, maria: User, sarah: User) -> None:
        set_target(maria, sarah, 12)
        take_target_back(maria, sarah)
        entries = db.session.execute(
            select(AuditEntry.tag, AuditEntry.actor_id, AuditEntry.area_id, AuditEntry.data)
            .where(AuditEntry.subject_id == str(sarah.id))
            .order_by(AuditEntry.id)
        ).all()
        assert [tuple(row) for row in entries] == [
            (
                "facilitator-target:set", maria.id, 7171,
                {"year": YEAR, "before": 10, "after": 12},
            ),
            (
                "facilitator-target:take-back", maria.id, 7171,
                {"year": YEAR, "before": 12, "after": 10},
            ),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "who",
        [
            {"region": BITUNG},
            {"supervisor": True},
            {"viewer": True},
            {"role_since": datetime(YEAR + 1, 1, 2, tzinfo=UTC)},
        ],
    )
    def test_only_a_facilitator_of_the_own_region_and_the_year_has_one(
        self, maria: User, who: dict[str, object]
    ) -> None:
        with transaction():
            person: User = UserFactory(**who)
        with pytest.raises(NotFound):
            set_target(maria, person, 12)
        assert db.session.scalars(select(TargetSetting)).all() == []

    def test_nobody_sets_the_own_target(self, db_session: Session) -> None:
        with transaction():
            risen: User = UserFactory(
                administrator=True, facilitated_until=datetime(YEAR, 3, 1, tzinfo=UTC)
            )
        with pytest.raises(Refused):
            set_target(risen, risen, 1)
        with pytest.raises(Refused):
            take_target_back(risen, risen)

    @pytest.mark.parametrize(("households", "year"), [(-1, YEAR), (1000, YEAR), (10, 1999)])
    def test_an_impossible_one_is_refused(
        self, maria: User, sarah: User, households: int, year: int
    ) -> None:
        with pytest.raises(Invalid):
            set_target(maria, sarah, households, year)

    def test_the_database_knows_no_other_kind_and_no_two_subjects(
        self, maria: User, sarah: User
    ) -> None:
        right = {
            "year": YEAR,
            "households": 1,
            "set_by": maria.id,
            "set_by_name": maria.name,
            "set_at": NOW,
        }
        for wrong in (
            {"facilitator_id": sarah.id, "kind": ExitKind.NATURAL},
            {"facilitator_id": sarah.id, "region_code": MANADO, "kind": ExitKind.INDEPENDENT},
            {"kind": ExitKind.INDEPENDENT},
        ):
            with pytest.raises(IntegrityError), transaction() as session:
                session.add(TargetSetting(id=new_id(), **right, **wrong))


class TestPages:
    def text(self, client: FlaskClient, address: str) -> str:
        page = client.get(address)
        assert page.status_code == 200, address
        return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())

    def test_the_list_shows_counted_target_share_and_gap_in_four_statements(
        self, client: FlaskClient, maria: User, sarah: User, statements: Statements
    ) -> None:
        with transaction():
            for _ in range(3):
                graduated(sarah, JUNE)
            UserFactory.create_batch(20)
        set_target(maria, sarah, 12)
        sign_in(client, maria)
        statements.reset()
        text = self.text(client, "/targets/facilitators")
        # Who is signed in, the name of the place, the facilitators, what they reached.
        assert statements.count <= 4, "\n".join(statements.sent)
        assert "Sarah Lumentut 3 12 25% 9 3 " in text  # 3 in 316 days
        assert "3 Ditetapkan dari 212, jumlah semua target" in text

    def test_each_page_says_of_what_and_of_which_day(
        self, client: FlaskClient, maria: User, sarah: User
    ) -> None:
        with transaction():
            nation: User = UserFactory(administrator=True, region_code=None)
        day = as_of_today()
        sign_in(client, maria)
        about = f"Graduasi mandiri. Ditetapkan Kemensos. Dihitung sampai {day[4:]}."
        assert about in self.text(client, f"/targets/facilitators/{sarah.id}")
        sign_in(client, nation)
        for above in ("", "?region=71"):
            text = self.text(client, f"/targets/facilitators{above}")
            assert f"Graduasi mandiri. Pendamping dan target {day}." in text
            assert "hari ini" not in text

    def test_the_pace_is_shown_while_the_year_runs(
        self, client: FlaskClient, maria: User, sarah: User
    ) -> None:
        with transaction():
            for _ in range(6):
                graduated(sarah, JUNE)
        sign_in(client, maria)
        address = f"/targets/facilitators/{sarah.id}?year="
        # 6 in 316 days; 4 more in November and December.
        expected = (
            "6 Sampai akhir tahun, jika lajunya tetap Untuk mencapai target perlu 2 per bulan"
        )
        assert expected in self.text(client, f"{address}{YEAR}")
        with clock.at(datetime(YEAR, 7, 1, 3, tzinfo=UTC)):
            sign_in(client, maria)
            text = self.text(client, f"/targets/facilitators?region={MANADO}")
            assert "Sarah Lumentut 6 10 60% 4 12 " in text
            behind = self.text(client, f"/national/nominations?region={MANADO}&state=established")
            assert "12 Sampai akhir tahun, jika lajunya tetap" in behind
            assert "Sarah Lumentut 6 12 " in behind
            died = self.text(client, f"/national/nominations?region={MANADO}&kind=died")
            assert "akhir tahun" not in died
        sign_in(client, maria)
        for year in (YEAR - 1, YEAR + 1):
            assert "akhir tahun" not in self.text(client, f"{address}{year}")
            listed = f"/targets/facilitators?region={MANADO}&year={year}"
            assert "akhir tahun" not in self.text(client, listed)

    def test_a_counted_figure_leads_to_its_nominations(
        self, client: FlaskClient, db_session: Session
    ) -> None:
        people = cast(caretaker_name="Ibu Aminah")
        nominate(people, NominationStatus.ESTABLISHED)
        sign_in(client, people.supervisor)
        page = client.get("/targets/facilitators").text.replace("&amp;", "&")
        (address,) = re.findall(r'href="(/national/nominations[^"]*)"', page)
        behind = self.text(client, address)
        assert f"1 Ditetapkan {as_of_today()}, " in behind
        assert "Ibu Aminah" in behind
        assert "/targets/facilitators" in client.get(address).text

    def test_an_administrator_sets_it_there_and_takes_it_back(
        self, client: FlaskClient, maria: User, sarah: User
    ) -> None:
        sign_in(client, maria)
        address = f"/targets/facilitators/{sarah.id}?year={YEAR}"
        assert client.post(address, data={"households": "12"}).status_code == 302
        text = self.text(client, address)
        assert f"12 Target tahun {YEAR} khusus untuk pendamping ini" in text
        assert f"12 Nov {YEAR} 11.00 WITA Maria Ester Rondonuwu 12 10 seperti yang lain" in text
        back = f"/targets/facilitators/{sarah.id}/take-back?year={YEAR}"
        assert client.post(back).status_code == 302
        text = self.text(client, address)
        assert f"10 Target tahun {YEAR} sama untuk semua pendamping" in text
        assert "ditarik kembali: 10 seperti yang lain 12" in text

    def test_a_wrong_number_is_explained_at_the_field(
        self, client: FlaskClient, maria: User, sarah: User
    ) -> None:
        sign_in(client, maria)
        page = client.post(f"/targets/facilitators/{sarah.id}", data={"households": "1.000"})
        assert page.status_code == 422
        assert page.text.count("Isi dengan angka 0 sampai 999.") == 2

    def test_a_supervisor_reads_and_does_not_set(self, client: FlaskClient, sarah: User) -> None:
        with transaction():
            rina: User = UserFactory(supervisor=True)
        sign_in(client, rina)
        address = f"/targets/facilitators/{sarah.id}"
        assert "<form" not in client.get(address).text.partition("<main")[2]
        assert client.post(address, data={"households": "1"}).status_code == 404
        assert client.post(f"{address}/take-back").status_code == 404
        assert figure(rina, sarah).progress.target == 10

    @pytest.mark.parametrize("who", [{}, {"viewer": True}])
    def test_colleagues_and_viewers_read_nothing_of_it(
        self, client: FlaskClient, sarah: User, who: dict[str, bool]
    ) -> None:
        with transaction():
            reader: User = UserFactory(**who)
        sign_in(client, reader)
        assert client.get("/targets/facilitators").status_code == 404
        assert client.get(f"/targets/facilitators/{sarah.id}").status_code == 404

    def test_out_of_reach_nobody_exists(self, client: FlaskClient, maria: User) -> None:
        with transaction():
            dewi: User = UserFactory(region=BITUNG)
            rina: User = UserFactory(supervisor=True)
        sign_in(client, maria)
        for whose in (dewi.id, rina.id, uuid.uuid4()):
            address = f"/targets/facilitators/{whose}"
            assert client.get(address).status_code == 404
            assert client.post(address, data={"households": "1"}).status_code == 404
            assert client.post(f"{address}/take-back").status_code == 404
        for region in (BITUNG, NORTH_SULAWESI, "7171", "ID"):
            assert client.get(f"/targets/facilitators?region={region}").status_code == 404

    def test_above_a_regency_one_chooses_a_place(self, client: FlaskClient, sarah: User) -> None:
        with transaction():
            UserFactory(region=BITUNG)
            UserFactory.create_batch(2, region=TUMINTING)
            nation: User = UserFactory(role=Role.ADMINISTRATOR, region_code=None)
        with transaction():
            actions.set_target(
                command_line(), region_code=MANADO, year=YEAR, kind=ExitKind.INDEPENDENT,
                households=25,
            )  # fmt: skip
        sign_in(client, nation)
        assert "Sulawesi Utara 4 40 –" in self.text(client, "/targets/facilitators")
        text = self.text(client, f"/targets/facilitators?region={NORTH_SULAWESI}")
        assert "Kota Manado 3 30 25" in text
        assert "Kota Bitung 1 10 –" in text
        assert "Sarah Lumentut 0 10" in self.text(client, f"/targets/facilitators?region={MANADO}")

    def test_a_year_before_she_was_one_has_no_target(
        self, client: FlaskClient, maria: User
    ) -> None:
        with transaction():
            came: User = UserFactory(name="Baru", role_since=datetime(YEAR, 3, 1, tzinfo=UTC))
        sign_in(client, maria)
        address = f"/targets/facilitators/{came.id}?year={YEAR - 1}"
        text = self.text(client, address)
        assert f"Baru bukan pendamping pada tahun {YEAR - 1}" in text
        assert client.post(address, data={"households": "1"}).status_code == 404
