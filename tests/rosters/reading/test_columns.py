import pytest

from casework.core.tables.reading.cells import SourceRow
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.rosters.reading.columns import ALIASES, Column, find_header, read_header, squash
from tests.factories.rosters import FINAL_CLOSING

NEEDED = ("NAMA PENERIMA", "NIK", "NO KK", "KELURAHAN", "KECAMATAN")


def rows(*rows: tuple[str, ...]) -> list[SourceRow]:
    return [SourceRow(number, cells) for number, cells in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("NAMA PENGURUS", Column.CARETAKER_NAME),
        ("Pengurus", Column.CARETAKER_NAME),
        ("nama_penerima", Column.CARETAKER_NAME),
        ("nik_ktp", Column.NIK),
        ("NIK KTP", Column.NIK),
        ("NO. KK", Column.NO_KK),
        ("nokk", Column.NO_KK),
        ("No_KK", Column.NO_KK),
        ("Nomor Kartu Keluarga", Column.NO_KK),
        ("TGL. LAHIR", Column.BORN_ON),
        ("BUMIL", Column.PREGNANT),
        ("BALITA", Column.EARLY_CHILDHOOD),
        ("DISAB", Column.DISABILITY),
        ("DISABILITAS", Column.DISABILITY),
        ("HAM", Column.RIGHTS_VIOLATION_VICTIM),
        ("DESA/KELURAHAN", Column.VILLAGE),
        ("nama_kel", Column.VILLAGE),
        ("nama_kec", Column.DISTRICT),
        ("KAB/KOTA", Column.REGENCY),
        ("Kab. Kota", Column.REGENCY),
        ("nama_prop", Column.PROVINCE),
        ("kode_wilayah", Column.VILLAGE_CODE),
        ("KODE DESA", Column.VILLAGE_CODE),
        ("ALAMAT FC", Column.ADDRESS),
        ("no_rt", Column.RT),
        ("dusun", Column.HAMLET),
    ],
)
def test_a_column_is_known_by_any_of_its_names(written: str, column: Column) -> None:
    assert set(read_header(SourceRow(1, (written,))).positions) == {column}


def test_every_alias_belongs_to_one_column() -> None:
    names = [squash(name) for names in ALIASES.values() for name in names]
    assert len(names) == len(set(names))


def test_the_header_of_the_final_closing_is_known_whole() -> None:
    [row] = rows(FINAL_CLOSING)
    known = read_header(row).positions
    assert set(Column) - set(known) == {Column.HAMLET, Column.VILLAGE_CODE}


def test_titles_above_the_header_are_passed_over() -> None:
    titles = [("DAFTAR FINAL CLOSING",), ("NIK", "dan NO KK rahasia"), ("Tahap 1 2026",)]
    assert find_header(rows(*titles, NEEDED)).row_number == 4


def test_a_header_below_the_twentieth_row_is_not_looked_for() -> None:
    titles = [("judul",)] * 19
    assert find_header(rows(*titles, NEEDED)).row_number == 20
    with pytest.raises(UnreadableFile) as caught:
        find_header(rows(*titles, ("judul",), NEEDED))
    assert caught.value.fault is FileFault.NO_HEADER


def test_missing_columns_are_named_as_the_final_closing_names_them() -> None:
    with pytest.raises(UnreadableFile) as caught:
        find_header(rows(("judul",), ("PENGURUS", "NIK", "ALAMAT")))
    assert caught.value.fault is FileFault.MISSING_COLUMNS
    assert caught.value.params == {"columns": ("NO KK", "KELURAHAN", "KECAMATAN"), "row": 2}


def test_a_code_of_the_village_stands_for_its_names() -> None:
    assert find_header(rows(("NAMA", "NIK", "NO KK", "KODE WILAYAH"))).row_number == 1


def test_no_rows_have_no_header() -> None:
    with pytest.raises(UnreadableFile) as caught:
        find_header([])
    assert caught.value.fault is FileFault.NO_HEADER


def test_two_columns_of_one_key_are_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        find_header(rows((*NEEDED, "N.I.K")))
    assert caught.value.fault is FileFault.COLUMN_TWICE
    assert caught.value.params == {"column": "NIK", "row": 1}


def test_of_two_addresses_the_first_that_is_filled_in_counts() -> None:
    columns = read_header(SourceRow(1, ("ALAMAT FC", "ALAMAT")))
    assert columns.cell(SourceRow(2, ("lama", "baru")), Column.ADDRESS) == "baru"
    assert columns.cell(SourceRow(2, ("lama", " ")), Column.ADDRESS) == "lama"
    assert columns.cell(SourceRow(2, ("lama",)), Column.ADDRESS) == "lama"
    assert columns.cell(SourceRow(2, ()), Column.ADDRESS) == ""


def test_a_short_row_ends_in_empty_cells() -> None:
    columns = read_header(SourceRow(1, ("NIK", "STATUS")))
    assert columns.cell(SourceRow(2, ("1",)), Column.STATUS) == ""
    assert columns.cell(SourceRow(2, ("1",)), Column.RT) == ""
