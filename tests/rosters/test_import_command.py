"""`flask roster import`, from a file to households."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from casework.audit.tags import Tag
from casework.core.db import db
from casework.households.rules import HouseholdStatus
from casework.rosters.models import RosterImport
from casework.rosters.rules import ImportStatus
from tests.factories.places import MAASING, MANADO, MOLAS, area_of
from tests.factories.rosters import as_csv, as_xlsx, final_closing_row, nik, no_kk
from tests.rosters.files import clear_numbers, families, family, households, trail

pytestmark = pytest.mark.usefixtures("villages")

Run = Callable[..., Result]
Write = Callable[..., Path]
STAGE = "2026-1"


@pytest.fixture(autouse=True)
def indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def take_in(run_command: Run, file: Write) -> Run:
    """Imports rows as a CSV file of stage 2026-1: `take_in(rows, "--dry-run")`."""

    def run(rows: list[dict[str, object]], *options: str, stage: str = STAGE) -> Result:
        path = file(as_csv(rows), f"FC-{stage}.csv")
        return run_command("roster", "import", path, "--stage", stage, *options)

    return run


def test_a_file_becomes_households(take_in: Run) -> None:
    result = take_in([family(1, HAMIL="1", SMA="2"), family(2, KELURAHAN="TONGKAINA")])
    assert result.exit_code == 0
    assert "Tahap 2026-1, 2 baris: 2 baru, 0 berubah, 0 tetap" in result.output
    first, second = households()
    assert first.caretaker_name == "IBU CONTOH 1"
    assert clear_numbers(first) == (nik(1), no_kk(1))
    assert (first.pregnant, first.early_childhood, first.senior_school) == (1, 1, 2)
    assert first.status is HouseholdStatus.ACTIVE
    assert (first.first_stage, first.last_stage) == (STAGE, STAGE)
    assert (first.area_id, first.village_code) == (area_of(MANADO), MOLAS)
    assert second.village_code == "71.71.01.1006"


def test_a_workbook_says_the_same_as_a_csv_file(run_command: Run, file: Write) -> None:
    path = file(as_xlsx(families(3), titles=["DAFTAR KPM PKH"]), "FC.xlsx")
    result = run_command("roster", "import", path, "--stage", STAGE)
    assert result.exit_code == 0
    assert [clear_numbers(each)[0] for each in households()] == [nik(1), nik(2), nik(3)]


@pytest.mark.parametrize(
    "form",
    [
        {"delimiter": ","},
        {"delimiter": ";", "encoding": "utf-8-sig"},
        {"delimiter": ";", "sep_line": True},
    ],
)
def test_every_make_of_csv_is_read(run_command: Run, file: Write, form: dict[str, Any]) -> None:
    result = run_command("roster", "import", file(as_csv(families(2), **form)), "--stage", STAGE)
    assert result.exit_code == 0
    assert len(households()) == 2


def test_the_same_file_again_changes_nothing(take_in: Run) -> None:
    take_in(families(3))
    before = [(each.id, each.updated_at, each.nik_sealed) for each in households()]
    result = take_in(families(3))
    assert result.exit_code == 0
    assert "0 baru, 0 berubah, 3 tetap" in result.output
    assert [(each.id, each.updated_at, each.nik_sealed) for each in households()] == before


def test_a_household_known_by_its_no_kk_gets_the_corrected_nik(take_in: Run) -> None:
    take_in(families(2))
    known = households()[0].id
    result = take_in([family(1, NIK=nik(901))], stage="2026-2")
    assert "0 baru, 1 berubah" in result.output
    assert households()[0].id == known
    assert clear_numbers(households()[0]) == (nik(901), no_kk(1))
    assert households()[0].last_stage == "2026-2"


def test_a_household_known_by_its_nik_gets_the_new_no_kk_and_village(take_in: Run) -> None:
    take_in(families(1))
    changed = family(1, NO_KK=no_kk(901), KELURAHAN="MAASING", KECAMATAN="TUMINTING", SD="4")
    assert "0 baru, 1 berubah" in take_in([changed]).output
    (household,) = households()
    assert clear_numbers(household) == (nik(1), no_kk(901))
    assert (household.village_code, household.primary_school) == (MAASING, 4)


def test_an_older_roster_does_not_undo_a_later_one(take_in: Run) -> None:
    take_in(families(1), stage="2026-2")
    result = take_in([family(1, SD="9")])
    assert "0 berubah, 0 tetap, 1 sudah ada di tahap lebih baru" in result.output
    assert households()[0].last_stage == "2026-2"
    assert households()[0].primary_school == 1


def test_a_row_between_two_known_families_is_bad(take_in: Run) -> None:
    take_in(families(2))
    result = take_in([family(1, NO_KK=no_kk(2))])
    assert result.exit_code == 1
    assert "Baris 2, kolom NIK: NIK dan NO KK ini milik dua keluarga" in result.output
    assert clear_numbers(households()[0]) == (nik(1), no_kk(1))


def test_rows_that_name_one_known_family_are_bad_in_either_order(take_in: Run) -> None:
    take_in(families(1))
    by_nik, by_no_kk = family(1, NO_KK=no_kk(901)), family(902, NO_KK=no_kk(1))
    for rows in ([by_nik, by_no_kk], [by_no_kk, by_nik]):
        result = take_in(rows, "--skip-bad")
        assert "Baris 2, kolom NIK: keluarga yang sama dengan baris 3." in result.output
        assert "Baris 3, kolom NIK: keluarga yang sama dengan baris 2." in result.output
    assert clear_numbers(households()[0]) == (nik(1), no_kk(1))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"NIK": "990100000000001"}, "Baris 3, kolom NIK: 15 angka, seharusnya 16."),
        ({"NO KK": "99020000000000011"}, "Baris 3, kolom NO KK: 17 angka, seharusnya 16."),
        ({"NIK": "1,27503E+15"}, "Baris 3, kolom NIK: nomor ini sudah dipotong Excel"),
        ({"NIK": "1275030000000000"}, "Baris 3, kolom NIK: sepuluh angka nol di akhir"),
        ({"NIK": ""}, "Baris 3, kolom NIK: belum diisi."),
        ({"NIK": nik(1)}, "Baris 3, kolom NIK: ada juga di baris 2."),
        ({"KELURAHAN": "MOLLAS"}, "kolom KELURAHAN: “MOLLAS” tidak dikenal di wilayah ini."),
        ({"TGL LAHIR": "31/02/1980"}, "Baris 3, kolom TGL LAHIR: tanggal ini tidak ada."),
        ({"TGL LAHIR": "01/01/2090"}, "kolom TGL LAHIR: tidak boleh setelah hari ini."),
        ({"HAMIL": "banyak"}, "Baris 3, kolom HAMIL: harus bilangan bulat"),
    ],
)
def test_every_bad_row_is_named_and_nothing_is_applied(
    take_in: Run, changes: dict[str, object], sentence: str
) -> None:
    result = take_in([family(1), family(2) | changes])
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Belum ada yang diterapkan." in result.output
    assert not households()


def test_a_list_whose_numbers_excel_has_cut_is_refused(take_in: Run) -> None:
    result = take_in([family(n, NIK=nik(n * 10)) for n in range(1, 11)])
    assert result.exit_code == 1
    assert "kolom NIK: angka terakhirnya sudah dipotong Excel" in result.output
    assert not households()


def test_a_dry_run_says_the_same_and_changes_nothing(take_in: Run) -> None:
    assert take_in(families(2), "--dry-run").exit_code == 0
    assert take_in([family(1, NIK="1")], "--dry-run").exit_code == 1
    assert not households()
    assert not trail(Tag.ROSTER_APPLIED)


def test_skip_bad_applies_the_rest_and_hands_the_bad_rows_back(
    take_in: Run, run_command: Run, tmp_path: Path
) -> None:
    result = take_in([family(1), family(2, NIK="12"), family(3)], "--skip-bad")
    assert result.exit_code == 0
    assert len(households()) == 2
    handed_back = tmp_path / f"FC-{STAGE}-salah.csv"
    lines = handed_back.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].endswith(";ALASAN")
    assert lines[1].endswith(";NIK: 2 angka, seharusnya 16.")
    assert handed_back.stat().st_mode & 0o077 == 0

    mended = tmp_path / "mended.csv"
    mended.write_text(handed_back.read_text(encoding="utf-8").replace(";12;", f";{nik(2)};"))
    assert run_command("roster", "import", mended, "--stage", STAGE).exit_code == 0
    assert [clear_numbers(each) for each in households()] == [
        (nik(number), no_kk(number)) for number in (1, 2, 3)
    ]


def test_bad_rows_never_overwrite_a_file(take_in: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("mine")
    rows = [family(1), family(2, NIK="12")]
    result = take_in(rows, "--skip-bad", "--bad-rows", str(mine))
    assert result.exit_code == 2
    assert "sudah ada. Pilih nama lain." in result.output
    assert (mine.read_text(), len(households())) == ("mine", 0)
    take_in(rows, "--skip-bad")
    take_in(rows, "--skip-bad")
    assert sorted(path.name for path in tmp_path.glob("FC*")) == [
        f"FC-{STAGE}-salah-2.csv",
        f"FC-{STAGE}-salah.csv",
        f"FC-{STAGE}.csv",
    ]


def test_bad_rows_that_cannot_be_written_keep_the_rest_from_being_applied(take_in: Run) -> None:
    rows = [family(1), family(2, NIK="12")]
    result = take_in(rows, "--skip-bad", "--bad-rows", "/nonexistent/bad.csv")
    assert result.exit_code == 2
    assert "tidak dapat ditulis" in result.output
    assert not households()


def test_a_fault_midway_leaves_nothing(
    take_in: Run, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_data: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("casework.rosters.actions.importing.record", fail)
    result = take_in(families(3))
    assert isinstance(result.exception, RuntimeError)
    assert not households()
    assert db.session.scalar(select(RosterImport.id)) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Berkas kosong."),
        (b"%PDF-1.7 ...", "Ini bukan berkas CSV atau XLSX."),
        (b"PK\x03\x04 not a workbook", "Berkas Excel rusak atau tidak lengkap."),
        (b"NAMA;ALAMAT\r\nIBU;JALAN\r\n", "NIK"),
    ],
)
def test_what_cannot_be_read_ends_with_status_2(
    run_command: Run, file: Write, data: bytes, words: str
) -> None:
    result = run_command("roster", "import", file(data), "--stage", STAGE)
    assert result.exit_code == 2
    assert words in result.output


def test_a_wrong_stage_or_a_missing_file_ends_with_status_2(
    run_command: Run, take_in: Run, tmp_path: Path
) -> None:
    assert take_in(families(1), stage="2026-5").exit_code == 2
    missing = run_command("roster", "import", tmp_path / "none.csv", "--stage", STAGE)
    assert missing.exit_code == 2
    assert "none.csv tidak dapat dibaca" in missing.output
    assert run_command("roster", "import").exit_code == 2


@pytest.mark.parametrize(
    ("terminal", "words"),
    [
        ({"LANG": "en_US.UTF-8"}, "Row 2, column NIK: 2 digits, should be 16."),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "id"}, "Baris 2, kolom NIK: 2 angka"),
    ],
)
def test_the_terminal_s_language_is_spoken(
    take_in: Run, monkeypatch: pytest.MonkeyPatch, terminal: dict[str, str], words: str
) -> None:
    for name, value in terminal.items():
        monkeypatch.setenv(name, value)
    assert words in take_in([family(1, NIK="12")]).output


def test_an_import_is_in_the_trail_without_numbers(take_in: Run) -> None:
    take_in(
        [
            *families(2),
            family(3)
            | {"KELURAHAN": "PAUDEAN", "KECAMATAN": "LEMBEH SELATAN", "KABUPATEN": "KOTA BITUNG"},
        ]
    )
    bitung, manado = sorted(trail(Tag.ROSTER_APPLIED), key=lambda line: line.data["rows"])
    assert (manado.area_id, manado.data["added"]) == (area_of(MANADO), 2)
    assert bitung.data["added"] == 1
    assert nik(1) not in str(manado.data)
    record = db.session.scalars(select(RosterImport)).one()
    assert (record.status, record.content_sealed) == (ImportStatus.APPLIED, None)
    assert record.summary["added"] == 3


def test_help_has_examples_and_statuses(run_command: Run) -> None:
    text = run_command("roster", "import", "--help").output
    assert "--dry-run" in text
    assert "flask roster import FC-manado.xlsx --stage 2026-1" in text
    assert "1  there are bad rows, nothing was applied" in text


def test_a_row_of_another_village_form_is_understood(take_in: Run) -> None:
    row = final_closing_row(1, KELURAHAN="Kel. Maasing", KECAMATAN="Kec. Tuminting")
    assert take_in([row | {"KABUPATEN": "Kota Manado"}]).exit_code == 0
    assert households()[0].village_code == MAASING


def test_a_file_may_have_any_name(run_command: Run, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    path.write_bytes(as_csv([family(1), family(2, NIK="12")]))
    result = run_command("roster", "import", path, "--stage", STAGE, "--skip-bad")
    assert result.exit_code == 0
    assert "caf\ufffd-salah.csv" in result.output
    assert (tmp_path / os.fsdecode(b"caf\xe9-salah.csv")).exists()
    assert len(households()) == 1
    assert db.session.scalars(select(RosterImport.file_name)).all() == ["caf?.csv"]


def test_a_stage_that_is_no_text_is_refused(take_in: Run) -> None:
    result = take_in(families(1), stage="2026-1\udce9")
    assert result.exit_code == 2
    assert "Invalid value for '--stage'" in result.output


def test_names_that_are_too_long_are_no_bad_rows(take_in: Run, tmp_path: Path) -> None:
    result = take_in(families(1), "--bad-rows", str(tmp_path / ("a" * 300)))
    assert result.exit_code == 2
    assert "tidak dapat ditulis" in result.output
    assert not households()


@pytest.mark.parametrize("stem", ["a" * 248, "é" * 124, "." + "a" * 247])
def test_bad_rows_of_a_file_with_a_long_name_are_handed_back(
    run_command: Run, file: Write, tmp_path: Path, stem: str
) -> None:
    path = file(as_csv([family(1), family(2, NIK="12")]), f"{stem}.csv")
    for _time in range(2):
        result = run_command("roster", "import", path, "--stage", STAGE, "--skip-bad")
        assert result.exit_code == 0
    assert len(households()) == 1
    first, second = sorted(
        (each.name for each in tmp_path.iterdir() if each != path), key=len, reverse=True
    )
    assert first.startswith(stem[:100])
    assert first.endswith("-salah-2.csv")
    assert second == first.replace("-salah-2.csv", "-salah.csv")


#: In one letter what a terminal else takes as ESC [ and so for an order.
CSI = "\x9b"


def test_nothing_that_a_cell_says_steers_the_terminal(take_in: Run) -> None:
    result = take_in([family(1, KELURAHAN=f"MO{CSI}2JLAS")])
    assert result.exit_code == 1
    assert "kolom KELURAHAN: “MO 2JLAS” tidak dikenal" in result.output
    assert CSI not in result.output


@pytest.mark.parametrize(
    ("called", "status", "words"),
    [
        ({"NIK": f"NI{CSI}K"}, 1, "kolom NI K: "),
        ({"NIK": f"NI{CSI}K", "ART": "NIK"}, 2, "Kolom NI K ada dua kali"),
    ],
)
def test_nor_does_the_name_of_a_column(
    run_command: Run, file: Write, called: dict[str, str], status: int, words: str
) -> None:
    rows = [family(1, NIK="12")]
    path = file(as_csv(rows, header=[called.get(name, name) for name in rows[0]]))
    result = run_command("roster", "import", path, "--stage", STAGE)
    assert (result.exit_code, words in result.output) == (status, True), result.output
    assert CSI not in result.output
