"""The line of a facilitator's first page that says how far she is to her target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from casework.access.actor import command_line
from casework.accounts.models import User
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.counts import actions
from casework.counts.queries.standing import standing
from casework.ledger.actions import Counted, count
from casework.ledger.rules import CountedState, ExitKind
from tests.counts.counting import NOW, YEAR
from tests.desk.test_facilitator_home import households_of, readiness, words
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.counted import graduated
from tests.factories.households import group_with
from tests.factories.places import MOLAS
from tests.fixtures.statements import Statements, plan_of

LINE = f"Target Anda {YEAR}: "


def line(counted: int, target: int) -> str:
    return (
        f"{LINE}{target} graduasi mandiri. Sudah ditetapkan sampai hari ini: {counted}."
        f" Kurang: {max(target - counted, 0)}."
    )


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def sarah(db_session: Session) -> User:
    with transaction():
        return UserFactory(username="sarah", name="Sarah Lumentut")


def page_of(client: FlaskClient, user: User) -> str:
    sign_in(client, user)
    return client.get("/").text


def test_without_a_family_the_line_is_there_too(
    client: FlaskClient, sarah: User, statements: Statements
) -> None:
    sign_in(client, sarah)
    statements.reset()
    page = client.get("/").text
    assert statements.count == 3, "\n".join(statements.sent)
    assert line(0, 10) in words(page)
    assert "/national/nominations" not in page
    # Nobody is named where the target is the programme's.
    assert "Target ini ditetapkan oleh" not in page


def test_what_is_counted_leads_to_the_families(client: FlaskClient, sarah: User) -> None:
    with transaction():
        group = group_with(sarah, 3)
        _first, *others = households_of(group)
        for household in others:
            readiness(group, household, missed_running=2)
        graduated(sarah, date(YEAR, 6, 1))
        graduated(sarah, date(YEAR - 1, 6, 1))
        graduated(UserFactory(), date(YEAR, 6, 1))
    page = page_of(client, sarah)
    assert line(1, 10) in words(page)
    assert words(page).count(LINE) == 1
    (address,) = re.findall(r'href="(/national/nominations[^"]*)"', page.replace("&amp;", "&"))
    assert client.get(address).status_code == 200


def test_a_target_of_her_own_names_who_set_it_and_when(client: FlaskClient, sarah: User) -> None:
    with transaction():
        maria: User = UserFactory(administrator=True, name="Maria Ester Rondonuwu")
    with transaction():
        actions.set_facilitator_target(actor_for(maria), sarah.id, year=YEAR, households=4)
        actions.set_facilitator_target(actor_for(maria), sarah.id, year=YEAR, households=12)
    text = words(page_of(client, sarah))
    assert line(0, 12) in text
    assert "Target ini ditetapkan oleh Maria Ester Rondonuwu, 12 Nov 2026" in text
    with transaction():
        actions.take_back_facilitator_target(actor_for(maria), sarah.id, year=YEAR)
    text = words(page_of(client, sarah))
    assert line(0, 10) in text
    assert "Maria" not in text


def test_what_is_hers_is_looked_up_by_her_key(sarah: User) -> None:
    """By the place, it would cost a walk through all that her regency has counted in the year."""
    with transaction():
        for _ in range(20):
            hers = graduated(sarah, date(YEAR, 6, 1))
        others = [
            Counted(new_id(), new_id(), new_id(), MOLAS, ExitKind.INDEPENDENT) for _ in range(500)
        ]
        count(
            command_line(),
            others,
            area_id=hers.area_id,
            state=CountedState.ESTABLISHED,
            on=date(YEAR, 6, 1),
        )
    query = select(standing(sarah.id, YEAR))
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
            connection.execute(text("SET enable_seqscan = off"))
        sql = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = plan_of(connection, sql)
    assert "ix_ledger_entry_nominated_by_year_state" in plan
    assert "ix_ledger_entry_behind" not in plan
