"""Two regencies and one number at the same moment: one has it, the other is told."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from contextvars import copy_context
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from casework.access.actor import Actor, command_line
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Busy, CaseworkError, NotFound
from casework.core.transaction import transaction
from casework.graduation import actions as graduation
from casework.households.actions.assignments import assign
from casework.households.actions.groups import make_group
from casework.households.actions.memberships import put_household
from casework.households.rules import HouseholdStatus
from casework.rosters.actions import importing
from casework.rosters.actions.importing import RowsRefused
from casework.rosters.reading.errors import CellProblem
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.places import BITUNG, MANADO, MOLAS, area_of
from tests.factories.rosters import as_csv
from tests.rosters.files import (
    FIRST,
    IN_BITUNG,
    SECOND,
    family,
    households,
    registry_differences,
    take_in,
)

pytestmark = pytest.mark.usefixtures("villages")

Act = Callable[[], object]


def applying(*rows: dict[str, object], stage: str = FIRST) -> Act:
    """The file is read before the transaction, as by everybody who applies one."""
    actor, data = command_line(), as_csv(rows)
    roster = importing.read(actor, data)
    db.session.rollback()
    return lambda: importing.apply(actor, roster, stage, sha256=b"x" * 32, skip_bad=False)


def behind(app: Flask, first: Act, second: Act, *, alone: bool = False) -> object:
    """Both begin before either has committed, and the second has to wait for the first. What the
    second gave or raised; `alone`: it opens its own transaction."""
    written, answers = threading.Event(), []

    def wait_and_act() -> None:
        with app.app_context():
            written.wait(30)
            try:
                with nullcontext() if alone else transaction():
                    answers.append(second())
            except CaseworkError as error:
                answers.append(error)

    other = threading.Thread(target=copy_context().run, args=(wait_and_act,))
    other.start()
    with transaction():
        first()
        written.set()
        _until_somebody_waits()
    other.join(60)
    return answers[0]


def _until_somebody_waits() -> None:
    if db.engine.dialect.name == "sqlite":
        return  # one writer at a time: the other waits at its beginning
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with db.engine.connect() as connection:
            if connection.scalar(waiting):
                return
        time.sleep(0.01)
    raise AssertionError("the second did not wait for the first")


def test_of_two_who_claim_a_new_number_one_has_it(app: Flask, villages: None) -> None:
    manado, bitung = applying(family(1)), applying(family(1) | IN_BITUNG, family(2) | IN_BITUNG)
    lost = behind(app, manado, bitung)
    if db.engine.dialect.name == "postgresql":
        assert isinstance(lost, Busy)
        assert "Coba lagi" in str(lost)
        with pytest.raises(RowsRefused) as again, transaction():
            bitung()
        lost = again.value
    assert isinstance(lost, RowsRefused)
    (problem,) = lost.checked.problems
    assert (problem.row, problem.code, problem.params) == (
        2,
        CellProblem.KNOWN_ELSEWHERE,
        {"regency": "Kota Manado"},
    )
    (household,) = households()
    assert household.area_id == area_of(MANADO)
    assert not registry_differences()


def test_who_loses_the_race_on_the_page_is_answered_in_words(
    app: Flask, client: FlaskClient, villages: None
) -> None:
    with transaction():
        in_bitung = UserFactory(administrator=True, region=BITUNG)
    sign_in(client, in_bitung)
    data = as_csv([family(1) | IN_BITUNG])
    sent = {"stage": FIRST, "file": (BytesIO(data), "FC.csv")}
    address = client.post("/rosters/import", data=sent).location
    lost = behind(app, applying(family(1)), lambda: client.post(address), alone=True)
    assert isinstance(lost, TestResponse)
    if db.engine.dialect.name == "postgresql":
        assert lost.status_code == 503
        assert int(lost.headers["Retry-After"]) > 0
        lost = client.post(address)
    assert lost.status_code == 303
    assert "NIK ini milik keluarga di Kota Manado." in client.get(address).text


def test_a_move_and_its_old_regency_s_roster_decide_one_after_the_other(
    app: Flask, villages: None
) -> None:
    """The old regency's roster of the same stage comes first: then it has not moved."""
    take_in(family(1))
    late = behind(
        app, applying(family(1), stage=SECOND), applying(family(1) | IN_BITUNG, stage=SECOND)
    )
    assert isinstance(late, RowsRefused)
    assert [each.status for each in households()] == [HouseholdStatus.ACTIVE]
    assert not registry_differences()


def test_the_old_regency_s_roster_does_not_bring_a_closed_row_to_life(
    app: Flask, villages: None
) -> None:
    take_in(family(1))
    late = behind(
        app,
        applying(family(1) | IN_BITUNG, stage=SECOND),
        applying(family(1, HAMIL="1"), stage=SECOND),
    )
    assert isinstance(late, RowsRefused)
    assert {each.status for each in households()} == {
        HouseholdStatus.ACTIVE,
        HouseholdStatus.MOVED,
    }
    assert not registry_differences()


def test_two_rosters_that_want_each_other_s_families_do_not_hang(
    app: Flask, villages: None
) -> None:
    """Each holds its own regency and needs the other's: one has to give way."""
    take_in(family(1), family(2) | IN_BITUNG)
    acts = [
        applying(family(2), stage=SECOND),
        applying(family(1) | IN_BITUNG, stage=SECOND),
    ]
    start, answers = threading.Barrier(2), []

    def act(one: Act) -> None:
        with app.app_context():
            start.wait(30)
            try:
                with transaction():
                    answers.append(one())
            except CaseworkError as error:
                answers.append(error)

    threads = [threading.Thread(target=copy_context().run, args=(act, one)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 2
    for answer in answers:
        assert isinstance(answer, importing.Check | Busy)
    assert any(isinstance(answer, importing.Check) for answer in answers)
    assert not registry_differences()


@pytest.fixture
def nominator(villages: None) -> tuple[Actor, uuid.UUID]:
    """A facilitator and the family of hers that Kota Bitung will name."""
    take_in(family(1))
    (household,) = households()
    with transaction():
        facilitator = actor_for(UserFactory())
        administrator = actor_for(UserFactory(administrator=True))
        on = clock.today(facilitator.time_zone)
        group_id = make_group(administrator, MOLAS, "Melati", "")
        assign(administrator, group_id, facilitator.user_id, on)
        put_household(administrator, household.id, group_id, on)
    return facilitator, household.id


def test_a_family_is_nominated_or_moves(app: Flask, nominator: tuple[Actor, uuid.UUID]) -> None:
    facilitator, household_id = nominator
    late = behind(
        app,
        lambda: graduation.draft(facilitator, household_id),
        applying(family(1) | IN_BITUNG, stage=SECOND),
    )
    assert isinstance(late, RowsRefused)
    assert [each.status for each in households()] == [HouseholdStatus.ACTIVE]


def test_a_family_that_has_moved_is_not_nominated_where_it_was(
    app: Flask, nominator: tuple[Actor, uuid.UUID]
) -> None:
    facilitator, household_id = nominator
    late = behind(
        app,
        applying(family(1) | IN_BITUNG, stage=SECOND),
        lambda: graduation.draft(facilitator, household_id),
    )
    assert isinstance(late, NotFound)
