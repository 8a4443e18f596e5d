import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.tables.cells import guard, unguard
from casework.core.tables.csv_out import write_csv

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")


def read(blocks: Iterator[bytes], delimiter: str = ";") -> list[list[str]]:
    text = b"".join(blocks).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@given(ANY_TEXT, st.booleans())
def test_guarding_can_be_undone_whatever_the_text(text: str, digits: bool) -> None:
    assert unguard(guard(text, digits=digits)) == text


@given(ANY_TEXT, st.booleans())
def test_no_guarded_text_begins_like_a_formula(text: str, digits: bool) -> None:
    assert not guard(text, digits=digits).startswith(DANGEROUS)


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=5), st.sampled_from([";", ","]))
def test_any_text_comes_back_from_the_csv_module(rows: list[tuple[str, str]], mark: str) -> None:
    table = read(write_csv(rows, ["A", "B"], delimiter=mark), mark)
    assert [[unguard(cell) for cell in row] for row in table] == [["A", "B"], *map(list, rows)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+6281234567890", "'+6281234567890"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("'Aisyah", "'Aisyah"),
        ("'=1+1", "''=1+1"),
        ("Ma'ruf", "Ma'ruf"),
        ("9901010101010001", "9901010101010001"),
        ("", ""),
    ],
)
def test_text_is_guarded_only_where_a_spreadsheet_would_calculate(text: str, written: str) -> None:
    assert guard(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("9901010101010001", "'9901010101010001"),
        ("081234567890", "'081234567890"),
        ("003", "'003"),
        ("0", "0"),
        ("12345678901", "12345678901"),
        ("'003", "''003"),
    ],
)
def test_digits_that_excel_would_damage_are_guarded_on_request(text: str, written: str) -> None:
    assert guard(text, digits=True) == written


def test_numbers_and_dates_stay_numbers_and_dates() -> None:
    row = [-5, Decimal("-2.50"), 1.5, date(2026, 3, 1), None, True, float("nan")]
    moment = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
    assert read(write_csv([[*row, moment]], list("ABCDEFGH")))[1] == [
        "-5", "-2,50", "1,5", "2026-03-01", "", "TRUE", "", "2026-03-01 09:05:00",
    ]  # fmt: skip
    assert read(write_csv([row], list("ABCDEFG"), delimiter=","), ",")[1][1:3] == ["-2.50", "1.5"]


def test_objects_are_written_as_their_guarded_text() -> None:
    class Label:
        def __str__(self) -> str:
            return "=cmd"

    assert read(write_csv([[Label()]], ["A"]))[1] == ["'=cmd"]


def test_the_file_begins_as_excel_and_programs_ask() -> None:
    assert b"".join(write_csv([], ["A", "B"])) == b"\xef\xbb\xbfA;B\r\n"
    assert b"".join(write_csv([], ["A", "B"], delimiter=",", bom=False)) == b"A,B\r\n"
    assert b"".join(write_csv([], ["A", "B"], bom=False, sep_line=True)) == b"sep=;\r\nA;B\r\n"


def test_blocks_are_handed_on_while_rows_are_still_coming() -> None:
    drawn = 0

    def rows() -> Iterator[list[str]]:
        nonlocal drawn
        for _ in range(10_000):
            drawn += 1
            yield ["x" * 100]

    blocks = write_csv(rows(), ["A"])
    first = next(blocks)
    assert drawn < 1_000
    assert 64 * 1024 <= len(first) < 66 * 1024
    assert all(len(block) < 66 * 1024 for block in blocks)
