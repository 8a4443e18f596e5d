"""`flask roster numbers`: the registry of NIK held to the households, and mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.transaction import transaction
from casework.households.models import Household, RegisteredNik
from casework.households.rules import HouseholdStatus
from tests.factories.households import HouseholdFactory
from tests.factories.places import BITUNG, PAUDEAN, area_of
from tests.rosters.files import (
    FIRST,
    IN_BITUNG,
    SECOND,
    family,
    registry_differences,
    take_in,
    trail,
)

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def entries() -> set[tuple[bytes, int, object]]:
    db.session.rollback()
    query = select(RegisteredNik.nik_index, RegisteredNik.area_id, RegisteredNik.household_id)
    return {tuple(row) for row in db.session.execute(query)}


def test_after_rosters_and_a_move_there_is_nothing_to_say(villages: None, run_command: Run) -> None:
    take_in(family(1), family(2))
    take_in(family(1) | IN_BITUNG, stage=SECOND)
    result = run_command("roster", "numbers", "--check")
    assert result.exit_code == 0
    assert "Buku NIK sesuai dengan data keluarga." in result.output


def test_a_registry_that_was_lost_is_made_again_as_it_was(villages: None, run_command: Run) -> None:
    take_in(family(1), family(2), family(3))
    take_in(family(1) | IN_BITUNG, stage=SECOND)
    before = entries()
    with transaction() as session:
        session.execute(delete(RegisteredNik))
    check = run_command("roster", "numbers", "--check")
    assert check.exit_code == 1
    assert check.output.count("belum tercatat") == 3
    assert entries() == set()
    mended = run_command("roster", "numbers")
    assert mended.exit_code == 0
    assert "3 catatan diperbaiki." in mended.output
    assert entries() == before
    (entry,) = trail(Tag.NUMBERS_REBUILT)
    assert entry.data == {"differences": 3}
    assert "0 catatan diperbaiki." in run_command("roster", "numbers").output


def test_an_entry_of_nobody_or_of_another_is_found(villages: None, run_command: Run) -> None:
    take_in(family(1), family(2))
    one, other = db.session.scalars(select(Household).order_by(Household.caretaker_name)).all()
    ids, indexes = (one.id, other.id), (one.nik_index, other.nik_index)
    area_id = one.area_id
    before = entries()
    with transaction() as session:
        session.execute(
            update(RegisteredNik)
            .where(RegisteredNik.nik_index == indexes[0])
            .values(household_id=ids[1])
        )
        session.execute(
            insert(RegisteredNik).values(nik_index=b"n" * 16, area_id=area_id, household_id=ids[0])
        )
    check = run_command("roster", "numbers", "--check")
    assert check.exit_code == 1
    assert check.output.count("sudah tidak ada") == 2
    assert check.output.count("belum tercatat") == 1
    assert run_command("roster", "numbers").exit_code == 0
    assert entries() == before


def test_families_that_share_a_number_are_named_and_left(
    db_session: Session, run_command: Run
) -> None:
    """As they may have been before there was a registry."""
    with transaction() as session:
        HouseholdFactory(nik="9901000000000001", last_stage=FIRST)
        session.execute(delete(RegisteredNik))
        later = HouseholdFactory(nik="9901000000000001", village=PAUDEAN, last_stage=SECOND)
        session.execute(delete(RegisteredNik))
    later_id = later.id
    result = run_command("roster", "numbers")
    assert result.exit_code == 1
    assert result.output.count("belum tercatat") == 1
    ((_index, area_id, household_id),) = entries()
    assert (area_id, household_id) == (area_of(BITUNG), later_id)
    assert len(registry_differences()) == 1


def test_households_from_before_the_registry_are_entered_by_the_migration(own_app: Flask) -> None:
    with own_app.app_context():
        with transaction() as session:
            HouseholdFactory(nik="9901000000000001", last_stage=FIRST)
            session.execute(delete(RegisteredNik))
            later = HouseholdFactory(nik="9901000000000001", village=PAUDEAN)
            later.last_stage = SECOND
            alone = HouseholdFactory(nik="9901000000000002")
            session.flush()
            session.execute(delete(RegisteredNik))
        ids = {later.id, alone.id}
        db.session.remove()
        downgrade(revision="0001")
        upgrade()
        registered = set(db.session.scalars(select(RegisteredNik.household_id)))
        assert registered == ids
        active = select(func.count()).where(Household.status == HouseholdStatus.ACTIVE)
        assert db.session.scalar(active) == 3
        assert db.session.get_one(RegisteredNik, alone.nik_index).area_id == alone.area_id
