"""Where a table of places shows what is still missing, the largest gap stands first."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.core.transaction import transaction
from casework.counts.rules import gap_order
from tests.counts.counting import (
    YEAR,
    as_of_today,
    count_households,
    set_target,
)
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import BITUNG, MANADO, NORTH_SULAWESI, ensure_region

pytestmark = pytest.mark.usefixtures("november")

#: A city of North Sulawesi, whose code comes after those of the others.
TOMOHON = "71.73"


@pytest.fixture
def administrator(db_session: Session) -> User:
    """Of a province with a gap of 1 in Manado, 98 in Bitung, and no target in Tomohon."""
    with transaction():
        for code in (MANADO, BITUNG, TOMOHON):
            ensure_region(code)
        person: User = UserFactory(administrator=True, region_code=NORTH_SULAWESI)
    for code, counted, target in ((MANADO, 29, 30), (BITUNG, 2, 100)):
        count_households(code, counted)
        set_target(code, target)
    count_households(TOMOHON, 5)
    return person


def lines_of(page: str, table: str) -> list[list[str]]:
    found = re.search(rf'id="{table}-caption".*?</table>', page, re.S)
    assert found is not None
    rows = re.findall(r'<tr role="row">.*?</tr>', found[0], re.S)[1:]
    cells = r"<t[hd][^>]*>(.*?)</t[hd]>"
    return [
        [re.sub(r"<[^>]*>", "", each).strip() for each in re.findall(cells, row, re.S)]
        for row in rows
    ]


@pytest.mark.parametrize(
    ("address", "table", "cells"),
    [
        (f"/national?region={NORTH_SULAWESI}", "exact", [["2", "98"], ["29", "1"], ["5", "–"]]),
        (
            f"/targets?region={NORTH_SULAWESI}&year={YEAR}",
            "regions",
            [["2", "98", "100"], ["29", "1", "30"], ["5", "–", "–"]],
        ),
    ],
)
def test_so_they_do_for_whoever_works_there(
    administrator: User, client: FlaskClient, address: str, table: str, cells: list[list[str]]
) -> None:
    sign_in(client, administrator)
    page = client.get(address).text
    lines = lines_of(page, table)
    assert [line[1:] for line in lines] == cells
    assert "Yang kekurangannya paling besar ada di atas." in page
    # Its kind, state and day stand beneath.
    assert f"Graduasi mandiri. Disetujui Supervisor. Dihitung sampai {as_of_today()[4:]}." in page


def test_the_command_line_lists_them_by_code(
    administrator: User, run_command: Callable[..., Any]
) -> None:
    result = run_command("counts", "show", "--year", YEAR, "--region", NORTH_SULAWESI)
    assert [line[:5] for line in result.output.splitlines()[2:]] == [MANADO, BITUNG, TOMOHON]


def test_without_a_target_and_at_the_same_gap_the_code_decides() -> None:
    places = [(None, "11"), (0, "13"), (7, "12"), (None, "10"), (7, "09")]
    assert sorted(places, key=lambda each: gap_order(*each)) == [
        (7, "09"),
        (7, "12"),
        (0, "13"),
        (None, "10"),
        (None, "11"),
    ]
