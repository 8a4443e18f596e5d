"""What the page and the paper say of a roster file is what the reader of it holds."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from casework.core.transaction import transaction
from casework.rosters.reading.columns import ALIASES, Column, Need, need
from casework.rosters.reading.example import EXAMPLE
from tests.architecture.sources import ROOT
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.rosters import as_csv
from tests.rosters.files import households
from tests.rosters.test_import_page import send

pytestmark = pytest.mark.usefixtures("villages")


@pytest.fixture
def browser(client: FlaskClient, villages: None) -> FlaskClient:
    with transaction():
        administrator = UserFactory(administrator=True)
    sign_in(client, administrator)
    return client


def row(without: tuple[Column, ...] = ()) -> dict[str, object]:
    """The example, as a file has it."""
    return {ALIASES[each][0]: text for each, text in EXAMPLE.items() if each not in without}


def told(page: str) -> str:
    """The folded part of the page, as one reads it."""
    (part,) = re.findall(r'<details class="more">\s*<summary>Kolom berkas.*?</details>', page, re.S)
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())


def test_each_column_that_is_read_is_named_with_its_need_and_an_example(
    browser: FlaskClient,
) -> None:
    words = {
        Need.ALWAYS: "Wajib",
        Need.WITHOUT_CODE: "Wajib jika tidak ada KODE WILAYAH",
        Need.OPTIONAL: "Dibaca jika ada",
    }
    page = told(browser.get("/rosters/import").text)
    for column, names in ALIASES.items():
        assert f" {names[0]} {words[need(column)]} {EXAMPLE[column]}" in page, column


def test_the_example_is_a_file_that_can_be_applied(browser: FlaskClient) -> None:
    checked = send(browser, as_csv([row()]))
    assert checked.status_code == 303, checked.text
    page = browser.get(checked.location).text
    assert "Terapkan" in page
    assert households() == []


@pytest.mark.parametrize("column", list(Column))
def test_a_file_without_a_column_is_refused_where_it_is_called_obligatory(
    browser: FlaskClient, column: Column
) -> None:
    code = (Column.VILLAGE_CODE,)
    for without, is_needed in (
        ((column,), need(column) is Need.ALWAYS),
        ((column, *code), need(column) is not Need.OPTIONAL),
    ):
        answer = send(browser, as_csv([row(without)]))
        assert answer.status_code == (422 if is_needed else 303), without
        if is_needed:
            assert ALIASES[column][0] in answer.text


def test_the_readme_leads_to_the_columns() -> None:
    assert "(docs/roster-file.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_number_of_the_example_is_a_real_one() -> None:
    assert EXAMPLE[Column.NIK].startswith("99")
    assert EXAMPLE[Column.NO_KK].startswith("99")
