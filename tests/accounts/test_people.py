"""What administrators may do, and to whom."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.access.roles import Role
from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.core.transaction import transaction
from casework.regions.models import Region
from tests.answers import told
from tests.factories.accounts import PASSWORD, UserFactory, sign_in
from tests.factories.places import (
    BITUNG,
    BUNAKEN,
    DENPASAR,
    MANADO,
    MOLAS,
    NORTH_SULAWESI,
    TUMINTING,
    area_of,
    ensure_region,
)

SITI = {"username": "siti.r", "name": "Siti Rahayu", "role": "facilitator", "region": BUNAKEN}


@pytest.fixture
def rina(db_session: Session) -> User:
    """An administrator of Kota Manado."""
    with transaction():
        for code in (BUNAKEN, TUMINTING, MOLAS, BITUNG, DENPASAR):
            ensure_region(code)
        user: User = UserFactory(administrator=True, name="Rina Manoppo")
    db_session.refresh(user)
    return user


@pytest.fixture
def office(client: FlaskClient, rina: User) -> FlaskClient:
    sign_in(client, rina)
    return client


def made(**kwargs: Any) -> User:
    with transaction() as session:
        user: User = UserFactory(**kwargs)
    session.refresh(user)
    return user


def form_of(user: User, **changes: str) -> dict[str, str]:
    return {
        "name": user.name,
        "role": user.role.value,
        "region": user.region_code or "",
        "job_title": user.job_title,
        "employee_number": user.employee_number,
        **changes,
    }


class TestAdding:
    def test_the_new_person_gets_a_link_and_sets_the_own_password(
        self, app: Flask, db_session: Session, office: FlaskClient
    ) -> None:
        page = office.post("/users/new", data=SITI)
        assert page.status_code == 200
        link = page.text.split('value="http://localhost')[1].split('"')[0]
        phone = app.test_client()
        phone.post(link, data={"password": PASSWORD})
        signed = phone.post("/login", data={"username": "siti.r", "password": PASSWORD})
        assert signed.status_code == 302
        added = db_session.scalars(select(User).where(User.username == "siti.r")).one()
        assert (added.role, added.region_code, added.is_active) == (Role.FACILITATOR, BUNAKEN, True)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"username": ""}, "Isi nama pengguna."),
            ({"username": "Siti Rahayu"}, "huruf kecil"),
            ({"username": "x"}, "huruf kecil"),
            ({"name": "  "}, "Isi nama."),
            ({"name": "x" * 121}, "paling banyak 120"),
            ({"role": "king"}, "Pilih peran."),
            ({"role": ""}, "Pilih peran."),
            ({"region": ""}, "dalam wilayah Anda"),
            ({"region": BITUNG}, "dalam wilayah Anda"),
            ({"region": NORTH_SULAWESI}, "dalam wilayah Anda"),
            ({"region": "Atlantis"}, "Tidak ada wilayah"),
            ({"region": "99.99"}, "Tidak ada wilayah"),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field_and_nothing_is_added(
        self, db_session: Session, office: FlaskClient, change: dict[str, str], message: str
    ) -> None:
        before = db_session.scalar(select(func.count()).select_from(User))
        answer = office.post("/users/new", data={**SITI, **change})
        assert answer.status_code == 422
        assert message in answer.text
        assert "Siti" in answer.text or "name" in change
        assert db_session.scalar(select(func.count()).select_from(User)) == before

    def test_mistakes_are_named_in_the_order_of_the_page(self, office: FlaskClient) -> None:
        answer = office.post("/users/new", data={})
        summary = answer.text.partition("error-summary")[2].partition("</ul>")[0]
        places = [
            summary.find(words) for words in ("Isi nama pengguna", "Isi nama.", "Pilih peran")
        ]
        assert -1 not in places
        assert places == sorted(places)

    def test_a_user_name_is_given_once(self, office: FlaskClient) -> None:
        made(username="siti.r")
        answer = office.post("/users/new", data={**SITI, "username": "SITI.R"})
        assert answer.status_code == 422
        assert "sudah dipakai" in answer.text

    @pytest.mark.parametrize("is_active", [True, False])
    @pytest.mark.parametrize(
        "typed",
        [
            "19900101 201501 1 001",
            "199001012015011001",
            "１９９００１０１２０１５０１１００１",
            "199001012015011001 (2)",
        ],
    )
    def test_nobody_gets_a_second_account(
        self, db_session: Session, office: FlaskClient, typed: str, is_active: bool
    ) -> None:
        """With it she could decide on what she made with the first; wherever that one is."""
        first = made(employee_number="199001012015011001", region=DENPASAR, is_active=is_active)
        answer = office.post("/users/new", data={**SITI, "employee_number": typed})
        assert answer.status_code == 422
        assert "Satu orang memakai satu akun" in answer.text
        assert typed in answer.text
        assert not db_session.scalars(select(User).where(User.username == "siti.r")).all()
        # Told once a day, in the place of the account that she has.
        office.post("/users/new", data={**SITI, "employee_number": typed})
        tried = select(AuditEntry).where(AuditEntry.tag == "account:try-second")
        (line,) = db_session.scalars(tried)
        assert (line.subject_id, line.area_id) == (str(first.id), area_of(DENPASAR))
        assert line.data == {"username": "siti.r"}

    def test_many_have_no_number(self, office: FlaskClient) -> None:
        made(employee_number="")
        made(employee_number="Non-ASN")
        for username, number in (("siti.r", ""), ("siti.m", "Non-ASN")):
            person = {**SITI, "username": username, "employee_number": number}
            assert office.post("/users/new", data=person).status_code == 200

    @pytest.mark.parametrize("typed", ["bunaken", "717101", "71.71.01 Bunaken", " 71.71.01 "])
    def test_a_region_is_typed_by_name_or_code(
        self, db_session: Session, office: FlaskClient, typed: str
    ) -> None:
        assert office.post("/users/new", data={**SITI, "region": typed}).status_code == 200
        added = db_session.scalars(select(User).where(User.username == "siti.r")).one()
        assert added.region_code == BUNAKEN

    def test_a_district_and_a_village_of_one_name_are_told_apart(
        self, office: FlaskClient, rina: User, db_session: Session
    ) -> None:
        with transaction() as session:
            session.get_one(Region, MOLAS).name = "Bunaken"
        page = office.get("/users/new").text
        assert f'value="{BUNAKEN} Bunaken (kecamatan)"' in page
        asked = office.post("/users/new", data={**SITI, "region": "Bunaken"})
        assert asked.status_code == 422
        assert f"{BUNAKEN} Bunaken (kecamatan), {MOLAS} Bunaken (desa/kelurahan)" in asked.text
        for number, typed in enumerate(
            ["bunaken (Desa/Kelurahan)", f"{MOLAS} Bunaken (desa/kelurahan)"]
        ):
            data = {**SITI, "username": f"siti.{number}", "region": typed}
            assert office.post("/users/new", data=data).status_code == 200
            added = db_session.scalars(select(User).where(User.username == data["username"])).one()
            assert added.region_code == MOLAS
            assert "Bunaken (desa/kelurahan)" in office.get(f"/users/{added.id}").text
        assert "Bunaken (desa/kelurahan)" in office.get("/users/").text
        wrong = office.post("/users/new", data={**SITI, "region": "Bunaken (pulau)"})
        assert "Tidak ada wilayah" in wrong.text

    def test_the_region_may_be_left_empty_by_the_nation_only(
        self, client: FlaskClient, office: FlaskClient, rina: User
    ) -> None:
        for page in ("/users/new", f"/users/{rina.id}"):
            assert "Nama atau kode, di dalam Kota Manado." in office.get(page).text
            assert "Kosongkan untuk seluruh Indonesia" not in office.get(page).text
        sign_in(client, made(administrator=True, region=None))
        assert "Kosongkan untuk seluruh Indonesia" in client.get("/users/new").text

    def test_a_facilitator_needs_a_regency(self, client: FlaskClient, rina: User) -> None:
        sign_in(client, made(administrator=True, region=NORTH_SULAWESI))
        answer = client.post("/users/new", data={**SITI, "region": NORTH_SULAWESI})
        assert answer.status_code == 422
        assert "satu kabupaten atau kota" in answer.text
        assert client.post("/users/new", data={**SITI, "region": BITUNG}).status_code == 200

    @pytest.mark.parametrize("region", [BUNAKEN, MOLAS])
    def test_an_administrator_is_not_made_for_a_part_of_a_regency(
        self, db_session: Session, office: FlaskClient, rina: User, region: str
    ) -> None:
        answer = office.post("/users/new", data={**SITI, "role": "administrator", "region": region})
        assert answer.status_code == 422
        assert "satu kabupaten atau kota, atau wilayah yang lebih luas" in answer.text
        facilitator = made(region=region)
        answer = office.post(
            f"/users/{facilitator.id}", data=form_of(facilitator, role="administrator")
        )
        assert answer.status_code == 422
        assert "satu kabupaten atau kota, atau wilayah yang lebih luas" in answer.text
        roles = db_session.scalars(select(User.role).where(User.id != rina.id)).all()
        assert roles == [Role.FACILITATOR]
        answer = office.post("/users/new", data={**SITI, "role": "administrator", "region": MANADO})
        assert answer.status_code == 200

    def test_every_link_that_is_shown_stands_in_the_trail_with_who_made_it(
        self, db_session: Session, office: FlaskClient, rina: User
    ) -> None:
        office.post("/users/new", data=SITI)
        siti = db_session.scalars(select(User).where(User.username == "siti.r")).one()
        office.post(f"/users/{siti.id}/link")
        made = db_session.execute(
            select(AuditEntry.actor_id, AuditEntry.subject_id, AuditEntry.area_id).where(
                AuditEntry.tag == "account:make-link"
            )
        ).all()
        assert [tuple(row) for row in made] == [(rina.id, str(siti.id), 7171)] * 2
        page = office.get("/audit/?tag=account:make-link").text
        assert page.count("Rina Manoppo</a> (Administrator): membuat tautan kata sandi") == 2

    def test_fields_that_the_form_does_not_have_change_nothing(
        self, db_session: Session, office: FlaskClient
    ) -> None:
        stray = {"is_active": "", "password_hash": "x", "id": str(uuid.UUID(int=1)), "locale": "en"}
        office.post("/users/new", data={**SITI, **stray})
        added = db_session.scalars(select(User).where(User.username == "siti.r")).one()
        assert (added.is_active, added.password_hash, added.locale) == (True, None, "id")
        assert added.id != uuid.UUID(int=1)


class TestReach:
    @pytest.mark.parametrize("region", [None, NORTH_SULAWESI, BITUNG, DENPASAR])
    def test_whoever_works_elsewhere_does_not_exist(
        self, db_session: Session, office: FlaskClient, region: str | None
    ) -> None:
        person = made(role=Role.SUPERVISOR, region=region, name="Orang Jauh")
        assert "Orang Jauh" not in office.get("/users/").text
        assert "Orang Jauh" not in office.post("/users/", data={"text": "Jauh"}).text
        absent = office.get(f"/users/{uuid.uuid4()}")
        for answer in (
            office.get(f"/users/{person.id}"),
            office.post(f"/users/{person.id}", data=form_of(person, name="Baru")),
            office.post(f"/users/{person.id}/disable"),
            office.post(f"/users/{person.id}/enable"),
            office.post(f"/users/{person.id}/link"),
            office.post(f"/users/{person.id}/sign-out"),
        ):
            assert told(answer) == told(absent)
            assert answer.status_code == 404
        db_session.refresh(person)
        assert (person.name, person.is_active) == ("Orang Jauh", True)

    def test_the_own_region_and_what_lies_in_it_are_listed(self, office: FlaskClient) -> None:
        for region in (MANADO, BUNAKEN, MOLAS):
            made(role=Role.VIEWER, region=region, name=f"Orang {region}")
        page = office.get("/users/").text
        assert all(f"Orang {region}" in page for region in (MANADO, BUNAKEN, MOLAS))

    def test_the_whole_nation_sees_everybody(self, client: FlaskClient, rina: User) -> None:
        sign_in(client, made(administrator=True, region=None))
        assert "Rina Manoppo" in client.get("/users/").text

    @pytest.mark.parametrize("role", [Role.FACILITATOR, Role.SUPERVISOR, Role.VIEWER])
    def test_only_administrators_have_this_page(
        self, client: FlaskClient, rina: User, role: Role
    ) -> None:
        sign_in(client, made(role=role, region=MANADO))
        for path in ("/users/", "/users/new", f"/users/{rina.id}"):
            assert client.get(path).status_code == 404


class TestChanging:
    @pytest.mark.parametrize(
        ("changes", "signed_out"),
        [
            ({"role": "supervisor"}, True),
            ({"region": TUMINTING}, True),
            ({"name": "Siti Baru"}, False),
            ({"employee_number": "199001012015011001", "job_title": "Penata"}, False),
            ({}, False),
        ],
    )
    def test_a_new_role_or_region_signs_out_at_once(
        self, app: Flask, office: FlaskClient, changes: dict[str, str], signed_out: bool
    ) -> None:
        siti = made()
        phone = app.test_client()
        sign_in(phone, siti)
        assert office.post(f"/users/{siti.id}", data=form_of(siti, **changes)).status_code == 302
        assert phone.get("/account").status_code == (302 if signed_out else 200)

    def test_the_number_of_another_account_is_not_taken_over(
        self, db_session: Session, office: FlaskClient
    ) -> None:
        theirs, siti = made(employee_number="198503122010012003"), made(employee_number="1")
        taken = form_of(siti, employee_number="19850312 201001 2 003")
        answer = office.post(f"/users/{siti.id}", data=taken)
        assert answer.status_code == 422
        assert "Satu orang memakai satu akun" in answer.text
        tried = select(AuditEntry).where(AuditEntry.tag == "account:try-second")
        (line,) = db_session.scalars(tried)
        assert (line.subject_id, line.data) == (str(theirs.id), {"username": siti.username})
        own = form_of(theirs, employee_number="19850312 201001 2 003")
        assert office.post(f"/users/{theirs.id}", data=own).status_code == 302

    def test_the_change_is_in_the_trail_with_before_and_after(
        self, db_session: Session, office: FlaskClient
    ) -> None:
        siti = made()
        office.post(f"/users/{siti.id}", data=form_of(siti, role="supervisor"))
        entry = db_session.scalars(
            select(AuditEntry).where(AuditEntry.tag == "account:change")
        ).one()
        assert entry.data == {"changes": {"role": ["facilitator", "supervisor"]}}
        assert (entry.subject_id, entry.area_id) == (str(siti.id), 7171)

    @pytest.mark.parametrize("changes", [{"role": "supervisor"}, {"region": BUNAKEN}])
    def test_nobody_changes_the_own_role_or_region(
        self, db_session: Session, office: FlaskClient, rina: User, changes: dict[str, str]
    ) -> None:
        answer = office.post(f"/users/{rina.id}", data=form_of(rina, **changes))
        assert answer.status_code == 422
        assert "akun Anda sendiri" in answer.text
        db_session.refresh(rina)
        assert (rina.role, rina.region_code) == (Role.ADMINISTRATOR, MANADO)

    def test_the_own_name_may_be_put_right(
        self, db_session: Session, office: FlaskClient, rina: User
    ) -> None:
        office.post(f"/users/{rina.id}", data=form_of(rina, name="Rina M."))
        db_session.refresh(rina)
        assert rina.name == "Rina M."

    @pytest.mark.parametrize("region", [BITUNG, NORTH_SULAWESI, ""])
    def test_nobody_is_raised_or_moved_out_of_the_own_region(
        self, db_session: Session, office: FlaskClient, region: str
    ) -> None:
        siti = made()
        answer = office.post(
            f"/users/{siti.id}", data=form_of(siti, role="administrator", region=region)
        )
        assert answer.status_code == 422
        db_session.refresh(siti)
        assert (siti.role, siti.region_code) == (Role.FACILITATOR, BUNAKEN)


class TestShuttingOut:
    def test_a_disabled_person_is_out_everywhere_and_can_be_let_in_again(
        self, app: Flask, db_session: Session, office: FlaskClient
    ) -> None:
        siti = made(username="siti", with_password=True)
        phone = app.test_client()
        sign_in(phone, siti)
        data = {"username": "siti", "password": PASSWORD}
        assert office.post(f"/users/{siti.id}/disable").status_code == 302
        assert phone.get("/account").status_code == 302
        assert phone.post("/login", data=data).status_code == 422
        assert office.post(f"/users/{siti.id}/link").status_code == 403
        office.post(f"/users/{siti.id}/enable")
        assert phone.get("/account").status_code == 302  # the old login stays ended
        assert phone.post("/login", data=data).status_code == 302

    def test_nobody_shuts_out_oneself(
        self, db_session: Session, office: FlaskClient, rina: User
    ) -> None:
        assert office.post(f"/users/{rina.id}/disable").status_code == 403
        db_session.refresh(rina)
        assert rina.is_active

    def test_a_lost_phone_is_signed_out_from_the_office(
        self, app: Flask, office: FlaskClient
    ) -> None:
        siti = made()
        phone = app.test_client()
        sign_in(phone, siti)
        office.post(f"/users/{siti.id}/sign-out")
        assert phone.get("/account").status_code == 302


class TestFinding:
    def test_the_list_goes_on_from_page_to_page(self, office: FlaskClient) -> None:
        with transaction():
            for n in range(120):
                UserFactory(name=f"Orang {n % 40:02} {n}")
        seen: list[str] = []
        address: str | None = "/users/"
        while address:
            page = office.get(address).text
            assert "Orang" not in address
            seen += [part.split("<")[0] for part in page.split('class="row-title">')[1:]]
            address = None
            if 'rel="next"' in page:
                address = page.split('rel="next"')[0].split('href="')[-1].split('"')[0]
                address = address.replace("&amp;", "&")
        assert len(seen) == len(set(seen)) == 121
        assert seen == sorted(seen)

    def test_a_search_finds_by_name_or_user_name_and_by_signs_as_they_stand(
        self, office: FlaskClient
    ) -> None:
        made(name="Siti Rahayu", username="pendamping7")
        assert "Siti Rahayu" in office.post("/users/", data={"text": "RAHA"}).text
        assert "Siti Rahayu" in office.post("/users/", data={"text": "damping7"}).text
        assert "Tidak ada yang bernama" in office.post("/users/", data={"text": "%"}).text

    def test_the_list_can_be_narrowed_to_a_role(self, office: FlaskClient) -> None:
        made(name="Siti Rahayu")
        assert "Siti Rahayu" in office.get("/users/?role=facilitator").text
        assert "Siti Rahayu" not in office.get("/users/?role=viewer").text


class TestTheCommand:
    def test_it_adds_a_person_and_prints_the_link(
        self, db_session: Session, rina: User, client: FlaskClient, run_command: Callable[..., Any]
    ) -> None:
        result = run_command(
            *("users", "add", "Budi", "--name", "Budi Santoso", "--role", "facilitator"),
            *("--region", "71.71.01", "--site", "https://pkh.example.go.id/"),
        )
        assert result.exit_code == 0, result.output
        link = result.output.split("https://pkh.example.go.id")[1].strip()
        assert client.get(link).status_code == 200

    def test_a_password_may_come_from_a_script(
        self, db_session: Session, rina: User, client: FlaskClient, run_command: Callable[..., Any]
    ) -> None:
        result = run_command(
            *("users", "add", "budi", "--name", "Budi", "--role", "viewer", "--password-stdin"),
            input=f"{PASSWORD}\n",
        )
        assert result.exit_code == 0, result.output
        assert "/activate/" not in result.output
        data = {"username": "budi", "password": PASSWORD}
        assert client.post("/login", data=data).status_code == 302

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("b", "--name", "Budi", "--role", "viewer"), "huruf kecil"),
            (("budi", "--name", "Budi", "--role", "facilitator"), "satu kabupaten"),
            (("budi", "--name", "Budi", "--role", "viewer", "--region", "x"), "Tidak ada wilayah"),
        ],
    )
    def test_what_is_wrong_is_said_and_nobody_is_added(
        self,
        db_session: Session,
        rina: User,
        run_command: Callable[..., Any],
        arguments: tuple[str, ...],
        message: str,
    ) -> None:
        result = run_command("users", "add", *arguments)
        assert result.exit_code == 1
        assert message in result.output
        assert db_session.scalar(select(func.count()).select_from(User)) == 1

    def test_the_help_has_an_example(self, run_command: Callable[..., Any]) -> None:
        assert "flask users add rina" in run_command("users", "add", "--help").output
