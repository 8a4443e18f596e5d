"""The pages of families and groups: who sees what, what a form takes, what it says."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.transaction import transaction
from casework.households.actions import finding
from casework.households.actions.reveal import MOST, WITHIN
from casework.households.models import Assignment, Group, Household, Membership
from casework.households.rules import HouseholdStatus
from casework.regions.models import Region
from tests.answers import told
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import (
    AssignmentFactory,
    GroupFactory,
    HouseholdFactory,
    MembershipFactory,
    group_with,
)
from tests.factories.places import (
    BITUNG,
    MAASING,
    MOLAS,
    NORTH_SULAWESI,
    PAUDEAN,
    TONGKAINA,
    ensure_region,
)
from tests.fixtures.statements import Statements
from tests.scenes import scene

NIK, NO_KK, ADDRESS = "9971015203850001", "9971011201100001", "Lorong Kenanga 7"
NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)


@scene
def siti_rahayu() -> User:
    with transaction():
        user: User = UserFactory(name="Siti Rahayu")
    return user


@scene
def group_of(facilitator: User) -> Group:
    with transaction():
        group: Group = GroupFactory(name="Melati")
        AssignmentFactory(group=group, facilitator=facilitator)
        household = HouseholdFactory(caretaker_name="Aminah", nik=NIK, no_kk=NO_KK, address=ADDRESS)
        MembershipFactory(group=group, household=household)
    return group


@pytest.fixture
def siti(db_session: Session) -> User:
    user = siti_rahayu()
    db_session.refresh(user)
    return user


@pytest.fixture
def melati(db_session: Session, siti: User) -> Group:
    """Siti's group with one family, Aminah's."""
    group = group_of(siti)
    db_session.refresh(group)
    return group


@pytest.fixture
def aminah(db_session: Session, melati: Group) -> Household:
    return db_session.scalars(select(Household)).one()


@pytest.fixture
def phone(client: FlaskClient, siti: User) -> FlaskClient:
    sign_in(client, siti)
    return client


@pytest.fixture
def office(client: FlaskClient, db_session: Session) -> FlaskClient:
    """Signed in as a supervisor of Kota Manado."""
    with transaction():
        rina = UserFactory(supervisor=True)
    sign_in(client, rina)
    return client


def as_somebody_else(client: FlaskClient, **person: object) -> FlaskClient:
    with transaction():
        user = UserFactory(**person)
    sign_in(client, user)
    return client


class TestTheList:
    def test_a_facilitator_sees_her_caseload_and_nothing_else(
        self, phone: FlaskClient, melati: Group
    ) -> None:
        with transaction():
            HouseholdFactory(caretaker_name="Tanpa Kelompok")
            group_with(UserFactory(), households=1)
        page = phone.get("/households/").text
        assert "Aminah" in page
        assert page.count('class="row-title"') == 1

    def test_an_office_sees_its_region(self, office: FlaskClient, melati: Group) -> None:
        with transaction():
            HouseholdFactory(caretaker_name="Tanpa Kelompok")
            HouseholdFactory(caretaker_name="Orang Bitung", village=PAUDEAN)
        page = office.get("/households/").text
        assert "Aminah" in page
        assert "Tanpa Kelompok" in page
        assert "Orang Bitung" not in page

    def test_a_viewer_has_no_such_page(self, client: FlaskClient, melati: Group) -> None:
        assert as_somebody_else(client, viewer=True).get("/households/").status_code == 404

    def test_no_number_and_no_address_stands_in_a_list(
        self, office: FlaskClient, melati: Group
    ) -> None:
        for page in (office.get("/households/"), office.get(f"/groups/{melati.id}")):
            assert not [word for word in (NIK, NO_KK, ADDRESS) if word in page.text]

    @pytest.mark.parametrize("typed", ["amin", "AMINAH", " aminah "])
    def test_a_family_is_found_by_name(self, phone: FlaskClient, melati: Group, typed: str) -> None:
        assert 'class="row-title">Aminah' in phone.post("/households/", data={"text": typed}).text

    @pytest.mark.parametrize("typed", [NIK, NO_KK, "9971 0152 0385 0001"])
    def test_a_family_is_found_by_nik_or_no_kk(
        self, phone: FlaskClient, melati: Group, typed: str
    ) -> None:
        assert 'class="row-title">Aminah' in phone.post("/households/", data={"text": typed}).text

    @pytest.mark.parametrize("typed", [NIK, "Aminah"])
    def test_nothing_is_found_out_of_scope(
        self, client: FlaskClient, melati: Group, typed: str
    ) -> None:
        for person in ({}, {"supervisor": True, "region": BITUNG}):
            page = as_somebody_else(client, **person).post("/households/", data={"text": typed})
            assert page.status_code == 200
            assert 'class="row-title"' not in page.text

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("", "Isi nama atau nomor."),
            ("  ", "Isi nama atau nomor."),
            ("997101520385000", "ini 15 angka"),
            ("x" * 121, "paling banyak 120"),
        ],
    )
    def test_what_cannot_be_looked_for_is_said_at_the_field(
        self, phone: FlaskClient, melati: Group, typed: str, message: str
    ) -> None:
        page = phone.post("/households/", data={"text": typed})
        assert page.status_code == 422
        assert message in page.text

    def test_signs_are_looked_for_as_they_stand(self, phone: FlaskClient, melati: Group) -> None:
        page = phone.post("/households/", data={"text": "%"}).text
        assert "Nama tidak ditemukan di kelompok Anda" in page

    def test_the_list_can_be_narrowed(self, office: FlaskClient, melati: Group) -> None:
        with transaction():
            HouseholdFactory(caretaker_name="Barkah", village=TONGKAINA)
            HouseholdFactory(caretaker_name="Cici", status=HouseholdStatus.APPROVED)

        def names(query: str) -> list[str]:
            page = office.get(f"/households/?{query}").text
            return [name for name in ("Aminah", "Barkah", "Cici") if name in page]

        assert names("") == ["Aminah", "Barkah", "Cici"]
        assert names(f"village={TONGKAINA}") == ["Barkah"]
        assert names("group=none") == ["Barkah", "Cici"]
        assert names(f"group={melati.id}") == ["Aminah"]
        assert names("status=approved") == ["Cici"]
        assert names("status=active&group=none") == ["Barkah"]
        assert names("status=nonsense&group=nonsense") == ["Aminah", "Barkah", "Cici"]

    def test_the_list_goes_on_page_by_page_with_its_filters(self, office: FlaskClient) -> None:
        with transaction():
            HouseholdFactory.create_batch(110, caretaker_name="Sama Nama")
            HouseholdFactory(status=HouseholdStatus.EXITED)
        seen, address = 0, "/households/?status=active"
        while address:
            page = office.get(address).text
            seen += page.count('class="row-title"')
            link = page.split('rel="next"')[0].split('href="')[-1].split('"')[0]
            address = link.replace("&amp;", "&") if 'rel="next"' in page else ""
        assert seen == 110

    def test_an_empty_list_says_what_comes_next(self, phone: FlaskClient) -> None:
        assert "Supervisor Anda yang memberi kelompok" in phone.get("/households/").text


class TestReveal:
    @pytest.mark.parametrize(
        ("what", "value"), [("nik", NIK), ("no_kk", NO_KK), ("address", ADDRESS)]
    )
    def test_it_shows_one_number_and_writes_down_who_looked(
        self,
        db_session: Session,
        phone: FlaskClient,
        siti: User,
        aminah: Household,
        what: str,
        value: str,
    ) -> None:
        page = phone.post(f"/households/{aminah.id}/reveal", data={"what": what})
        assert value in page.text
        assert not [word for word in (NIK, NO_KK, ADDRESS) if word != value and word in page.text]
        assert page.headers["Cache-Control"] == "no-store"
        entry = db_session.scalars(
            select(AuditEntry).where(AuditEntry.tag == "household:reveal-nik")
        ).one()
        assert (entry.actor_id, entry.subject_id, entry.data) == (
            siti.id,
            str(aminah.id),
            {"what": what},
        )

    @pytest.mark.parametrize("what", ["", "password", "nik_index"])
    def test_nothing_else_can_be_shown(
        self, phone: FlaskClient, aminah: Household, what: str
    ) -> None:
        answer = phone.post(f"/households/{aminah.id}/reveal", data={"what": what})
        assert answer.status_code == 404

    def test_out_of_scope_answers_like_what_never_was(
        self, client: FlaskClient, aminah: Household, db_session: Session
    ) -> None:
        somebody = as_somebody_else(client)
        absent = somebody.post(f"/households/{uuid.uuid4()}/reveal", data={"what": "nik"})
        foreign = somebody.post(f"/households/{aminah.id}/reveal", data={"what": "nik"})
        assert told(foreign) == told(absent)
        assert foreign.status_code == 404

    def test_who_looks_at_too_many_has_to_wait(
        self, db_session: Session, phone: FlaskClient, aminah: Household
    ) -> None:
        address, data = f"/households/{aminah.id}/reveal", {"what": "nik"}
        with clock.at(datetime.now(UTC)):
            for _ in range(MOST):
                assert phone.post(address, data=data).status_code == 200
            refused = phone.post(address, data=data)
            assert refused.status_code == 429
            assert int(refused.headers["Retry-After"]) == int(WITHIN.total_seconds())
            assert NIK not in refused.text
        with clock.at(datetime.now(UTC) + WITHIN + timedelta(seconds=1)):
            assert phone.post(address, data=data).status_code == 200

    def test_the_wait_is_for_the_person_and_not_for_each_regency(
        self, db_session: Session, client: FlaskClient
    ) -> None:
        """Whoever works for a province or the nation would else read that much in each."""
        with transaction():
            there = [HouseholdFactory(village=village).id for village in (MOLAS, PAUDEAN)]
            reader = UserFactory(administrator=True, region=NORTH_SULAWESI)
        sign_in(client, reader)
        with clock.at(datetime.now(UTC)):
            for turn in range(MOST):
                answer = client.post(f"/households/{there[turn % 2]}/reveal", data={"what": "nik"})
                assert answer.status_code == 200
            for household_id in there:
                answer = client.post(f"/households/{household_id}/reveal", data={"what": "nik"})
                assert answer.status_code == 429


class TestGroupPages:
    def test_a_facilitator_reads_her_group_and_begins_a_meeting(
        self, phone: FlaskClient, melati: Group
    ) -> None:
        page = phone.get(f"/groups/{melati.id}").text
        assert "Aminah" in page
        assert f"/groups/{melati.id}/meetings/new" in page
        assert "/put-in" not in page
        for path in ("edit", "put-in", "facilitator"):
            assert phone.get(f"/groups/{melati.id}/{path}").status_code == 404
            assert phone.post(f"/groups/{melati.id}/{path}").status_code == 404

    def test_another_facilitators_group_answers_like_none(
        self, client: FlaskClient, melati: Group
    ) -> None:
        somebody = as_somebody_else(client)
        absent = somebody.get(f"/groups/{uuid.uuid4()}")
        foreign = somebody.get(f"/groups/{melati.id}")
        assert told(foreign) == told(absent)
        assert foreign.status_code == 404

    def test_families_without_a_group_come_first(self, office: FlaskClient, melati: Group) -> None:
        with transaction():
            HouseholdFactory.create_batch(3, village=TONGKAINA)
            HouseholdFactory(village=MAASING, status=HouseholdStatus.EXITED)
        page = office.get("/groups/").text
        assert page.index("Keluarga tanpa kelompok") < page.index("Melati")
        assert "3 keluarga" in page
        assert "Maasing" not in page

    def test_a_group_is_made_filled_and_given_into_care(
        self, db_session: Session, office: FlaskClient, siti: User
    ) -> None:
        with transaction():
            families = HouseholdFactory.create_batch(3)
        made = office.post(
            "/groups/new",
            data={"village": "Molas", "name": " Mawar  1 ", "meeting_place": "Balai"},
        )
        assert made.status_code == 302
        group = db_session.scalars(select(Group)).one()
        assert (group.name, group.village_code) == ("Mawar 1", MOLAS)
        on = "2026-01-05"
        ticked = {"households": [str(families[0].id), str(families[1].id)], "on": on}
        assert office.post(f"/groups/{group.id}/put-in", data=ticked).status_code == 302
        in_care = {"facilitator": str(siti.id), "on": on}
        assert office.post(f"/groups/{group.id}/facilitator", data=in_care).status_code == 302
        assert db_session.scalar(select(func.count()).select_from(Membership)) == 2
        assert db_session.scalars(select(Assignment.facilitator_id)).all() == [siti.id]
        page = office.get(f"/groups/{group.id}").text
        assert "2 keluarga" in page
        assert "Siti Rahayu" in page
        assert "Masukkan keluarga (1 tanpa kelompok)" in page

    def test_a_name_of_two_villages_is_told_at_the_field_of_the_village(
        self, office: FlaskClient, db_session: Session
    ) -> None:
        with transaction():
            for code in (MOLAS, MAASING):
                ensure_region(code)
                db_session.get_one(Region, code).name = "Sindulang"
        answer = office.post("/groups/new", data={"village": "sindulang", "name": "Mawar"})
        assert answer.status_code == 422
        assert 'id="village-error"' in answer.text

    def test_a_family_ticked_a_thousand_times_is_put_in_once(
        self, office: FlaskClient, melati: Group, statements: Statements
    ) -> None:
        with transaction():
            family = HouseholdFactory()
        ticked = {"households": [str(family.id)] * 1000, "on": "2026-01-05"}
        statements.reset()
        assert office.post(f"/groups/{melati.id}/put-in", data=ticked).status_code == 302
        assert statements.count < 30

    def test_one_that_cannot_be_put_in_leaves_all_out(
        self, db_session: Session, office: FlaskClient, melati: Group
    ) -> None:
        with transaction():
            fine = HouseholdFactory()
            gone = HouseholdFactory(status=HouseholdStatus.EXITED)
        data = {"households": [str(fine.id), str(gone.id)], "on": "2026-01-05"}
        answer = office.post(f"/groups/{melati.id}/put-in", data=data)
        assert answer.status_code == 422
        assert "sudah keluar dari PKH" in answer.text
        assert db_session.scalar(select(func.count()).select_from(Membership)) == 1

    @pytest.mark.parametrize(
        ("path", "data", "message"),
        [
            ("put-in", {"on": "2026-01-05"}, "Centang paling sedikit satu"),
            ("put-in", {"households": "x", "on": "2026-01-05"}, "Centang paling sedikit satu"),
            ("put-in", {"on": ""}, "Isi tanggal."),
            ("put-in", {"on": "5/1/26"}, "tahun-bulan-hari"),
            ("facilitator", {"facilitator": "", "on": "2026-01-05"}, "Pilih pendamping."),
            (
                "facilitator",
                {"facilitator": str(uuid.uuid4()), "on": "2026-01-05"},
                "Pilih pendamping aktif",
            ),
            ("edit", {"name": "", "meeting_place": "Rumah Ibu Ani"}, "Isi nama kelompok."),
            ("edit", {"name": "x" * 81}, "paling banyak 80"),
            ("edit", {"name": "Melati", "leader": str(uuid.uuid4())}, "salah satu keluarga"),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(
        self,
        office: FlaskClient,
        melati: Group,
        path: str,
        data: dict[str, str],
        message: str,
    ) -> None:
        with transaction():
            HouseholdFactory()
        answer = office.post(f"/groups/{melati.id}/{path}", data=data)
        assert answer.status_code == 422
        assert message in answer.text
        assert data.get("meeting_place", "") in answer.text

    def test_a_leader_is_chosen_and_stray_fields_change_nothing(
        self, db_session: Session, office: FlaskClient, melati: Group, aminah: Household
    ) -> None:
        data = {"name": "Melati", "meeting_place": "Balai", "leader": str(aminah.id)}
        stray = {"village_code": TONGKAINA, "closed_on": "2026-01-01", "area_id": "1"}
        assert office.post(f"/groups/{melati.id}/edit", data=data | stray).status_code == 302
        db_session.refresh(melati)
        assert (melati.leader_id, melati.village_code, melati.closed_on, melati.area_id) == (
            aminah.id,
            MOLAS,
            None,
            7171,
        )

    def test_a_family_is_moved_and_taken_out(
        self, db_session: Session, office: FlaskClient, aminah: Household
    ) -> None:
        with transaction():
            other = GroupFactory(name="Mawar")
        address = f"/households/{aminah.id}/group"
        assert "Mawar, Molas" in office.get(address).text
        moved = office.post(address, data={"group": str(other.id), "on": "2026-02-02"})
        assert moved.location == f"/groups/{other.id}"
        out = office.post(address, data={"group": "", "on": "2026-03-02"})
        assert out.location == f"/groups/{other.id}"
        stays = db_session.execute(
            select(Membership.from_on, Membership.to_on).order_by(Membership.from_on)
        ).all()
        assert stays == [
            (date(2025, 1, 6), date(2026, 2, 2)),
            (date(2026, 2, 2), date(2026, 3, 2)),
        ]
        assert "Sudah keluar dari kelompok ini" in office.get(f"/groups/{other.id}").text

    def test_a_group_given_to_somebody_else_is_gone_on_the_next_request(
        self, client: FlaskClient, db_session: Session, siti: User, melati: Group
    ) -> None:
        sign_in(client, siti)
        assert client.get(f"/groups/{melati.id}").status_code == 200
        with transaction():
            rina, budi = UserFactory(supervisor=True), UserFactory()
        office = client.application.test_client()
        sign_in(office, rina)
        data = {"facilitator": str(budi.id), "on": "2026-01-05"}
        assert office.post(f"/groups/{melati.id}/facilitator", data=data).status_code == 302
        assert client.get(f"/groups/{melati.id}").status_code == 404


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_where_nobody_else_can_look_after_a_group_the_page_says_why_and_what_to_do(
    client: FlaskClient, melati: Group, siti: User, role: str
) -> None:
    office = as_somebody_else(client, **{role: True})
    at = f"/groups/{melati.id}/facilitator"
    page = office.get(at).text
    assert "Hanya Siti Rahayu pendamping aktif yang wilayahnya mencakup Molas" in page
    assert "<select" not in page
    assert ('href="/users/?role=facilitator"' in page) == (role == "administrator")
    assert ("Minta admin" in page) == (role == "supervisor")
    with transaction():
        UserFactory(name="Budi")
    page = office.get(at).text
    assert "Hanya Siti" not in page
    assert "Budi (0 kelompok)" in page


def test_the_office_is_told_of_groups_left_behind(
    client: FlaskClient, db_session: Session, siti: User, melati: Group
) -> None:
    office = as_somebody_else(client, administrator=True)
    assert "1 kelompok didampingi orang ini" in office.get(f"/users/{siti.id}").text
    office.post(f"/users/{siti.id}/disable")
    page = office.get(f"/users/{siti.id}").text
    assert "1 kelompok masih didampingi orang ini" in page
    assert f"/groups/?facilitator={siti.id}" in page
    assert "Melati" in office.get(f"/groups/?facilitator={siti.id}").text


class TestLookingForANumber:
    """Eight of sixteen digits are masked: who may guess without end, unmasks them all."""

    def test_each_try_leaves_a_trace_without_the_number(
        self, phone: FlaskClient, aminah: Household, siti: User, db_session: Session
    ) -> None:
        for number in (NIK, "9971015203850002"):
            phone.post("/households/", data={"text": number})
        lines = db_session.scalars(
            select(AuditEntry)
            .where(AuditEntry.tag == "household:search-number")
            .order_by(AuditEntry.id)
        ).all()
        assert [(each.actor_id, each.subject_id, each.data) for each in lines] == [
            (siti.id, str(aminah.id), {"found": 1}),
            (siti.id, "", {"found": 0}),
        ]

    def test_nor_does_who_works_for_no_one_regency(
        self, client: FlaskClient, aminah: Household, db_session: Session
    ) -> None:
        with transaction():
            nation = UserFactory(administrator=True, region=None)
        sign_in(client, nation)
        with clock.at(datetime.now(UTC)):
            for guess in range(finding.MOST):
                client.post("/households/", data={"text": f"99710152038{guess:05d}"})
            assert client.post("/households/", data={"text": NIK}).status_code == 429

    def test_nobody_guesses_without_end(
        self, phone: FlaskClient, aminah: Household, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(finding, "MOST", 8)
        with clock.at(NOW):
            for guess in range(finding.MOST):
                phone.post("/households/", data={"text": f"99710152038{guess:05d}"})
            answer = phone.post("/households/", data={"text": NIK})
        assert answer.status_code == 429
        assert NIK in answer.text  # what was typed stays in its field
        assert phone.post("/households/", data={"text": "amin"}).status_code == 200
        with clock.at(NOW + WITHIN + timedelta(seconds=1)):
            assert "Aminah" in phone.post("/households/", data={"text": NIK}).text
