"""Rows handed back: mended in one cell, they must not pass with another that is still damaged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.core import clock
from casework.core.errors import Invalid
from casework.core.transaction import transaction
from casework.rosters.actions.importing import Check, check_stage
from casework.rosters.bad_rows import bad_rows_csv
from casework.rosters.reading.columns import Column
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.places import VillageIndex
from casework.rosters.reading.roster import Roster, read_roster
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.regions import REGIONS
from tests.factories.rosters import as_csv, as_xlsx, final_closing_row, nik
from tests.rosters.files import FIRST, family, households

INDEX = VillageIndex(REGIONS)


@pytest.fixture
def words() -> Iterator[None]:
    """Enough of an application to give reasons, without a database."""
    app = Flask("casework")
    Babel(app)
    with app.app_context():
        yield


#: What says that digits of a number are gone for good.
DAMAGED = {CellProblem.SCIENTIFIC, CellProblem.NUMBER_CELL, CellProblem.DIGITS_LOST}

#: As a workbook holds them.
CELLS: list[tuple[object, str]] = [
    (9901020000000000, "9,90102E+15"),
    (9.90102e15, "9,90102E+15"),
    # Fifteen digits that survived look like a number that nobody ever gave.
    (9901020304050600, "9,90102E+15"),
    (9901020304050601, "9,90102E+15"),
    (9900000000000000, "9,9E+15"),
    (1000000000000000, "1E+15"),
    (9999999999999999, "1E+16"),
    (12345678901234567, "1,23457E+16"),
    (1e300, "1E+300"),
    ("9901020000000000", "'9901020000000000"),
    ("9,90102E+15", "9,90102E+15"),
    ("9.90102E+15", "9.90102E+15"),
]


def read(data: bytes) -> Roster:
    return read_roster(data, resolver=INDEX, today=date(2026, 3, 1))


def handed_back(roster: Roster) -> bytes:
    return b"".join(bad_rows_csv(Check(FIRST, roster, (), roster.bad_rows)))


def cell_of(data: bytes, column: str) -> str:
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    return row[column]


def codes(roster: Roster, column: Column) -> set[CellProblem]:
    return {problem.code for problem in roster.problems if problem.column is column}


@pytest.mark.parametrize("column", ["NIK", "NO KK"])
@pytest.mark.parametrize(("cell", "written"), CELLS)
def test_a_damaged_number_comes_back_as_excel_shows_it(
    words: None, column: str, cell: object, written: str
) -> None:
    data = handed_back(read(as_xlsx([final_closing_row(1) | {column: cell}])))
    assert cell_of(data, column) == written


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize("cell", [cell for cell, _written in CELLS])
def test_what_lost_digits_is_refused_again_when_another_cell_is_mended(
    words: None, cell: object, write: Any
) -> None:
    if write is as_csv and not isinstance(cell, str):
        cell = f"{cell:.5E}".replace(".", ",")  # as Excel writes the cell to a CSV file
    first = read(write([final_closing_row(1, NIK=cell, HAMIL="banyak")]))
    mended = handed_back(first).replace(b"banyak", b"1")
    again = read(mended)
    assert codes(first, Column.NIK) <= DAMAGED
    assert codes(again, Column.NIK) <= DAMAGED
    assert [problem.column for problem in again.problems] == [Column.NIK]


@settings(
    # 50, or 1000 with `--hypothesis-profile nightly`: each writes and reads three workbooks.
    max_examples=settings.default.max_examples // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.integers(10**15, 10**18),
        st.floats(1e15, 1e300),
        st.integers(1, 10**6 - 1).map(lambda head: f"{head:06d}0000000000"),
        st.from_regex(r"\A[0-9][.,][0-9]{1,8}E\+1[5-9]\Z"),
    )
)
def test_no_way_round_makes_a_damaged_number_whole(words: None, cell: object) -> None:
    first = read(as_xlsx([final_closing_row(1, NIK=cell)]))
    assert codes(first, Column.NIK) & DAMAGED
    twice = read(handed_back(first))
    assert codes(twice, Column.NIK) & DAMAGED
    assert codes(read(handed_back(twice)), Column.NIK) == codes(twice, Column.NIK)


@pytest.mark.parametrize(
    ("cell", "written"),
    [(3, "3"), (2.0, "2"), (1.5, "1,5"), (750000, "750000"), (999999999999999, "999999999999999")],
)
def test_other_numbers_come_back_as_they_were(words: None, cell: object, written: str) -> None:
    row = final_closing_row(1, NIK="1", NOMINAL=cell)
    assert cell_of(handed_back(read(as_xlsx([row]))), "NOMINAL") == written


CUT = [final_closing_row(n, NIK=nik(n * 10)) for n in range(1, 13)]


@pytest.mark.parametrize("kept", [12, 10, 9, 1])
@pytest.mark.parametrize(
    "dress", [str, lambda number: f'="{number}"', lambda number: f"{number[:4]} {number[4:]}"]
)
def test_a_number_cut_with_its_column_is_refused_alone_too(
    words: None, kept: int, dress: Callable[[str], str]
) -> None:
    rows = [row | {"NIK": dress(str(row["NIK"]))} for row in CUT]
    header, *lines = handed_back(read(as_csv(rows))).splitlines(keepends=True)
    assert len(lines) == 12
    again = read(b"".join([header, *lines[:kept]]))
    assert [each.code for each in again.problems] == [CellProblem.LAST_DIGIT_LOST] * kept
    assert cell_of(header + lines[0], "NIK") == "990100000000001?"
    assert handed_back(again).splitlines()[1:] == [line.strip() for line in lines[:kept]]


def test_the_last_digit_of_a_cut_number_can_be_typed_again(words: None) -> None:
    mended = handed_back(read(as_csv(CUT))).replace(b"?", b"3")
    assert [row.nik for row in read(mended).rows] == [nik(n * 10 + 3) for n in range(1, 13)]


DAMAGED_ROWS = [family(1), family(2, NIK=9901020304050600, HAMIL="banyak")]


@pytest.mark.usefixtures("villages")
def test_the_command_hands_back_what_it_refuses_again(
    run_command: Callable[..., Result], file: Callable[..., Path], tmp_path: Path
) -> None:
    bad = tmp_path / "salah.csv"
    path = file(as_xlsx(DAMAGED_ROWS), "FC.xlsx")
    run_command("roster", "import", path, "--stage", FIRST, "--skip-bad", "--bad-rows", bad)
    bad.write_bytes(bad.read_bytes().replace(b"banyak", b"1"))
    again = run_command("roster", "import", bad, "--stage", FIRST)
    assert again.exit_code == 1
    assert "kolom NIK: nomor ini sudah dipotong Excel" in again.output
    assert len(households()) == 1


@pytest.mark.usefixtures("villages")
def test_the_page_hands_back_what_it_refuses_again(client: FlaskClient) -> None:
    with transaction():
        administrator = UserFactory(administrator=True)
    sign_in(client, administrator)

    def send(data: bytes, name: str) -> str:
        upload = {"stage": FIRST, "file": (io.BytesIO(data), name)}
        return client.post("/rosters/import", data=upload).location

    bad = client.get(f"{send(as_xlsx(DAMAGED_ROWS), 'FC.xlsx')}/bad-rows.csv").data
    assert b"9,90102E+15" in bad
    page = client.get(send(bad.replace(b"banyak", b"1"), "FC-salah.csv")).text
    assert "nomor ini sudah dipotong Excel" in page
    assert nik(1) not in page


@pytest.mark.parametrize(
    ("today", "stage", "is_taken"),
    [
        (date(2026, 11, 30), "2027-1", True),
        (date(2026, 11, 30), "2027-2", False),
        (date(2026, 11, 30), "2062-4", False),
        (date(2026, 12, 31), "2027-1", True),
        (date(2027, 1, 1), "2027-2", True),
        (date(2026, 11, 30), "2019-1", True),
    ],
)
def test_a_roster_is_for_the_next_stage_at_the_latest(
    today: date, stage: str, is_taken: bool
) -> None:
    """All that came after one of 2062 would be older than it."""
    with clock.at(datetime(today.year, today.month, today.day, 12, tzinfo=UTC)):
        if is_taken:
            check_stage(stage)
        else:
            with pytest.raises(Invalid) as refused:
                check_stage(stage)
            assert list(refused.value.fields) == ["stage"]
