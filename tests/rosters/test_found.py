"""Who is behind the figures of a check: families left out, new ones, changed ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from casework.access.actor import command_line
from casework.accounts.models import User
from casework.core.db import db
from casework.core.transaction import transaction
from casework.households.models import Household
from casework.households.rules import HouseholdStatus
from casework.rosters.actions import importing
from casework.rosters.models import RosterImport
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import GroupFactory, MembershipFactory
from tests.factories.places import BITUNG, NORTH_SULAWESI
from tests.factories.rosters import as_csv, nik, no_kk
from tests.fixtures.statements import Statements
from tests.rosters.files import FIRST, IN_BITUNG, SECOND, families, family, households, take_in

pytestmark = pytest.mark.usefixtures("villages")

LATER = SECOND
IN_MAASING = {"KELURAHAN": "MAASING", "KECAMATAN": "TUMINTING"}


def person(**traits: Any) -> User:
    with transaction():
        return UserFactory(**traits)


@pytest.fixture
def browser(client: FlaskClient, villages: None) -> FlaskClient:
    """Of the administrator of Kota Manado."""
    sign_in(client, person(administrator=True))
    return client


def upload(browser: FlaskClient, *rows: dict[str, object], stage: str = LATER) -> str:
    """The address of the check."""
    sent = {"stage": stage, "file": (BytesIO(as_csv(rows)), "FC.csv")}
    answer = browser.post("/rosters/import", data=sent)
    assert answer.status_code == 303, answer.text
    return answer.location


def listed(page: str) -> list[str]:
    """Names in the rows of a list."""
    return re.findall(r'<span class="row-title">([^<]*)</span>', page)


def missing(*rows: dict[str, object], stage: str = LATER) -> list[str]:
    """Names of whom a file would leave out, as a check says it."""
    checked = importing.check(importing.read(command_line(), as_csv(rows)), stage)
    found = [each for ids in checked.missing.values() for each in ids]
    assert checked.summary.missing == len(found)
    names = {row.id: row.caretaker_name for row in db.session.scalars(select(Household))}
    return [names[each].removeprefix("IBU CONTOH ") for each in found]


def set_status(name: str, status: HouseholdStatus) -> None:
    with transaction() as session:
        session.execute(
            update(Household)
            .where(Household.caretaker_name == f"IBU CONTOH {name}")
            .values(status=status)
        )


def test_whom_an_earlier_stage_named_and_this_file_does_not_is_missing() -> None:
    take_in(*families(3))
    assert missing(family(1), family(3)) == ["2"]
    assert not missing(*families(3))
    assert not missing(*families(4))


@pytest.mark.parametrize(
    ("row", "left_out"),
    [
        # By whichever number it names the family, and wherever it now lives.
        (family(902) | {"NO KK": no_kk(2)}, []),
        (family(2) | {"NO KK": no_kk(902)}, []),
        (family(2) | IN_MAASING, []),
        (family(2, **{"NAMA PENERIMA": "IBU LAIN"}), []),
        # A bad row names it too, as far as its numbers can be read.
        (family(2, SD="?"), []),
        (family(2, NIK="1,27503E+15"), []),
        (family(2) | {"NO KK": "12"}, []),
        (family(2, KELURAHAN="ENTAH"), []),
        (family(2) | {"NO KK": no_kk(1)}, []),
        (family(2, NIK="1,27503E+15") | {"NO KK": "12"}, ["2"]),
        (family(902), ["2"]),
    ],
)
def test_a_row_names_a_family_however_bad_it_is(
    row: dict[str, object], left_out: list[str]
) -> None:
    take_in(*families(2))
    assert missing(family(1), row) == left_out


@pytest.mark.parametrize(
    ("status", "left_out"),
    [
        (HouseholdStatus.ACTIVE, ["2"]),
        (HouseholdStatus.APPROVED, ["2"]),
        (HouseholdStatus.GRADUATED, []),
        (HouseholdStatus.EXITED, []),
        (HouseholdStatus.MOVED, []),
    ],
)
def test_who_has_left_the_programme_is_not_missing(
    status: HouseholdStatus, left_out: list[str]
) -> None:
    take_in(*families(2))
    set_status("2", status)
    assert missing(family(1)) == left_out


def test_only_villages_that_the_file_names_are_looked_at() -> None:
    take_in(family(1), family(2), family(3) | IN_MAASING, family(4) | IN_BITUNG)
    assert missing(family(1)) == ["2"]
    assert missing(family(901) | IN_MAASING) == ["3"]
    assert missing(family(1), family(902) | IN_BITUNG) == ["2", "4"]


def test_a_stage_that_comes_in_two_files_leaves_out_whom_neither_names() -> None:
    take_in(*families(3))
    take_in(family(1), stage=LATER)
    assert missing(family(2)) == ["3"]


def test_an_older_roster_misses_nobody_whom_a_later_one_named() -> None:
    take_in(*families(2), stage=LATER)
    assert not missing(family(1), stage=FIRST)


def test_those_missing_since_this_stage_come_first() -> None:
    take_in(family(1), stage="2025-1")
    take_in(family(2), family(5), stage="2025-4")
    take_in(family(3) | IN_MAASING, family(4))
    assert missing(family(9), family(10) | IN_MAASING) == ["4", "3", "2", "5", "1"]


def test_the_check_says_how_many_and_who(browser: FlaskClient) -> None:
    take_in(*families(3))
    melati = {each.caretaker_name: each for each in households()}["IBU CONTOH 2"]
    with transaction():
        MembershipFactory(household=melati, group=GroupFactory(name="Melati"))
    address = upload(browser, family(1))
    page = browser.get(address).text
    assert "Tidak ada di daftar ini" in page
    assert "2 keluarga penerima PKH di desa pada berkas ini tidak ada di dalamnya." in page
    assert "Impor tidak mengubah apa pun pada mereka." in page
    assert f'href="{address}/missing"' in page
    found = browser.get(f"{address}/missing").text
    assert listed(found) == ["IBU CONTOH 2", "IBU CONTOH 3"]
    assert f"Melati · Molas · terakhir di tahap {FIRST}" in found
    assert "Tanpa kelompok · Molas" in found
    assert f'href="/households/{melati.id}"' in found
    assert "1–2 dari 2" in found
    assert nik(2) not in found


def test_the_list_stays_after_the_file_is_applied(browser: FlaskClient) -> None:
    take_in(*families(3))
    before = [(each.id, each.updated_at, each.status) for each in households()[1:]]
    address = upload(browser, family(1))
    browser.post(address)
    assert f'href="{address}/missing"' in browser.get(address).text
    assert listed(browser.get(f"{address}/missing").text) == ["IBU CONTOH 2", "IBU CONTOH 3"]
    assert [(each.id, each.updated_at, each.status) for each in households()[1:]] == before


def test_nobody_missing_is_a_figure_without_a_list(browser: FlaskClient) -> None:
    take_in(*families(2))
    address = upload(browser, *families(2))
    page = browser.get(address).text
    assert "Tidak ada di daftar ini" in page
    assert "tidak ada di dalamnya" not in page
    assert "/missing" not in page
    assert browser.get(f"{address}/missing").status_code == 404


def test_a_check_of_before_says_nothing_of_the_missing(browser: FlaskClient) -> None:
    address = upload(browser, *families(2))
    with transaction() as session:
        row = session.scalars(select(RosterImport)).one()
        row.summary = {name: n for name, n in row.summary.items() if name != "missing"}
        row.missing = None
    assert "Tidak ada di daftar ini" not in browser.get(address).text
    assert browser.get(f"{address}/missing").status_code == 404


def test_lists_are_paged(browser: FlaskClient, statements: Statements) -> None:
    take_in(*families(120))
    address = upload(browser, family(901))
    seen: list[str] = []
    url = f"{address}/missing"
    counted = set()
    for words in ("1–50 dari 120", "51–100 dari 120", "101–120 dari 120"):
        statements.reset()
        page = browser.get(url).text
        counted.add(statements.count)
        assert words in page
        seen += listed(page)
        onward = re.search(r'href="([^"]*)" rel="next"', page)
        url = onward.group(1) if onward else ""
    assert not url
    assert len(set(seen)) == len(seen) == 120
    assert len(counted) == 1
    for odd in ("-1", "x", "120", "99999999999999999999"):
        assert "1–50 dari 120" in browser.get(f"{address}/missing?after={odd}").text


def test_only_the_uploader_sees_the_lists_and_only_what_is_hers(
    browser: FlaskClient, app: Flask
) -> None:
    take_in(*families(2), family(3) | IN_BITUNG, family(4) | IN_BITUNG)
    mine = person(administrator=True, region=NORTH_SULAWESI)
    province = app.test_client()
    sign_in(province, mine)
    address = upload(province, family(1), family(3) | IN_BITUNG)
    pages = ("missing", "new", "changed")
    assert {browser.get(f"{address}/{page}").status_code for page in pages} == {404}
    assert listed(province.get(f"{address}/missing").text) == ["IBU CONTOH 2", "IBU CONTOH 4"]
    with transaction() as session:
        session.execute(update(User).where(User.id == mine.id).values(region_code=BITUNG))
    assert listed(province.get(f"{address}/missing").text) == ["IBU CONTOH 4"]


@pytest.mark.parametrize("role", ["supervisor", "viewer", "facilitator"])
def test_only_administrators_see_the_lists(browser: FlaskClient, app: Flask, role: str) -> None:
    take_in(*families(2))
    address = upload(browser, family(1))
    other = app.test_client()
    sign_in(other, person(**({} if role == "facilitator" else {role: True})))
    for page in ("missing", "new", "changed"):
        assert other.get(f"{address}/{page}").status_code == 404


def test_new_families_are_listed_until_the_file_is_applied(browser: FlaskClient) -> None:
    take_in(family(1), family(8) | IN_BITUNG)
    address = upload(browser, family(3), family(1), family(2) | IN_MAASING, family(8))
    assert f'href="{address}/new"' in browser.get(address).text
    page = browser.get(f"{address}/new").text
    rows = re.findall(r"Baris (\d+)</th>.*?<td[^>]*>([^<]*)</td>.*?<td[^>]*>([^<]*)<", page)
    assert rows == [
        ("2", "IBU CONTOH 3", "Molas"),
        ("4", "IBU CONTOH 2", "Maasing"),
        ("5", "IBU CONTOH 8", "Molas"),
    ]
    assert page.count("Pindah ke sini") == 1
    browser.post(address)
    assert f"{address}/new" not in browser.get(address).text
    assert browser.get(f"{address}/new").status_code == 404


def test_changed_families_are_listed_with_what_changes(browser: FlaskClient) -> None:
    take_in(*families(3))
    address = upload(
        browser, family(1), family(2) | IN_MAASING | {"NO KK": no_kk(902), "SD": "4"}, family(3)
    )
    assert f'href="{address}/changed"' in browser.get(address).text
    page = browser.get(f"{address}/changed").text
    assert listed(page) == ["IBU CONTOH 2", "IBU CONTOH 1", "IBU CONTOH 3"]
    assert "Molas · NO KK, SD, KELURAHAN" in page
    assert page.count("hanya tahapnya") == 2
    assert not {nik(2), no_kk(2), no_kk(902)} & set(re.findall(r"\d{16}", page))
    browser.post(address)
    assert browser.get(f"{address}/changed").status_code == 404


def test_a_file_that_is_no_longer_kept_has_no_lists_of_its_rows(browser: FlaskClient) -> None:
    take_in(family(1))
    address = upload(browser, *families(2))
    with transaction() as session:
        session.execute(update(RosterImport).values(content_sealed=None))
    page = browser.get(address).text
    for name in ("new", "changed"):
        assert f"{address}/{name}" not in page
        assert browser.get(f"{address}/{name}").status_code == 404


def test_the_command_says_how_many_are_missing(
    run_command: Callable[..., Result],
    file: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    take_in(*families(3))
    one = file(as_csv([family(1)]))
    words = "Tidak ada di daftar ini: 2 keluarga di desa yang sama"
    for options in (["--dry-run"], []):
        result = run_command("roster", "import", one, "--stage", LATER, *options)
        assert words in result.output
        assert "Data mereka tidak diubah." in result.output
    everybody = file(as_csv(families(3)))
    result = run_command("roster", "import", everybody, "--stage", LATER)
    assert "Tidak ada di daftar ini" not in result.output
