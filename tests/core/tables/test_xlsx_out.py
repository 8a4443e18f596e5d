import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from casework.core.tables.xlsx_out import write_xlsx

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Season(StrEnum):
    DRY = "dry"


class Level(IntEnum):
    HIGH = 3


class Crop(Enum):
    RICE = 1


def wall_clock(text: str) -> datetime:
    """A moment as a cell holds it: without a zone."""
    return datetime.fromisoformat(text)


def workbook(rows: Iterable[Sequence[object]], header: Sequence[str], **options: Any) -> bytes:
    return b"".join(write_xlsx(rows, header, **options))


def by_openpyxl(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return openpyxl.load_workbook(io.BytesIO(data))


def by_calamine(data: bytes, sheet: int = 0) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def expected(text: str) -> str:
    return FORBIDDEN.sub("", text)


@given(st.lists(ANY_TEXT, min_size=1, max_size=5))
def test_any_text_comes_back_as_text_and_never_as_a_formula(texts: list[str]) -> None:
    data = workbook([texts], ["Nama"] * len(texts))
    sheet = by_openpyxl(data).active
    for number, text in enumerate(texts, start=1):
        cell = sheet.cell(row=2, column=number)
        assert cell.value == (expected(text) or None)
        assert cell.value is None or cell.data_type in "is"
    row = by_calamine(data)[1:] or [[""] * len(texts)]
    assert (row[0] + [""] * len(texts))[: len(texts)] == [expected(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+62812", "-", "@A", "9901010101010001", "003", " x ", "a\r\nb", "a\tb", "<&>\"'"],
)
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    data = workbook([[text]], ["A"])
    cell = by_openpyxl(data).active["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert by_calamine(data)[1] == [text]


def test_text_that_looks_like_an_escape_is_escaped_for_excel() -> None:
    data = workbook([["_x000D_"]], ["A"])
    assert by_calamine(data)[1] == ["_x000D_"]
    assert b"_x005F_x000D_" in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    moment = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    row = [-5, Decimal("12.50"), 1.5, date(2026, 3, 1), moment, True, None, date(1900, 3, 1)]
    data = workbook([row], list("ABCDEFGH"))
    sheet = by_openpyxl(data).active
    assert [cell.value for cell in sheet[2]] == [
        -5, 12.5, 1.5, wall_clock("2026-03-01 00:00"), wall_clock("2026-03-01 18:30"), True, None,
        wall_clock("1900-03-01 00:00"),
    ]  # fmt: skip
    assert [cell.data_type for cell in sheet[2]] == ["n", "n", "n", "d", "d", "b", "n", "d"]
    assert by_calamine(data)[1][3:5] == [date(2026, 3, 1), wall_clock("2026-03-01 18:30")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9901010101010001, "9901010101010001"),
        (Decimal("9901010101010001"), "9901010101010001"),
        (date(1899, 12, 31), "1899-12-31"),
        (wall_clock("1900-02-28 01:02"), "1900-02-28 01:02:00"),
    ],
)
def test_what_excel_cannot_hold_exactly_is_written_as_text(value: object, text: str) -> None:
    assert by_calamine(workbook([[value]], ["A"]))[1] == [text]


def test_enums_are_written_by_what_they_are() -> None:
    row = [Season.DRY, Level.HIGH, Crop.RICE]
    assert by_calamine(workbook([row], ["A", "B", "C"]))[1] == ["dry", 3.0, "Crop.RICE"]


def test_numbers_without_a_value_leave_the_cell_empty() -> None:
    row = [float("nan"), float("inf"), Decimal("NaN"), "", "\x00", 7]
    assert by_calamine(workbook([row], list("ABCDEF")))[1] == ["", "", "", "", "", 7.0]


def test_a_text_too_long_for_a_cell_is_cut_at_excels_limit() -> None:
    [long, wide] = by_calamine(workbook([["x" * 40_000, "\U0001f33e" * 20_000]], ["A", "B"]))[1]
    assert (len(long), len(wide)) == (32_767, 16_383)


def test_header_is_bold_and_frozen_and_columns_have_their_widths() -> None:
    sheet = by_openpyxl(workbook([["a", 1]], ["NAMA", "UMUR"], widths=[30, 8])).active
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == 30
    assert sheet.column_dimensions["B"].width == 8


def test_a_full_sheet_is_followed_by_the_next_with_the_header_again() -> None:
    data = workbook([[n] for n in range(5)], ["N"], sheet_name="KPM", max_rows=3)
    book = by_openpyxl(data)
    assert book.sheetnames == ["KPM", "KPM (2)", "KPM (3)"]
    assert [[c.value for (c,) in sheet.iter_rows()] for sheet in book] == [
        ["N", 0, 1], ["N", 2, 3], ["N", 4],
    ]  # fmt: skip
    assert by_calamine(data, 2) == [["N"], [4.0]]


def test_rows_that_fill_a_sheet_exactly_open_no_empty_one() -> None:
    book = by_openpyxl(workbook([[1], [2]], ["N"], max_rows=3))
    assert book.sheetnames == ["Data"]


def test_a_sheet_ends_before_it_needs_the_64_bit_zip_form() -> None:
    rows = [["x" * 100] for _ in range(100)]
    book = by_openpyxl(workbook(rows, ["A"], max_sheet_bytes=4_000, block=1_000))
    assert len(book.sheetnames) > 1
    assert sum(sheet.max_row - 1 for sheet in book) == 100


def test_no_rows_make_a_sheet_with_its_header() -> None:
    assert by_calamine(workbook([], ["A", "B & <C>"])) == [["A", "B & <C>"]]


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("KPM: Kab/Kota [2026]*?", "KPM  Kab Kota  2026"),
        ("", "Data"),
        ("History", "Data"),
        ("'x'", "x"),
        ("R&D <1>", "R&D <1>"),
        ("x" * 40, "x" * 31),
    ],
)
def test_sheet_names_are_made_acceptable_to_excel(name: str, sheet: str) -> None:
    assert by_openpyxl(workbook([], ["A"], sheet_name=name)).sheetnames == [sheet]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert workbook([["a", 1]], ["A", "B"]) == workbook([["a", 1]], ["A", "B"])


def test_blocks_are_handed_on_while_rows_are_still_coming() -> None:
    drawn = 0

    def rows() -> Iterator[list[object]]:
        nonlocal drawn
        for number in range(50_000):
            drawn += 1
            yield [f"{number * 7919 % 10**9:x}" * 5, number]

    blocks = write_xlsx(rows(), ["A", "B"])
    next(blocks)
    assert drawn < 2_000
    assert max(len(block) for block in blocks) < 128 * 1024
    assert drawn == 50_000


def test_a_sheet_too_small_for_a_row_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        next(write_xlsx([], ["A"], max_rows=1))
