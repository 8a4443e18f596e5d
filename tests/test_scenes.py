"""What is put back is what playing it leaves, and whatever would differ is played."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Refused
from casework.core.transaction import transaction
from casework.graduation.states import NominationStatus
from casework.households.rules import HouseholdStatus
from casework.web.uploads import UPLOADING
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.graduation import (
    COMES_AFTER,
    DECISION_TO,
    REASON,
    Cast,
    cast,
    decide,
    nominate,
    state_of,
)
from tests.fixtures.application import empty_tables
from tests.scenes import Stage, scene
from tests.table_rows import Content, read

S = NominationStatus
MOMENT = datetime(2026, 11, 12, 4, tzinfo=UTC)

#: Names of the factories below, each time one is played.
played: list[str] = []


@scene
def family_of(status: S, name: str = "Ibu Aminah") -> tuple[Cast, uuid.UUID]:
    played.append("family")
    people = cast(caretaker_name=name)
    return people, nominate(people, status)


@scene
def somebody(name: str = "Siti", **_others: object) -> User:
    played.append("somebody")
    with transaction():
        person: User = UserFactory(name=name)
        return person


@pytest.fixture
def anew(app: Flask, db_session: Session, shared_app: tuple[Flask, set[str]]) -> Callable[[], None]:
    """What lies between two tests."""

    def begin() -> None:
        stage: Stage = app.extensions[Stage.NAME]
        db_session.rollback()
        db_session.expunge_all()
        stage.close()
        empty_tables(db.engine, keep=shared_app[1])
        stage.open(bool)

    played.clear()
    app.extensions[Stage.NAME].forget()
    begin()
    return begin


def content() -> Content:
    with db.engine.connect() as connection:
        return read(connection)


def files(app: Flask) -> dict[Path, bytes]:
    folder = Path(app.config["DATA_DIR"])
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("status", S)
def test_a_scene_put_back_is_to_the_letter_the_one_played(
    app: Flask, anew: Callable[[], None], status: S
) -> None:
    people, nomination_id = family_of(status)
    household_id = people.household.id
    rows, sealed = content(), files(app)
    assert len(sealed) == (0 if status in (S.DRAFT, S.WITHDRAWN) else 3)
    anew()
    assert "nomination" not in content()
    assert files(app) == {}
    people, again = family_of(status)
    assert played == ["family"]
    assert content() == rows
    assert files(app) == sealed
    assert (again, people.household.id) == (nomination_id, household_id)
    assert people.household.caretaker_name == "Ibu Aminah"
    assert state_of(again) is status


@pytest.mark.parametrize("status", S)
def test_played_anew_it_has_as_many_rows_in_each_table(
    app: Flask, anew: Callable[[], None], status: S
) -> None:
    family_of(status)
    anew()
    family_of(status)
    put_back = {name: len(rows) for name, rows in content().items()}
    anew()
    app.extensions[Stage.NAME].close()
    family_of(status)
    assert played[-1:] == ["family"]
    assert {name: len(rows) for name, rows in content().items()} == put_back


def test_what_it_changes_in_the_rows_of_another_is_put_back_too(
    anew: Callable[[], None],
) -> None:
    left = []
    for _ in range(2):
        anew()
        people = cast()
        assert people.household.status is HouseholdStatus.ACTIVE
        nominate(people, S.ESTABLISHED)
        left.append(content())
        assert people.household.status is HouseholdStatus.GRADUATED
    assert left[0] == left[1]


def test_life_goes_on_after_it(anew: Callable[[], None]) -> None:
    for _ in range(2):
        anew()
        people, nomination_id = family_of(S.SUBMITTED)
        decide(people.theirs, nomination_id, DECISION_TO[S.APPROVED], REASON)
        assert state_of(nomination_id) is S.APPROVED
        assert state_of(nominate(cast(), S.ESTABLISHED)) is S.ESTABLISHED
    assert played == ["family"]


def test_scenes_follow_each_other_and_differ(anew: Callable[[], None]) -> None:
    first = [somebody().id, somebody().id]
    assert len(set(first)) == 2
    anew()
    assert [somebody().id, somebody().id] == first
    assert len(played) == 2


def test_of_two_that_begin_alike_each_has_its_own_end(anew: Callable[[], None]) -> None:
    """The second in another order finds other tables."""
    somebody("Siti"), somebody("Rina")
    anew()
    somebody("Rina"), somebody("Siti")
    assert len(played) == 4


def test_given_something_else_it_is_played(anew: Callable[[], None]) -> None:
    somebody()
    anew()
    assert somebody("Rina").name == "Rina"
    anew()
    assert somebody(name="Siti").name == "Siti"
    assert len(played) == 2


def test_after_anything_else_that_was_committed_it_is_played(anew: Callable[[], None]) -> None:
    somebody()
    anew()
    with transaction():
        UserFactory()
    somebody()
    assert len(played) == 2


def test_in_an_open_transaction_it_is_played(anew: Callable[[], None]) -> None:
    somebody()
    anew()
    with pytest.raises(RuntimeError, match="a transaction is open"), transaction():
        somebody()
    assert len(played) == 2


def test_at_another_moment_or_on_another_day_it_is_played(anew: Callable[[], None]) -> None:
    for moment in (MOMENT, MOMENT + timedelta(seconds=1), MOMENT):
        anew()
        with clock.at(moment):
            somebody()
    assert len(played) == 2
    anew()
    somebody()
    assert len(played) == 3


def test_from_the_first_patch_on_it_is_played(
    app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage: Stage = app.extensions[Stage.NAME]
    assert stage.is_set
    monkeypatch.setitem(app.config, "MEETING_BACKDATING_DAYS", 3)
    assert not stage.is_set
    monkeypatch.undo()
    assert stage.is_set


def test_what_a_test_did_to_a_file_is_undone(app: Flask, anew: Callable[[], None]) -> None:
    family_of(S.SUBMITTED)
    sealed = files(app)
    gone, changed, _ = sealed
    gone.unlink()
    changed.write_bytes(b"changed")
    anew()
    family_of(S.SUBMITTED)
    assert files(app) == sealed


def test_what_fails_fails_each_time(anew: Callable[[], None]) -> None:
    @scene
    def fails() -> None:
        played.append("fails")
        raise Refused("not today")

    for _ in range(2):
        anew()
        with pytest.raises(Refused):
            fails()
    assert len(played) == 2


def test_what_takes_rows_away_is_played_each_time(anew: Callable[[], None]) -> None:
    @scene
    def leaves(person: User) -> None:
        played.append("leaves")
        with transaction() as session:
            session.delete(person)

    for _ in range(2):
        anew()
        leaves(somebody())
        assert db.session.scalar(db.select(db.func.count()).select_from(User)) == 0
    assert played == ["somebody", "leaves", "leaves"]


def test_what_cannot_be_compared_is_played_each_time(anew: Callable[[], None]) -> None:
    for _ in range(2):
        anew()
        somebody(given=iter(()))
    assert len(played) == 2


@pytest.mark.parametrize("turn", [1, 2])
def test_what_the_process_remembers_of_a_person_ends_with_the_test(
    db_session: Session, turn: int
) -> None:
    UPLOADING.spend(actor_for(somebody("Dewi")), UPLOADING.most)


@pytest.fixture
def _another_application(own_app: Flask) -> Iterator[None]:
    with own_app.app_context():
        yield


@pytest.mark.usefixtures("_another_application")
def test_on_a_database_of_its_own_it_is_played() -> None:
    played.clear()
    somebody()
    somebody()
    assert len(played) == 2


def test_every_state_has_its_way() -> None:
    assert set(COMES_AFTER) == set(S) - {S.DRAFT}
