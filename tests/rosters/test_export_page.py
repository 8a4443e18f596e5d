"""The households of the own region as a file."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from casework.accounts.models import User
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus
from casework.households.models import Group, Household
from casework.households.rules import HouseholdStatus
from casework.ledger.rules import ExitKind
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict
from casework.rosters.actions import exporting
from casework.rosters.views import export_turns
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import (
    AssignmentFactory,
    GroupFactory,
    HouseholdFactory,
    MembershipFactory,
)
from tests.factories.places import (
    BITUNG,
    BUNAKEN,
    MAASING,
    MANADO,
    MOLAS,
    NORTH_SULAWESI,
    PAUDEAN,
)
from tests.fixtures.statements import Statements
from tests.rosters.exported import csv_rows, xlsx_rows
from tests.rosters.files import trail

pytestmark = pytest.mark.usefixtures("villages")

REASON = "Pemadanan dengan Dukcapil, surat 12/2026"
NIK, NO_KK = "9971015203600001", "9971011201100001"


@pytest.fixture
def aminah(villages: None) -> Household:
    """In the group Melati of Molas, cared for by Budi; others live in Maasing and Bitung."""
    with transaction():
        family = HouseholdFactory(
            caretaker_name="Aminah", nik=NIK, no_kk=NO_KK, pregnant=1, village=MOLAS
        )
        group = GroupFactory(name="Melati", village=MOLAS)
        MembershipFactory(household=family, group=group)
        AssignmentFactory(group=group, facilitator=UserFactory(name="Budi Santoso"))
        HouseholdFactory(caretaker_name="Berta", village=MAASING, last_stage="2025-4")
        HouseholdFactory(caretaker_name="Clara di Bitung", village=PAUDEAN)
        return family


def signed_in(client: FlaskClient, **traits: Any) -> User:
    with transaction():
        user = UserFactory(**traits)
    sign_in(client, user)
    return user


@pytest.fixture
def supervisor(client: FlaskClient, aminah: Household) -> FlaskClient:
    signed_in(client, supervisor=True)
    return client


def export(client: FlaskClient, *, within: str = "", **fields: str) -> TestResponse:
    return client.post(
        f"/rosters/export?region={within}" if within else "/rosters/export",
        data={"region": MANADO, "format": "csv"} | fields,
    )


def names(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["NAMA PENERIMA"] for row in csv_rows(answer.data)]


def test_a_row_says_who_where_and_how_far(supervisor: FlaskClient) -> None:
    answer = export(supervisor)
    assert answer.mimetype == "text/csv"
    berta, aminah = sorted(csv_rows(answer.data), key=lambda row: -ord(row["NAMA PENERIMA"][0]))
    assert berta["KECAMATAN"] == "Tuminting"
    assert aminah == {
        "NAMA PENERIMA": "Aminah",
        "NIK": "9971********0001",
        "NO KK": "9971********0001",
        "KODE WILAYAH": MOLAS,
        "KELURAHAN": "Molas",
        "KECAMATAN": "Bunaken",
        "KABUPATEN": "Kota Manado",
        "KELOMPOK": "Melati",
        "PENDAMPING": "Budi Santoso",
        "STATUS": "Penerima PKH",
        "KESIAPAN": "Data belum cukup",
        "HAMIL": "1",
        "AUD": "0",
        "SD": "1",
        "SMP": "0",
        "SMA": "0",
        "DISABIL": "0",
        "LANSIA": "0",
        "HAM": "0",
        "TAHAP": "2026-1",
        "USULAN": "",
        "TANGGAL KEPUTUSAN": "",
    }


def test_csv_and_workbook_hold_the_same(supervisor: FlaskClient) -> None:
    workbook = export(supervisor, format="xlsx")
    assert workbook.mimetype.endswith("spreadsheetml.sheet")
    rows = xlsx_rows(workbook.data)
    plain = csv_rows(export(supervisor).data)
    assert [{k: str(v or "") for k, v in row.items()} for row in rows] == [
        {k: "" if v == "0" else v for k, v in row.items()} for row in plain
    ]


def test_columns_of_a_workbook_are_as_wide_as_what_they_hold(supervisor: FlaskClient) -> None:
    """A NIK that is cut off at the edge of its column is read wrongly from a print."""
    data = export(supervisor, format="xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    for cells in sheet.iter_cols():
        width = sheet.column_dimensions[cells[0].column_letter].width
        assert width >= max(len(str(cell.value or "")) for cell in cells) + 1, cells[0].value


def test_the_file_is_named_by_region_and_day_and_by_nobody(supervisor: FlaskClient) -> None:
    with clock.at(datetime(2026, 11, 12, 17, tzinfo=UTC)):
        answer = export(supervisor, region=MOLAS)
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=kpm-{MOLAS}-2026-11-13.csv"
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_lies_elsewhere_is_never_in_it(supervisor: FlaskClient) -> None:
    assert "Clara di Bitung" not in names(export(supervisor))
    for code in (BITUNG, PAUDEAN, NORTH_SULAWESI, "99.99"):
        assert export(supervisor, region=code).status_code == 422
        assert supervisor.get(f"/rosters/export?region={code}").status_code == 404
        assert export(supervisor, within=code, region=code).status_code == 404


def test_a_part_of_the_region_can_be_chosen(supervisor: FlaskClient) -> None:
    assert names(export(supervisor, region=MOLAS)) == ["Aminah"]
    assert names(export(supervisor, region=BUNAKEN)) == ["Aminah"]
    assert names(export(supervisor, region=MAASING)) == ["Berta"]


def test_a_province_is_exported_whole_or_by_regency(client: FlaskClient, aminah: Household) -> None:
    signed_in(client, viewer=True, region=NORTH_SULAWESI)
    assert len(names(export(client, region=NORTH_SULAWESI))) == 3
    assert names(export(client, region=BITUNG)) == ["Clara di Bitung"]
    page = client.get(f"/rosters/export?region={MANADO}").text
    assert "Molas" in page
    assert names(export(client, within=MANADO, region=MOLAS)) == ["Aminah"]


def test_filters_narrow_the_rows(supervisor: FlaskClient, aminah: Household) -> None:
    with transaction() as session:
        session.get_one(Household, (aminah.area_id, aminah.id)).status = HouseholdStatus.APPROVED
        add_verdict(aminah, Verdict.READY)
    assert names(export(supervisor, household_status="approved")) == ["Aminah"]
    assert names(export(supervisor, household_status="active")) == ["Berta"]
    with clock.at(datetime(2026, 2, 1, tzinfo=UTC)):
        assert names(export(supervisor, stage="2025-4")) == ["Berta"]
    assert names(export(supervisor, readiness="ready")) == ["Aminah"]
    assert names(export(supervisor, readiness=Verdict.TOO_LITTLE_KNOWN.value)) == ["Berta"]
    assert names(export(supervisor, group=" melati ")) == ["Aminah"]
    nothing = export(supervisor, group="Mawar")
    assert nothing.status_code == 422
    assert "Tidak ada keluarga yang cocok." in nothing.text


@pytest.fixture
def two_named_melati(aminah: Household) -> list[Group]:
    """Another group Melati, in Maasing, with Dewi in it; and one in Bitung."""
    made = []
    with transaction():
        for name, village in (("Dewi", MAASING), ("Erna di Bitung", PAUDEAN)):
            group = GroupFactory(name="Melati", village=village)
            MembershipFactory(
                household=HouseholdFactory(caretaker_name=name, village=village), group=group
            )
            made.append(group)
    return made


def test_a_name_that_several_groups_have_is_asked_back(
    supervisor: FlaskClient, two_named_melati: list[Group]
) -> None:
    assert "Kelompok yang mana" not in supervisor.get("/rosters/export").text
    answer = export(supervisor, group="melati")
    assert answer.status_code == 422
    assert "2 kelompok di sini bernama melati. Pilih salah satu." in answer.text
    assert "Kelompok yang mana" in answer.text
    assert "Melati – Molas, Bunaken (1 keluarga)" in answer.text
    assert "Melati – Maasing, Tuminting (1 keluarga)" in answer.text
    assert "Paudean" not in answer.text
    assert not trail(Tag.ROSTER_EXPORTED)
    chosen = str(two_named_melati[0].id)
    assert names(export(supervisor, group="melati", which_group=chosen)) == ["Dewi"]
    (line,) = trail(Tag.ROSTER_EXPORTED)
    assert line.data["filters"] == {"group": "melati", "group_id": chosen}


def test_a_village_of_its_own_tells_which_group_is_meant(
    supervisor: FlaskClient, two_named_melati: list[Group]
) -> None:
    assert names(export(supervisor, region=MAASING, group="Melati")) == ["Dewi"]


def test_a_choice_of_before_does_not_outlive_the_name(
    supervisor: FlaskClient, two_named_melati: list[Group]
) -> None:
    manado, bitung = (str(group.id) for group in two_named_melati)
    with transaction():
        MembershipFactory(
            household=HouseholdFactory(caretaker_name="Fitri", village=MOLAS),
            group=GroupFactory(name="Mawar", village=MOLAS),
        )
    assert names(export(supervisor, group="Mawar", which_group=manado)) == ["Fitri"]
    assert len(names(export(supervisor, which_group=manado))) == 4
    for stale in (bitung, "", "nonsense"):
        assert export(supervisor, group="Melati", which_group=stale).status_code == 422


def test_families_of_a_village_may_be_in_groups_of_two_that_are_named_alike(
    supervisor: FlaskClient, two_named_melati: list[Group]
) -> None:
    with transaction():
        neighbour = HouseholdFactory(caretaker_name="Gina", village=MOLAS)
        MembershipFactory(household=neighbour, group=two_named_melati[0])
    assert export(supervisor, region=MOLAS, group="Melati").status_code == 422
    answer = export(
        supervisor, region=MOLAS, group="Melati", which_group=str(two_named_melati[0].id)
    )
    assert names(answer) == ["Gina"]


def test_a_name_of_too_many_groups_asks_for_a_smaller_region(
    supervisor: FlaskClient, two_named_melati: list[Group], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.rosters.queries.named_groups.MOST", 1)
    answer = export(supervisor, group="Melati")
    assert answer.status_code == 422
    assert "Lebih dari 1 kelompok bernama Melati. Pilih wilayah yang lebih kecil." in answer.text
    assert "Kelompok yang mana" not in answer.text


def test_above_a_regency_a_group_is_told_with_its_regency(
    client: FlaskClient, two_named_melati: list[Group]
) -> None:
    signed_in(client, viewer=True, region=NORTH_SULAWESI)
    page = export(client, region=NORTH_SULAWESI, group="Melati").text
    assert "Melati – Paudean, Lembeh Selatan, Kota Bitung (1 keluarga)" in page


def add_verdict(family: Household, verdict: Verdict) -> None:
    db.session.execute(
        insert(Readiness).values(
            area_id=family.area_id,
            household_id=family.id,
            verdict=verdict,
            score=90,
            ladder=4,
            held=12,
            attended=12,
            missed_running=0,
            as_of=datetime(2026, 1, 5, tzinfo=UTC).date(),
            rule_version="test",
            computed_at=clock.now(),
        )
    )


def nominate(family: Household, status: NominationStatus, at: datetime) -> None:
    decided = status is not NominationStatus.DRAFT
    db.session.add(
        Nomination(
            area_id=family.area_id,
            id=new_id(),
            household_id=family.id,
            kind=ExitKind.INDEPENDENT,
            status=status,
            nominated_by=new_id(),
            nominated_by_name="Budi",
            nominated_at=at,
            decided_by=new_id() if decided else None,
            decided_by_name="Rina" if decided else None,
            decided_at=at if decided else None,
            decision_reason="Usaha berjalan dua tahun" if decided else None,
            updated_at=at,
        )
    )


def test_an_approved_graduation_shows_with_the_day_of_the_decision(
    supervisor: FlaskClient, aminah: Household
) -> None:
    with transaction() as session:
        session.get_one(Household, (aminah.area_id, aminah.id)).status = HouseholdStatus.APPROVED
        nominate(aminah, NominationStatus.REJECTED, datetime(2026, 1, 5, 3, tzinfo=UTC))
        # The evening of the 10th in Manado is the 9th in London.
        nominate(aminah, NominationStatus.APPROVED, datetime(2026, 3, 9, 22, tzinfo=UTC))
    (row,) = csv_rows(export(supervisor, household_status="approved").data)
    assert row["STATUS"] == "Graduasi disetujui"
    assert (row["USULAN"], row["TANGGAL KEPUTUSAN"]) == ("Disetujui", "2026-03-10")


def test_names_and_words_are_indonesian_in_any_language(
    supervisor: FlaskClient, app: Flask
) -> None:
    english = app.test_client()
    signed_in(english, supervisor=True, locale="en")
    assert "Export roster" in english.get("/rosters/export").text
    assert export(english).data == export(supervisor).data


def test_supervisors_never_get_full_numbers(supervisor: FlaskClient) -> None:
    answer = export(supervisor, numbers="full", reason=REASON)
    assert answer.status_code == 422
    assert NIK.encode() not in answer.data
    assert not trail(Tag.ROSTER_EXPORTED)


def test_viewers_get_no_numbers_at_all(client: FlaskClient, aminah: Household) -> None:
    signed_in(client, viewer=True)
    (row, *_rest) = csv_rows(export(client, region=MOLAS).data)
    assert not {"NIK", "NO KK"} & set(row)
    for numbers in ("masked", "full"):
        assert export(client, numbers=numbers, reason=REASON).status_code == 422


def test_administrators_get_full_numbers_for_a_reason(
    client: FlaskClient, aminah: Household
) -> None:
    signed_in(client, administrator=True)
    refused = export(client, region=MOLAS, numbers="full", reason="mau lihat")
    assert refused.status_code == 422
    assert "Tulis alasan, paling sedikit 20 huruf." in refused.text
    assert 'id="reason-error"' in refused.text
    (row,) = csv_rows(export(client, region=MOLAS, numbers="full", reason=REASON).data)
    assert (row["NIK"], row["NO KK"]) == (NIK, NO_KK)
    workbook = export(client, region=MOLAS, numbers="full", reason=REASON, format="xlsx")
    assert xlsx_rows(workbook.data)[0]["NIK"] == NIK
    line = trail(Tag.ROSTER_EXPORTED)[0]
    assert (line.data["numbers"], line.data["reason"]) == ("full", REASON)


def test_every_export_is_in_the_trail(supervisor: FlaskClient, aminah: Household) -> None:
    export(supervisor, region=MOLAS, household_status="active", reason=REASON)
    (line,) = trail(Tag.ROSTER_EXPORTED)
    assert line.area_id == aminah.area_id
    assert line.data == {
        "region": MOLAS,
        "format": "csv",
        "rows": 1,
        "filters": {"status": "active"},
        "numbers": "masked",
        "reason": "",
    }


def test_a_fault_midway_gives_no_file_and_no_line(
    supervisor: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_numbers: object) -> None:
        raise RuntimeError("a row that cannot be opened")

    monkeypatch.setattr("casework.rosters.queries.exported.mask_nik", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = export(supervisor)
    assert answer.status_code == 500
    assert not trail(Tag.ROSTER_EXPORTED)


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+62", "-1", "@SUM(A1)", "'=1", 'a;b"c\nd'])
def test_no_name_becomes_a_formula(client: FlaskClient, villages: None, name: str) -> None:
    with transaction():
        HouseholdFactory(caretaker_name=name, village=MOLAS)
    signed_in(client, supervisor=True)
    answer = export(client)
    assert names(answer) == [name]
    assert not answer.data.decode("utf-8-sig").splitlines()[1].startswith(("=", "+", "-", "@"))
    assert xlsx_rows(export(client, format="xlsx").data)[0]["NAMA PENERIMA"] == name


def test_facilitators_and_strangers_export_nothing(client: FlaskClient, villages: None) -> None:
    assert client.get("/rosters/export").status_code == 302
    signed_in(client)
    assert client.get("/rosters/export").status_code == 404
    assert export(client).status_code == 404


def test_statements_do_not_grow_with_the_rows(
    supervisor: FlaskClient, statements: Statements
) -> None:
    counted = []
    for more in (0, 40):
        with transaction():
            HouseholdFactory.create_batch(more, village=MOLAS)
        statements.reset()
        assert export(supervisor).status_code == 200
        counted.append(statements.count)
    assert counted[0] == counted[1]


def test_one_person_has_one_file_made_at_a_time(
    app: Flask, supervisor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another person's is made meanwhile, and the own next one afterwards."""
    other = app.test_client()
    signed_in(other, supervisor=True)
    meanwhile: list[TestResponse] = []
    made = exporting.Export.blocks

    def while_it_is_made(self: exporting.Export, **given: Any) -> Any:
        monkeypatch.setattr(exporting.Export, "blocks", made)
        meanwhile.extend([export(supervisor), export(other)])
        return made(self, **given)

    monkeypatch.setattr(exporting.Export, "blocks", while_it_is_made)
    assert export(supervisor).status_code == 200
    own, of_another = meanwhile
    assert own.status_code == 429
    assert "Berkas Anda yang terakhir masih dibuat." in own.text
    assert own.headers["Retry-After"]
    assert of_another.status_code == 200


def test_a_program_that_asks_for_file_after_file_is_told_to_wait(
    supervisor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_turns.EXPORTING, "most", 2)
    answers = [export(supervisor) for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 429, 429]
    assert "Anda sudah membuat banyak berkas. Tunggu 1 menit" in answers[-1].text
