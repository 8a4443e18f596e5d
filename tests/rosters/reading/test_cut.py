"""Columns of numbers that went through a spreadsheet: the last of sixteen digits is 0 in all."""

from __future__ import annotations

from datetime import date
from math import comb
from typing import Any

import pytest

from casework.rosters.reading.columns import Column
from casework.rosters.reading.cut import FEWEST, is_cut, without_last_digit
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.places import VillageIndex
from casework.rosters.reading.roster import Roster, read_roster
from tests.factories.regions import REGIONS
from tests.factories.rosters import as_csv, as_xlsx, final_closing_row, nik, no_kk

INDEX = VillageIndex(REGIONS)


def numbers(count: int, ending_in_0: int) -> list[str]:
    """So many numbers, so many of them cut."""
    return [nik(n * 10 + (0 if n <= ending_in_0 else 1)) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "ending_in_0", "cut"),
    [
        (0, 0, False),
        (1, 1, False),
        (FEWEST - 1, FEWEST - 1, False),
        (FEWEST, 7, False),
        (FEWEST, 8, True),
        (FEWEST, FEWEST, True),
        (11, 8, False),
        (11, 9, True),
        (12, 8, False),
        (12, 9, True),
        (100, 10, False),
        (100, 74, False),
        (100, 75, True),
        (5000, 3749, False),
        (5000, 3750, True),
    ],
)
def test_a_column_is_cut_when_three_quarters_of_ten_or_more_end_in_0(
    count: int, ending_in_0: int, cut: bool
) -> None:
    assert is_cut(numbers(count, ending_in_0)) is cut
    assert is_cut(iter(reversed(numbers(count, ending_in_0)))) is cut


@pytest.mark.parametrize("count", [*range(FEWEST, 40), 100, 200])
def test_chance_hardly_ever_makes_a_true_list_look_cut(count: int) -> None:
    least = next(n for n in range(count + 1) if is_cut(numbers(count, n)))
    chance = sum(comb(count, n) * 0.1**n * 0.9 ** (count - n) for n in range(least, count + 1))
    assert chance < 4e-7


def read(rows: list[dict[str, object]], write: Any = as_csv) -> Roster:
    return read_roster(write(rows), resolver=INDEX, today=date(2026, 3, 1))


def cut_rows(count: int, *columns: str) -> list[dict[str, object]]:
    """Families whose numbers in these columns Excel has cut."""
    rows = [final_closing_row(n, NIK=nik(n * 10 + 1)) for n in range(1, count + 1)]
    for number, row in enumerate(rows, start=1):
        row["NO KK"] = no_kk(number * 10 + 1)
        row |= {column: f"{str(row[column])[:-1]}0" for column in columns}
    return rows


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize("columns", [("NIK",), ("NO KK",), ("NIK", "NO KK")])
def test_every_number_of_a_cut_column_that_ends_in_0_is_refused(
    columns: tuple[str, ...], write: Any
) -> None:
    roster = read(cut_rows(12, *columns), write)
    assert not roster.rows
    assert len(roster.problems) == 12 * len(columns)
    assert {(each.label, each.code) for each in roster.problems} == {
        (column, CellProblem.LAST_DIGIT_LOST) for column in columns
    }
    assert roster.problems[0].value.startswith("990")
    assert "*" in roster.problems[0].value


def test_what_was_typed_again_in_a_cut_column_is_taken() -> None:
    rows = cut_rows(12, "NIK")
    rows[3]["NIK"], rows[7]["NIK"] = nik(41), nik(81)
    assert [row.nik for row in read(rows).rows] == [nik(41), nik(81)]


def test_a_true_list_with_a_number_that_ends_in_0_is_taken() -> None:
    rows = cut_rows(12)
    rows[0]["NIK"] = rows[1]["NO KK"] = nik(10)
    assert len(read(rows).rows) == 12


def test_a_few_rows_are_no_evidence() -> None:
    assert len(read(cut_rows(9, "NIK", "NO KK")).rows) == 9


def test_a_cut_number_that_stands_twice_is_told_as_cut() -> None:
    rows = cut_rows(12, "NIK")
    rows[1]["NIK"] = rows[0]["NIK"]
    assert {each.code for each in read(rows).problems} == {CellProblem.LAST_DIGIT_LOST}


def test_rows_that_are_bad_otherwise_count_as_evidence_too() -> None:
    rows = cut_rows(10, "NIK")
    rows[0] |= {"SD": "?"}
    codes = [each.code for each in read(rows).problems if each.column is Column.NIK]
    assert codes == [CellProblem.LAST_DIGIT_LOST] * 10


def test_a_cut_number_keeps_the_fifteen_digits_that_are_right() -> None:
    assert without_last_digit("9901010101800000") == "990101010180000?"
