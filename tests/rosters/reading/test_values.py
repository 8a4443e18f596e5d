from datetime import date

import pytest

from casework.core.tables.reading.cells import Cell, text_of
from casework.rosters.reading import values
from casework.rosters.reading.errors import CellFault, CellProblem

TODAY = date(2026, 3, 1)
GOOD = "9901010101800001"


@pytest.mark.parametrize(
    "cell",
    [
        GOOD,
        f" {GOOD} ",
        f"'{GOOD}",
        f"''{GOOD}",
        "9901 0101 0180 0001",
        f'="{GOOD}"',
        f"\ufeff{GOOD}\u00a0",
    ],
)
def test_a_number_of_sixteen_digits_is_taken_in_any_dress(cell: str) -> None:
    assert values.personal_number(cell) == GOOD


def test_an_unknown_province_in_a_number_is_no_fault() -> None:
    assert values.personal_number("0099999999999999") == "0099999999999999"


@pytest.mark.parametrize(
    ("cell", "code", "params"),
    [
        ("", CellProblem.MISSING, {}),
        ("   ", CellProblem.MISSING, {}),
        ("990101010180001", CellProblem.WRONG_LENGTH, {"found": 15, "expected": 16}),
        ("99010101018000011", CellProblem.WRONG_LENGTH, {"found": 17, "expected": 16}),
        ("1,27503E+15", CellProblem.SCIENTIFIC, {}),
        ("1.27503E+15", CellProblem.SCIENTIFIC, {}),
        ("1.275e15", CellProblem.SCIENTIFIC, {}),
        ("9E+15", CellProblem.SCIENTIFIC, {}),
        ("99010101018O0001", CellProblem.NOT_DIGITS, {}),
        ("9901.0101.0180.0001", CellProblem.NOT_DIGITS, {}),
        ("٩٩٠١٠١٠١٠١٨٠٠٠٠١", CellProblem.NOT_DIGITS, {}),
        ("0000000000000000", CellProblem.ALL_ZERO, {}),
        ("1275030000000000", CellProblem.DIGITS_LOST, {}),
        ("'1275030000000000", CellProblem.DIGITS_LOST, {}),
        ("990101010180000?", CellProblem.LAST_DIGIT_LOST, {}),
        ("9901 0101 0180 000?", CellProblem.LAST_DIGIT_LOST, {}),
        ("99010101018000??", CellProblem.NOT_DIGITS, {}),
        ("99010101018000?", CellProblem.NOT_DIGITS, {}),
        (1.2750312345670001e15, CellProblem.NUMBER_CELL, {}),
        (9901010101800001, CellProblem.NUMBER_CELL, {}),
        (1.27503e15, CellProblem.NUMBER_CELL, {}),
        (1e300, CellProblem.NUMBER_CELL, {}),
        (990101010180001.0, CellProblem.WRONG_LENGTH, {"found": 15, "expected": 16}),
        (1.5, CellProblem.NOT_DIGITS, {}),
        (-5, CellProblem.NOT_DIGITS, {}),
        (float("nan"), CellProblem.NOT_DIGITS, {}),
        (date(1980, 1, 1), CellProblem.NOT_DIGITS, {}),
    ],
)
def test_a_damaged_number_is_refused_with_its_reason(
    cell: Cell, code: CellProblem, params: dict[str, int]
) -> None:
    with pytest.raises(CellFault) as caught:
        values.personal_number(cell)
    assert (caught.value.code, dict(caught.value.params)) == (code, params)


def test_a_number_that_only_ends_in_nine_zeros_is_taken() -> None:
    assert values.personal_number("9901011000000000") == "9901011000000000"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (GOOD, "9901********0001"),
        ("990101010180001", "9901*******0001"),
        ("99010101018O0001", "9901*******O0001"),
        ("12345", "*****"),
        ("1,27503E+15", "1,27503E+15"),
        (9901010101800001, "9901********0001"),
        ("IBU SITI", "IBU SITI"),
        ("", ""),
    ],
)
def test_a_refused_number_is_shown_only_as_far_as_its_fault_needs(cell: Cell, shown: str) -> None:
    assert values.masked(cell) == shown


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/01/1980", date(1980, 1, 31)),
        ("1/2/1980", date(1980, 2, 1)),
        ("31-01-1980", date(1980, 1, 31)),
        ("31.01.1980", date(1980, 1, 31)),
        ("1980-01-31", date(1980, 1, 31)),
        ("1980-01-31 00:00:00", date(1980, 1, 31)),
        ("29/02/1980", date(1980, 2, 29)),
        ("01/01/1900", date(1900, 1, 1)),
        ("01/03/2026", date(2026, 3, 1)),
        (date(1980, 1, 31), date(1980, 1, 31)),
        (29251, date(1980, 1, 31)),
        (29251.0, date(1980, 1, 31)),
        ("", None),
        ("-", None),
    ],
)
def test_birth_dates_are_read_in_the_ways_people_write_them(cell: Cell, day: date | None) -> None:
    assert values.birth_date(cell, today=TODAY) == day


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31/02/1980", CellProblem.IMPOSSIBLE_DATE),
        ("29/02/1981", CellProblem.IMPOSSIBLE_DATE),
        ("02/17/1980", CellProblem.IMPOSSIBLE_DATE),
        ("00/01/1980", CellProblem.IMPOSSIBLE_DATE),
        ("01/01/0000", CellProblem.IMPOSSIBLE_DATE),
        ("02/03/2026", CellProblem.FUTURE_DATE),
        (date(2026, 3, 2), CellProblem.FUTURE_DATE),
        ("31/12/1899", CellProblem.DATE_TOO_EARLY),
        ("31/01/80", CellProblem.NOT_A_DATE),
        ("tidak tahu", CellProblem.NOT_A_DATE),
        ("31/01-1980x", CellProblem.NOT_A_DATE),
        (19800131, CellProblem.NOT_A_DATE),
        (60, CellProblem.NOT_A_DATE),
        (-1, CellProblem.NOT_A_DATE),
        (float("nan"), CellProblem.NOT_A_DATE),
    ],
)
def test_impossible_birth_dates_are_refused(cell: Cell, code: CellProblem) -> None:
    with pytest.raises(CellFault) as caught:
        values.birth_date(cell, today=TODAY)
    assert caught.value.code is code


@pytest.mark.parametrize(
    ("cell", "number"),
    [("", 0), ("-", 0), ("0", 0), ("2", 2), ("02", 2), (" 3 ", 3), (2.0, 2), (2, 2), ("2,0", 2),
     ("2.00", 2), ("20", 20), (20, 20)],
)  # fmt: skip
def test_counts_of_members_are_read(cell: Cell, number: int) -> None:
    assert values.count(cell) == number


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("21", CellProblem.COUNT_TOO_HIGH),
        (750000, CellProblem.COUNT_TOO_HIGH),
        ("9" * 5000, CellProblem.COUNT_TOO_HIGH),
        ("-1", CellProblem.NOT_A_COUNT),
        (-1, CellProblem.NOT_A_COUNT),
        ("1.5", CellProblem.NOT_A_COUNT),
        (1.5, CellProblem.NOT_A_COUNT),
        ("ADA", CellProblem.NOT_A_COUNT),
        ("TRUE", CellProblem.NOT_A_COUNT),
    ],
)
def test_counts_that_cannot_be_are_refused(cell: Cell, code: CellProblem) -> None:
    with pytest.raises(CellFault) as caught:
        values.count(cell)
    assert caught.value.code is code


@pytest.mark.parametrize(
    ("cell", "written"),
    [("3", "003"), ("03", "003"), (3, "003"), (3.0, "003"), ("RT 3", "003"), ("RW.12", "012"),
     ("123", "123"), ("", ""), ("-", ""), ("'003", "003"), ("0", "000")],
)  # fmt: skip
def test_rt_and_rw_have_three_digits(cell: Cell, written: str) -> None:
    assert values.rt_rw(cell) == written


@pytest.mark.parametrize("cell", ["1234", "A", "3/4", -3, 1.5])
def test_what_is_no_rt_is_refused(cell: Cell) -> None:
    with pytest.raises(CellFault) as caught:
        values.rt_rw(cell)
    assert caught.value.code is CellProblem.NOT_RT_RW


@pytest.mark.parametrize("cell", ["", " ", "-", "123", "\u200b"])
def test_a_name_without_a_letter_is_missing(cell: Cell) -> None:
    with pytest.raises(CellFault) as caught:
        values.name(cell, limit=120)
    assert caught.value.code is CellProblem.MISSING


def test_a_text_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert values.short("x" * 120, limit=120) == "x" * 120
    with pytest.raises(CellFault) as caught:
        values.name("x" * 121, limit=120)
    assert (caught.value.code, dict(caught.value.params)) == (CellProblem.TOO_LONG, {"limit": 120})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  IBU \u00a0 SITI\u200b ", "IBU SITI"),
        ("'+62812", "+62812"),
        ("Ma'ruf", "Ma'ruf"),
        ("e\u0301", "\u00e9"),
        ("a\r\nb", "a b"),
        (3.0, "3"),
        (3.5, "3.5"),
        (date(1980, 1, 31), "31/01/1980"),
    ],
)
def test_text_is_cleaned_of_what_nobody_sees(cell: Cell, text: str) -> None:
    assert text_of(cell) == text
