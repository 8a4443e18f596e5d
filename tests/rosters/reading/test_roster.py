from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.rosters.reading.columns import Column
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.places import VillageIndex
from casework.rosters.reading.roster import Roster, read_roster
from casework.rosters.reading.rows import RosterRow, RowProblem
from tests.factories.regions import REGIONS
from tests.factories.rosters import (
    FINAL_CLOSING,
    as_csv,
    as_xlsx,
    final_closing,
    final_closing_row,
    nik,
    no_kk,
)

TODAY = date(2026, 3, 1)
INDEX = VillageIndex(REGIONS)


def read(data: bytes, **options: Any) -> Roster:
    return read_roster(data, resolver=INDEX, today=TODAY, **options)


def problems(**changes: object) -> list[RowProblem]:
    """What is wrong with the second of three rows, changed so."""
    rows = final_closing(3)
    rows[1] = final_closing_row(2, **changes)
    roster = read(as_csv(rows))
    assert [row.number for row in roster.rows] == [2, 4] or len(roster.rows) == 3
    return roster.problems


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_final_closing_becomes_households(write: Any) -> None:
    roster = read(write(final_closing(5)))
    assert not roster.bad_rows
    assert len(roster.rows) == 5
    assert roster.rows[0] == RosterRow(
        number=2,
        caretaker_name="IBU CONTOH 1",
        nik=nik(1),
        no_kk=no_kk(1),
        born_on=date(1980, 1, 2),
        components={
            Column.PREGNANT: 0,
            Column.EARLY_CHILDHOOD: 1,
            Column.PRIMARY_SCHOOL: 1,
            Column.JUNIOR_SCHOOL: 0,
            Column.SENIOR_SCHOOL: 0,
            Column.DISABILITY: 0,
            Column.ELDERLY: 0,
            Column.RIGHTS_VIOLATION_VICTIM: 0,
        },
        address="JL. CONTOH NO 1, LINGKUNGAN 2",
        hamlet="",
        rt="002",
        rw="001",
        village_code="71.71.02.1004",
        status="AKTIF",
    )


@pytest.mark.parametrize(
    "data",
    [
        as_csv(final_closing(3), delimiter=","),
        as_csv(final_closing(3), encoding="utf-8-sig", sep_line=True, delimiter=","),
        as_csv(final_closing(3), encoding="utf-16"),
        as_csv(final_closing(3), delimiter="\t"),
    ],
)
def test_the_form_of_the_file_changes_nothing(data: bytes) -> None:
    assert read(data).rows == read(as_csv(final_closing(3))).rows


def test_row_numbers_are_those_of_the_spreadsheet_below_titles() -> None:
    titles = ["FINAL CLOSING", "Kota Manado", ""]
    for data in (
        as_csv(final_closing(2), titles=titles),
        as_xlsx(final_closing(2), titles=titles),
    ):
        roster = read(data)
        assert roster.columns.row_number == 4
        assert [row.number for row in roster.rows] == [5, 6]


def test_the_roster_is_found_on_a_later_sheet() -> None:
    assert len(read(as_xlsx(final_closing(2), sheets_before=["Catatan"])).rows) == 2


def test_a_component_without_a_column_is_not_taken_for_none() -> None:
    rows = [{k: v for k, v in row.items() if k != "LANSIA"} for row in final_closing(1)]
    assert Column.ELDERLY not in read(as_csv(rows)).rows[0].components


@pytest.mark.parametrize(
    ("changes", "column", "label", "value", "code"),
    [
        ({"NIK": "990101010180001"}, Column.NIK, "NIK", "9901*******0001",
         CellProblem.WRONG_LENGTH),
        ({"NIK": "1,27503E+15"}, Column.NIK, "NIK", "1,27503E+15", CellProblem.SCIENTIFIC),
        ({"NO_KK": "1.27503E+15"}, Column.NO_KK, "NO KK", "1.27503E+15", CellProblem.SCIENTIFIC),
        ({"NO_KK": ""}, Column.NO_KK, "NO KK", "", CellProblem.MISSING),
        ({"NAMA_PENERIMA": " "}, Column.CARETAKER_NAME, "NAMA PENERIMA", "", CellProblem.MISSING),
        ({"TGL_LAHIR": "31/02/1980"}, Column.BORN_ON, "TGL LAHIR", "31/02/1980",
         CellProblem.IMPOSSIBLE_DATE),
        ({"SD": "-1"}, Column.PRIMARY_SCHOOL, "SD", "-1", CellProblem.NOT_A_COUNT),
        ({"HAMIL": "21"}, Column.PREGNANT, "HAMIL", "21", CellProblem.COUNT_TOO_HIGH),
        ({"RT": "depan"}, Column.RT, "RT", "depan", CellProblem.NOT_RT_RW),
        ({"KELURAHAN": "ENTAH"}, Column.VILLAGE, "KELURAHAN", "ENTAH", CellProblem.UNKNOWN_PLACE),
        ({"KECAMATAN": ""}, Column.DISTRICT, "KECAMATAN", "", CellProblem.MISSING),
        ({"ALAMAT": "x" * 301}, Column.ADDRESS, "ALAMAT", "x" * 79 + "…", CellProblem.TOO_LONG),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_column_value_and_reason(
    changes: dict[str, object], column: Column, label: str, value: str, code: CellProblem
) -> None:
    [problem] = problems(**changes)
    assert (problem.row, problem.column, problem.label) == (3, column, label)
    assert (problem.value, problem.code) == (value, code)


def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    found = problems(NIK="1", NO_KK="x", TGL_LAHIR="kapan", KELURAHAN="", KECAMATAN="", SD="?")
    assert [problem.column for problem in found] == [
        Column.NIK, Column.NO_KK, Column.BORN_ON, Column.PRIMARY_SCHOOL, Column.DISTRICT,
        Column.VILLAGE,
    ]  # fmt: skip


def test_a_nik_stored_as_a_number_is_refused_in_a_workbook() -> None:
    rows = [final_closing_row(1, NIK=9901010101800001), final_closing_row(2)]
    [problem] = read(as_xlsx(rows)).problems
    assert (problem.row, problem.code) == (2, CellProblem.NUMBER_CELL)


def test_a_birth_date_that_contradicts_the_nik_is_no_fault() -> None:
    assert not problems(NIK="9901010101800001", TGL_LAHIR="31/12/1990")


def test_a_bad_row_is_kept_as_it_came() -> None:
    [bad] = read(as_csv([final_closing_row(1, NIK="1,27503E+15")])).bad_rows
    assert bad.number == 2
    assert bad.cells[: 3] == ("IBU CONTOH 1", "1,27503E+15", no_kk(1))  # fmt: skip
    assert len(bad.cells) == len(FINAL_CLOSING)


def test_a_good_row_can_be_handed_back_too() -> None:
    roster = read(as_csv([final_closing_row(1)]))
    assert roster.cells[2][:2] == ("IBU CONTOH 1", nik(1))


def test_personal_numbers_stay_out_of_traces() -> None:
    roster = read(as_csv([final_closing_row(1), final_closing_row(2, SD="?")]))
    assert "IBU CONTOH 1" in repr(roster)
    assert not any(number in repr(roster) for number in (nik(1), no_kk(1), nik(2), "JL. CONTOH"))


def test_rows_that_share_a_nik_or_a_no_kk_are_all_named() -> None:
    rows = final_closing(6)
    rows[1]["NIK"] = rows[3]["NIK"] = rows[0]["NIK"]
    rows[5]["NO KK"] = rows[4]["NO KK"]
    roster = read(as_csv(rows))
    assert [(p.row, p.column, p.value, p.code, p.params["rows"]) for p in roster.problems] == [
        (2, Column.NIK, "9901********0001", CellProblem.TWICE_IN_FILE, "3, 5"),
        (3, Column.NIK, "9901********0001", CellProblem.TWICE_IN_FILE, "2, 5"),
        (5, Column.NIK, "9901********0001", CellProblem.TWICE_IN_FILE, "2, 3"),
        (6, Column.NO_KK, "9902********0005", CellProblem.TWICE_IN_FILE, "7"),
        (7, Column.NO_KK, "9902********0005", CellProblem.TWICE_IN_FILE, "6"),
    ]
    assert [row.number for row in roster.rows] == [4]


def test_a_nik_shared_with_a_row_that_is_bad_otherwise_is_still_a_doubt() -> None:
    rows = final_closing(2)
    rows[0] |= {"TGL LAHIR": "31/02/1980"}
    rows[1]["NIK"] = rows[0]["NIK"]
    assert not read(as_csv(rows)).rows


def test_the_caretakers_nik_may_equal_another_familys_no_kk() -> None:
    rows = final_closing(2)
    rows[1]["NO KK"] = rows[0]["NIK"]
    assert len(read(as_csv(rows)).rows) == 2


def test_one_number_in_every_row_names_only_a_few_others() -> None:
    rows = [final_closing_row(n, NIK=nik(1)) for n in range(1, 2001)]
    roster = read(as_csv(rows))
    assert roster.problems[0].params["rows"] == "3, 4, 5, 6, 7, …"
    assert roster.problems[-1].params["rows"] == "2, 3, 4, 5, 6, …"


def test_a_file_of_more_rows_than_allowed_is_refused() -> None:
    data = as_csv(final_closing(4))
    assert len(read(data, max_rows=4).rows) == 4
    with pytest.raises(UnreadableFile) as caught:
        read(data, max_rows=3)
    assert (caught.value.fault, caught.value.params) == (FileFault.TOO_MANY_ROWS, {"limit": 3})


def test_a_header_without_rows_is_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(as_csv([]))
    assert caught.value.fault is FileFault.NO_ROWS


def test_a_workbook_without_the_header_tells_about_its_first_sheet() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(as_xlsx(final_closing(1), header=["NIK", "NO KK", *["?"] * 23]))
    assert caught.value.fault is FileFault.MISSING_COLUMNS


ALPHABET = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=400).map(lambda text: text.encode("utf-8", errors="surrogatepass")),
    st.text(alphabet=';,"\n\r\t= 0123456789EABNIK', max_size=400).map(str.encode),
)


@settings(max_examples=300, deadline=None)
@given(ALPHABET, st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"sep=;\n"]))
def test_any_bytes_are_rows_or_an_unreadable_file(data: bytes, before: bytes) -> None:
    try:
        roster = read(before + data)
    except UnreadableFile:
        return
    assert roster.rows or roster.bad_rows


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(FINAL_CLOSING),
        st.text(st.characters(exclude_categories=["Cs"])),
        max_size=6,
    )
)
def test_any_text_in_any_cell_is_a_household_or_a_named_problem(cells: dict[str, str]) -> None:
    row = final_closing_row(1) | cells
    text = "".join(map(str, row.values()))
    try:
        roster = read(as_csv([row]))
    except UnreadableFile as error:
        # Control characters make a file binary; all blank leaves no row.
        assert any(ord(character) < 32 for character in text), error.fault  # noqa: PT017
        return
    assert len(roster.rows) + len(roster.bad_rows) == 1
    for problem in roster.problems:
        assert problem.row == 2
        assert problem.label in FINAL_CLOSING
        assert nik(1) not in problem.value
