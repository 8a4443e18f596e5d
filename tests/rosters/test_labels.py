import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from casework.core.tables.labels import file_fault_words
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.rosters import labels
from casework.rosters.reading.columns import Column
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.rows import RowProblem
from casework.translations.catalogue import FOLDER, compile_all

#: What a problem of each code brings along.
PARAMS: dict[CellProblem, dict[str, object]] = {
    CellProblem.TOO_LONG: {"limit": 300},
    CellProblem.WRONG_LENGTH: {"found": 15, "expected": 16},
    CellProblem.DATE_TOO_EARLY: {"year": 1900},
    CellProblem.COUNT_TOO_HIGH: {"limit": 20},
    CellProblem.TWICE_IN_FILE: {"rows": "12, 90"},
    CellProblem.SAME_HOUSEHOLD: {"row": 12},
    CellProblem.KNOWN_ELSEWHERE: {"regency": "Kota Bitung"},
    CellProblem.AMBIGUOUS_PLACE: {"codes": "94.01.01.2002, 94.01.01.2003"},
    CellProblem.CODE_CONTRADICTS_NAME: {"name": "Molas"},
}
FAULT_PARAMS: dict[FileFault, dict[str, object]] = {
    FileFault.TOO_LARGE: {"limit": 20},
    FileFault.TOO_MANY_ROWS: {"limit": 100_000},
    FileFault.NO_ROWS: {"row": 1},
    FileFault.BROKEN_QUOTES: {"row": 48},
    FileFault.UNPACKS_TOO_LARGE: {"limit": 100},
    FileFault.TOO_MANY_PARTS: {"limit": 200},
    FileFault.NO_HEADER: {"within": 20, "columns": ("NAMA PENERIMA", "NIK", "NO KK")},
    FileFault.MISSING_COLUMNS: {"columns": ("NIK", "NO KK"), "row": 3},
    FileFault.COLUMN_TWICE: {"column": "NIK", "row": 3},
}


@pytest.fixture(scope="module", autouse=True)
def translated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """These words alone, so that a slip in another catalogue fails only where it belongs."""
    folder = tmp_path_factory.mktemp("translations")
    (folder / "id").mkdir()
    for feature in ("rosters", "tables"):
        shutil.copy(FOLDER / "id" / f"{feature}.po", folder / "id")
    compile_all(folder)
    app = Flask("casework")
    Babel(app, default_locale="id", default_translation_directories=str(folder))
    with app.app_context():
        yield


def problem(code: CellProblem, **params: object) -> RowProblem:
    return RowProblem(48, Column.NIK, "NIK", "9901*******0001", code, params)


def test_a_problem_is_told_in_both_languages() -> None:
    words = labels.problem_words(problem(CellProblem.WRONG_LENGTH, found=15, expected=16))
    assert (words.row, words.column, words.value) == (48, "NIK", "9901*******0001")
    assert str(words.reason) == "15 angka, seharusnya 16."
    assert str(words.sentence) == "Baris 48, kolom NIK: 15 angka, seharusnya 16."
    with force_locale("en"):
        assert str(words.sentence) == "Row 48, column NIK: 15 digits, should be 16."


def test_one_digit_is_told_in_the_singular() -> None:
    words = labels.problem_words(problem(CellProblem.WRONG_LENGTH, found=1, expected=16))
    with force_locale("en"):
        assert str(words.reason) == "1 digit, should be 16."


@pytest.mark.parametrize("code", CellProblem)
def test_every_problem_has_words_in_both_languages(code: CellProblem) -> None:
    words = labels.problem_words(problem(code, **PARAMS.get(code, {})))
    indonesian = str(words.sentence)
    assert indonesian.startswith("Baris 48, kolom NIK: ")
    assert "%(" not in indonesian
    for value in PARAMS.get(code, {}).values():
        assert str(value) in indonesian
    with force_locale("en"):
        assert str(words.reason) not in indonesian


@pytest.mark.parametrize("fault", FileFault)
def test_every_fault_of_a_file_has_words_in_both_languages(fault: FileFault) -> None:
    words = file_fault_words(UnreadableFile(fault, **FAULT_PARAMS.get(fault, {})))
    indonesian = str(words)
    assert "%(" not in indonesian
    with force_locale("en"):
        assert str(words) != indonesian


def test_a_suggestion_is_put_as_a_question() -> None:
    unknown = RowProblem(
        3, Column.VILLAGE, "DESA", "MOLLAS", CellProblem.UNKNOWN_PLACE, {"suggestion": "Molas"}
    )
    assert str(labels.problem_words(unknown).reason) == (
        "“MOLLAS” tidak dikenal di wilayah ini. Maksud Anda Molas?"
    )


def test_a_value_that_looks_like_a_placeholder_is_only_a_value() -> None:
    unknown = RowProblem(3, Column.VILLAGE, "%(row)s", "100% %(x)s", CellProblem.UNKNOWN_PLACE)
    assert str(labels.problem_words(unknown).sentence) == (
        "Baris 3, kolom %(row)s: “100% %(x)s” tidak dikenal di wilayah ini."
    )


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    words = file_fault_words(UnreadableFile(FileFault.TOO_MANY_ROWS, limit=100_000))
    assert str(words).startswith("Berkas lebih dari 100.000 baris.")
    with force_locale("en"):
        assert "100,000" in str(words)


def test_missing_columns_are_listed() -> None:
    error = UnreadableFile(FileFault.MISSING_COLUMNS, columns=("NIK", "NO KK"), row=3)
    assert str(file_fault_words(error)) == "Judul kolom di baris 3 kurang: NIK, NO KK."
