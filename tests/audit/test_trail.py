"""The trail: what is written, who reads it, and that nobody changes it."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from casework.access.roles import Role
from casework.accounts.models import User
from casework.audit.actions import record
from casework.audit.labels import KEYS, TAGS
from casework.audit.models import AuditEntry
from casework.audit.queries.readable import lines
from casework.audit.queries.subjects import about_typed
from casework.audit.tags import DATA_KEYS, Tag
from casework.core import clock
from casework.core.append_only import AppendOnly
from casework.core.db import Base, db
from casework.core.transaction import transaction
from tests.architecture.sources import ROOT, python_files
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.places import BITUNG, BUNAKEN, MANADO, MOLAS, NORTH_SULAWESI, area_of
from tests.fixtures.statements import plan_of

NOW = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)
NOBODY = "019a7f00-0000-7000-8000-00001234abcd"
#: Only ever added to; listed by hand, so that taking one off is a decision.
APPEND_ONLY = {
    "AttendanceChange",
    "AuditEntry",
    "CalledOff",
    "LedgerEntry",
    "NominationEvent",
    "NominationHand",
    "RegisterClaim",
    "SyncReceipt",
    "TargetSetting",
}


def written(
    user: User,
    *,
    at: datetime = NOW,
    area: str | None = MANADO,
    tag: Tag = Tag.GROUP_MADE,
    subject: str = "subject",
    **data: Any,
) -> None:
    data = data or ({"name": "Melati", "village": "71.71.01.1001"} if tag is Tag.GROUP_MADE else {})
    with clock.at(at):
        record(
            actor_for(user),
            tag,
            subject_type="group",
            subject_id=subject,
            area_id=area_of(area) if area else None,
            **data,
        )


@pytest.fixture
def budi(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(name="Budi Santoso", supervisor=True)
    db_session.refresh(user)
    return user


@pytest.fixture
def office(client: FlaskClient, budi: User) -> FlaskClient:
    with transaction():
        rina = UserFactory(administrator=True)
    sign_in(client, rina)
    return client


def shown(page: str) -> int:
    return page.count("<time ")


class TestWriting:
    def test_an_entry_takes_exactly_the_declared_keys(self, budi: User) -> None:
        with transaction(), pytest.raises(ValueError, match="takes exactly"):
            written(budi, tag=Tag.GROUP_MADE, name="Melati")
        with transaction(), pytest.raises(ValueError, match="takes exactly"):
            written(budi, tag=Tag.LOGIN_STARTED, extra=1)

    @pytest.mark.parametrize(
        ("field", "line"),
        [
            ("subject_id", {"subject": "a\udce9"}),
            ("data.name", {"name": "Melati\udce9", "village": ""}),
            ("data.village.a", {"name": "", "village": {"a": ["", "\ud83d"]}}),
            ("a name in data.village", {"name": "", "village": {"\udce9": ""}}),
        ],
    )
    def test_what_no_page_could_show_is_never_written(
        self, office: FlaskClient, budi: User, field: str, line: dict[str, Any]
    ) -> None:
        with transaction(), pytest.raises(ValueError, match=f"group:make: {field} holds half"):
            written(budi, **line)
        assert office.get("/audit/").status_code == 200

    def test_nor_is_a_name_of_somebody_that_is_none(self, budi: User) -> None:
        actor = replace(actor_for(budi), name="Budi\udce9")
        place = {"subject_type": "account", "subject_id": "", "area_id": None}
        with transaction(), pytest.raises(ValueError, match="actor_name holds half"):
            record(actor, Tag.LOGIN_STARTED, **place)

    @pytest.mark.parametrize("act", ["change", "delete"])
    def test_an_entry_is_never_changed_or_deleted(
        self, db_session: Session, budi: User, act: str
    ) -> None:
        with transaction():
            written(budi)
        with transaction() as session:
            entry = session.scalars(select(AuditEntry)).one()
            if act == "change":
                entry.actor_name = "Orang lain"
            else:
                session.delete(entry)
            with pytest.raises(AppendOnly):
                session.flush()
            session.rollback()
        assert db_session.scalars(select(AuditEntry.actor_name)).one() == "Budi Santoso"


def append_only_models() -> set[str]:
    return {
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if mapper.dispatch.before_update and mapper.dispatch.before_delete
    }


def test_what_is_append_only_stays_so() -> None:
    assert append_only_models() == APPEND_ONLY, (
        "call append_only(Model) beside the model, or take it off this list knowingly"
    )


#: What is let go of after a time that a decision says (docs/decisions/0018).
LET_GO = {"casework/meetings/actions/tidying.py", "casework/offline/actions/tidying.py"}


def test_no_code_updates_or_deletes_append_only_rows() -> None:
    """The mapper cannot see statements that go past it."""
    assert set(map(str, python_files())) >= LET_GO, "a module has moved: name it where it is"
    wrong = []
    for path in python_files():
        if str(path) in LET_GO:
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"update", "delete"}
                and node.args
                and isinstance(node.args[0], ast.Name)
                and node.args[0].id in APPEND_ONLY
            ):
                wrong.append(f"{path}:{node.lineno}: {ast.unparse(node)}")
    assert not wrong, "add a row that corrects it instead:\n" + "\n".join(wrong)


def test_every_tag_and_every_key_has_its_words() -> None:
    missing = set(Tag) - set(TAGS)
    assert not missing, f"add to casework/audit/labels/acts.py: {sorted(missing)}"
    keys = set().union(*DATA_KEYS.values()) - set(KEYS)
    assert not keys, f"add to casework/audit/labels/keys.py: {sorted(keys)}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, []),
        ({"sessions": 2}, [("Browser", "2")]),
        ({"changes": {"name": ["Siti", "Siti R."]}}, [("Nama", "Siti → Siti R.")]),
        ({"changes": {"region_code": [None, "71.71"]}}, [("Wilayah", "– → 71.71")]),
        ({"given": True}, [("Keluarga setuju", "ya")]),
        ({"filters": {"status": "active", "village": ""}}, None),
        (
            {"fields": ["keeps_budget", "borrows_from"]},
            [("Dicatat", "Membuat anggaran, Meminjam dari")],
        ),
        ({"status": "draft"}, [("Status", "Draf")]),
        ({"kind": "house_or_business_photo"}, [("Jenis", "Foto rumah atau usaha")]),
        ({"on": "2026-11-12"}, [("Mulai tanggal", "12 Nov 2026")]),
        ({"rows": 1204}, [("Baris", "1.204")]),
        ({"year": 2026}, [("Tahun", "2026")]),
        ({"name": "draft"}, [("Nama", "draft")]),
        (
            {"changes": {"turnover_per_month": [None, 1500000], "channels": [[], ["home"]]}},
            [("Omzet per bulan", "– → Rp 1.500.000"), ("Dijual lewat", "– → Di rumah")],
        ),
        ({"to_group": None}, [("Ke kelompok", "–")]),
        ({"unheard_of": 1}, [("unheard_of", "1")]),
    ],
)
def test_data_is_read_as_words(
    db_session: Session, data: dict[str, Any], expected: list[tuple[str, str]] | None
) -> None:
    read = [(line.label, line.value) for line in lines(data)]
    if expected is None:
        expected = [("Hanya yang", "Status: Penerima PKH, Desa/kelurahan: –")]
    assert read == expected


def test_an_id_is_shortened_and_leads_to_its_page() -> None:
    household = "019a7f00-0000-7000-8000-00001234abcd"
    (line,) = lines({"household": household})
    assert (line.value, line.subject_type, line.subject_id) == (
        "…1234abcd",
        "household",
        household,
    )


class TestReading:
    @pytest.mark.parametrize("role", [Role.FACILITATOR, Role.SUPERVISOR, Role.VIEWER])
    def test_only_administrators_read_it(self, client: FlaskClient, budi: User, role: Role) -> None:
        with transaction():
            somebody = UserFactory(role=role)
        sign_in(client, somebody)
        assert client.get("/audit/").status_code == 404

    @pytest.mark.parametrize(
        ("region", "seen"),
        [
            (MANADO, {"di Manado"}),
            (BITUNG, {"di Bitung"}),
            (NORTH_SULAWESI, {"di Manado", "di Bitung"}),
            (None, {"di Manado", "di Bitung", "di mana saja"}),
        ],
    )
    def test_everybody_reads_the_own_regions_trail(
        self, client: FlaskClient, budi: User, region: str | None, seen: set[str]
    ) -> None:
        with transaction():
            reader = UserFactory(administrator=True, region=region)
            for area, name in (
                (MANADO, "di Manado"),
                (BITUNG, "di Bitung"),
                (None, "di mana saja"),
            ):
                written(budi, area=area, name=name, village="x")
        sign_in(client, reader)
        page = client.get("/audit/").text
        assert {name for name in ("di Manado", "di Bitung", "di mana saja") if name in page} == seen

    @pytest.mark.parametrize("region", [BUNAKEN, MOLAS])
    def test_who_works_in_a_part_of_a_regency_is_told_whom_to_ask(
        self, client: FlaskClient, budi: User, region: str
    ) -> None:
        """No such administrator is made any more; an older account may still be one."""
        with transaction():
            reader = UserFactory(administrator=True, region=region)
            written(budi, name="di Manado", village="x")
        sign_in(client, reader)
        answer = client.get("/audit/")
        assert answer.status_code == 403
        assert "Hubungi administrator kabupaten atau kota Anda." in answer.text
        assert "di Manado" not in answer.text
        assert "Budi Santoso" not in client.get(f"/audit/?person={budi.id}").text

    def test_an_entry_says_who_did_what_when(self, office: FlaskClient, budi: User) -> None:
        with transaction():
            written(budi)
        page = office.get(f"/audit/?person={budi.id}").text
        assert "Budi Santoso</a> (Supervisor): membuat kelompok" in page
        assert "12 Nov 2026 10.00" in page  # WITA
        assert "Nama: Melati" in page

    def test_it_is_narrowed_by_person_kind_subject_and_days(
        self, office: FlaskClient, budi: User
    ) -> None:
        with transaction():
            # 23.30 on the 10th and 00.30 on the 11th on the wall in Manado (UTC+8)
            written(budi, at=datetime(2026, 11, 10, 15, 30, tzinfo=UTC), subject="a")
            written(budi, at=datetime(2026, 11, 10, 16, 30, tzinfo=UTC), subject="b")
            written(UserFactory(), tag=Tag.NIK_REVEALED, what="nik", subject="a")

        def found(query: str) -> int:
            page = office.get(f"/audit/?{query}")
            assert page.status_code == 200
            return shown(page.text)

        assert found(f"person={budi.id}") == 2
        assert found("tag=household:reveal-nik") == 1
        assert found("subject=a") == 2
        assert found(f"person={budi.id}&subject=a") == 1
        assert found(f"person={budi.id}&first=2026-11-11") == 1
        assert found(f"person={budi.id}&last=2026-11-10") == 1
        assert found(f"person={budi.id}&first=2026-11-10&last=2026-11-11") == 2
        assert found("first=2026-11-13&last=2026-11-13") == 0

    @pytest.mark.parametrize(
        ("typed", "entries"),
        [
            ("019a7f00-0000-7000-8000-0000c1ab6aa9", 1),
            ("019A7F00-0000-7000-8000-0000C1AB6AA9", 1),
            # As the page shows it, with the dots or without.
            ("c1ab6aa9", 2),
            ("…c1ab6aa9", 2),
            ("...c1ab6aa9", 2),
            (" …C1AB6AA9 ", 2),
            # Not long enough to tell two apart, or of another id.
            ("1ab6aa9", 0),
            ("b6aa9", 0),
            ("c1ab6aa8", 0),
            ("%25", 0),
            ("0000c1ab6aa9", 0),
            # Ids that are no UUID are short enough to be shown whole.
            ("71.71 2026", 1),
            ("a", 1),
            ("1202", 1),
            ("ID 2026", 1),
            ("MOLAS-01", 1),
        ],
    )
    def test_the_end_of_an_id_finds_it_for_that_is_what_is_shown(
        self, office: FlaskClient, budi: User, typed: str, entries: int
    ) -> None:
        with transaction():
            for subject in (
                "019a7f00-0000-7000-8000-0000c1ab6aa9",
                "019b0000-0000-7000-8000-1111c1ab6aa9",
                "019b0000-0000-7000-8000-1111c1ab6aa0",
                *("71.71 2026", "a", "1202", "ID 2026", "MOLAS-01"),
            ):
                written(budi, subject=subject)
        page = office.get("/audit/", query_string={"subject": typed})
        assert page.status_code == 200
        assert shown(page.text) == entries

    @pytest.mark.parametrize("typed", ["…", "...", "  "])
    def test_dots_alone_ask_for_nothing(self, office: FlaskClient, budi: User, typed: str) -> None:
        with transaction():
            written(budi)
        page = office.get("/audit/", query_string={"subject": typed})
        assert "Nama: Melati" in page.text

    def test_the_end_of_an_id_is_looked_up_and_not_walked_to(
        self, db_session: Session, budi: User
    ) -> None:
        with transaction():
            for number in range(300):
                written(budi, subject=f"019a7f00-0000-7000-8000-{number:012x}")
        query = select(AuditEntry.id).where(
            AuditEntry.area_id == area_of(MANADO), about_typed("00000007")
        )
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("ANALYZE audit_entry"))
                connection.execute(text("SET enable_seqscan = off"))
            sql = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
            plan = plan_of(connection, sql)
        assert "ix_audit_entry_area_id_subject_end" in plan

    def test_an_entry_about_somebody_says_who(
        self, office: FlaskClient, budi: User, db_session: Session
    ) -> None:
        with transaction():
            siti = UserFactory(name="Siti Rahayu")
            with clock.at(NOW):
                record(
                    actor_for(budi),
                    Tag.ACCOUNT_DISABLED,
                    subject_type="account",
                    subject_id=siti.id,
                    area_id=area_of(MANADO),
                )
                record(
                    actor_for(budi),
                    Tag.ASSIGNMENT_CHANGED,
                    subject_type="group",
                    subject_id=NOBODY,
                    area_id=area_of(MANADO),
                    from_facilitator=NOBODY,
                    to_facilitator=str(siti.id),
                    on="2026-11-12",
                )
        page = office.get("/audit/").text
        assert f'<a href="/users/{siti.id}">Buka Siti Rahayu</a>' in page
        assert f"Semua tentang …{str(siti.id)[-8:]}" in page
        assert f'<a href="/users/{siti.id}">Siti Rahayu</a></li>' in page
        # Nobody has that id any more: what is known of them still stands there.
        assert f"…{NOBODY[-8:]}</a></li>" in page

    def test_reversed_days_are_said_at_the_field(self, office: FlaskClient, budi: User) -> None:
        with transaction():
            written(budi)
        page = office.get("/audit/?first=2026-11-13&last=2026-11-12")
        assert page.status_code == 422
        message = "Tanggal akhir lebih awal daripada tanggal mulai. Periksa kedua tanggal."
        assert f'<a href="#last">{message}</a>' in page.text
        assert page.text.count(message) == 2
        assert 'aria-invalid="true" aria-describedby="last-error"' in page.text
        # What was typed stays; nothing says that there was nothing.
        assert 'value="2026-11-13"' in page.text
        assert 'value="2026-11-12"' in page.text
        assert "Tidak ada yang cocok" not in page.text
        assert "Nama: Melati" not in page.text

    @pytest.mark.parametrize(
        "query",
        [
            "person=x",
            "tag=x",
            "first=x",
            "last=9999-12-31",
            "first=0001-01-01",
            "older=x",
            "older=9-x",
        ],
    )
    def test_nonsense_in_the_address_is_as_if_it_were_not_there(
        self, office: FlaskClient, budi: User, query: str
    ) -> None:
        with transaction():
            written(budi)
        page = office.get(f"/audit/?{query}")
        assert page.status_code == 200
        assert "Nama: Melati" in page.text

    def test_pages_follow_each_other_newest_first_without_gap_or_double(
        self, office: FlaskClient, budi: User
    ) -> None:
        with transaction():
            for n in range(120):
                # In threes at the same moment: the id decides among them.
                written(
                    budi, at=NOW + timedelta(microseconds=n // 3), name=f"nomor {n}.", village="x"
                )
        seen: list[str] = []
        address = f"/audit/?person={budi.id}"
        while address:
            page = office.get(address).text
            seen += [part.split("<")[0] for part in page.split("Nama: ")[1:]]
            link = page.split('rel="next"')[0].split('href="')[-1].split('"')[0]
            address = link.replace("&amp;", "&") if 'rel="next"' in page else ""
        assert len(seen) == len(set(seen)) == 120
        assert [int(name[6:-1]) // 3 for name in seen] == sorted(
            (n // 3 for n in range(120)), reverse=True
        )
