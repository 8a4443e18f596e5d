"""Rosters applied by people: within their region, once, also when two do it at once."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from flask import Flask

from casework.access.actor import Actor
from casework.core.errors import Refused
from casework.core.transaction import transaction
from casework.rosters.actions import importing
from casework.rosters.reading.errors import CellProblem
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.places import BUNAKEN
from tests.factories.rosters import as_csv
from tests.fixtures.statements import Statements
from tests.rosters.files import IN_BITUNG, families, family, households

pytestmark = pytest.mark.usefixtures("villages")


@pytest.fixture
def administrator(villages: None) -> Actor:
    """Of Kota Manado."""
    with transaction():
        return actor_for(UserFactory(administrator=True))


def apply(actor: Actor, data: bytes, *, skip_bad: bool = False) -> importing.Check:
    roster = importing.read(actor, data)
    with transaction():
        return importing.apply(
            actor, roster, "2026-1", sha256=importing.fingerprint(data), skip_bad=skip_bad
        )


def test_another_region_s_village_is_as_unknown_as_one_that_never_was(
    administrator: Actor,
) -> None:
    nowhere = {"KELURAHAN": "NIHIL", "KECAMATAN": "NIHIL", "KABUPATEN": "KOTA NIHIL"}
    data = as_csv([family(1) | IN_BITUNG, family(2) | nowhere])
    elsewhere, absent = importing.read(administrator, data).problems
    assert elsewhere.code is absent.code is CellProblem.UNKNOWN_PLACE
    assert (elsewhere.column, dict(elsewhere.params)) == (absent.column, dict(absent.params))


@pytest.mark.parametrize("code", ["71.72.01.1002", "71.72.99.1002"])
def test_another_region_s_code_is_as_unknown_as_one_that_never_was(
    administrator: Actor, code: str
) -> None:
    data = as_csv([family(1) | {"KODE WILAYAH": code}])
    (problem,) = importing.read(administrator, data).problems
    assert (problem.code, dict(problem.params)) == (CellProblem.UNKNOWN_CODE, {})


def test_who_sees_a_part_of_a_regency_cannot_apply_its_roster(villages: None) -> None:
    with transaction():
        actor = actor_for(UserFactory(administrator=True, region=BUNAKEN))
    with pytest.raises(Refused):
        importing.read(actor, as_csv(families(1)))


def test_two_who_apply_at_once_do_not_double_a_household(administrator: Actor, app: Flask) -> None:
    data = as_csv(families(30))
    ready, found = Barrier(2), []

    def run() -> None:
        with app.app_context():
            roster = importing.read(administrator, data)
            ready.wait(10)
            with transaction():
                found.append(
                    importing.apply(
                        administrator, roster, "2026-1", sha256=b"x" * 32, skip_bad=False
                    ).summary
                )

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted((each.added, each.unchanged) for each in found) == [(0, 30), (30, 0)]
    assert len(households()) == 30


def test_statements_do_not_grow_with_the_rows(administrator: Actor, statements: Statements) -> None:
    counted = []
    for rows in (families(3), families(40)):
        statements.reset()
        apply(administrator, as_csv(rows))
        counted.append(statements.count)
    assert counted[0] == counted[1]
