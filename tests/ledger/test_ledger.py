"""What is counted is written twice, and both always agree."""

from __future__ import annotations

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from casework.access.actor import command_line
from casework.core.append_only import AppendOnly
from casework.core.ids import new_id
from casework.core.transaction import snapshot, transaction
from casework.ledger import actions, queries
from casework.ledger.actions import Counted
from casework.ledger.models import LedgerEntry, MonthTally, Tally
from casework.ledger.queries import Key, differences, ledger_sums, tally_sums
from casework.ledger.rules import CountedState, ExitKind, states_of
from tests.fixtures.statements import Statements

AREA = 7
WHAT = (ExitKind.INDEPENDENT, CountedState.APPROVED)


def sums(year: int, month: int, households: int) -> dict[Key, int]:
    """A year in which there is only one month."""
    return {(year, None, *WHAT): households, (year, month, *WHAT): households}


def family(nomination_id: uuid.UUID) -> Counted:
    return Counted(new_id(), nomination_id, new_id(), "71.71.01.1001", WHAT[0])


def count_one(nomination_id: uuid.UUID | None = None, on: date = date(2026, 11, 24)) -> uuid.UUID:
    nomination_id = nomination_id or new_id()
    with transaction():
        actions.count(command_line(), [family(nomination_id)], area_id=AREA, state=WHAT[1], on=on)
    return nomination_id


def tally() -> int | None:
    with transaction() as session:
        return session.scalar(select(Tally.counted).where(Tally.area_id == AREA))


def test_ledger_and_tally_rise_together(db_session: Session) -> None:
    count_one()
    count_one()
    assert ledger_sums(AREA) == tally_sums(AREA) == sums(2026, 11, 2)
    assert tally() == 2
    assert differences(AREA) == []


def test_a_nomination_is_counted_once(db_session: Session) -> None:
    nomination = count_one()
    with pytest.raises(IntegrityError):
        count_one(nomination)
    assert tally() == 1
    assert differences(AREA) == []


def test_a_count_is_taken_back_in_the_month_it_was_counted(db_session: Session) -> None:
    nomination = count_one(on=date(2025, 12, 31))
    with transaction():
        actions.take_back(command_line(), [nomination], area_id=AREA, state=WHAT[1])
    assert ledger_sums(AREA) == tally_sums(AREA) == sums(2025, 12, 0)
    assert tally() == 0
    assert differences(AREA) == []


def test_many_are_counted_and_taken_back_in_the_statements_of_one(
    db_session: Session, statements: Statements
) -> None:
    many = [new_id() for _ in range(30)]
    statements.reset()
    with transaction():
        families = [family(each) for each in many]
        actions.count(command_line(), families, area_id=AREA, state=WHAT[1], on=date(2026, 11, 24))
    assert statements.count == 3
    last_year = count_one(on=date(2025, 12, 31))
    statements.reset()
    with transaction():
        actions.take_back(command_line(), [*many[:29], last_year], area_id=AREA, state=WHAT[1])
    assert statements.count == 6  # read, the entries, two years, two months
    assert tally_sums(AREA) == sums(2026, 11, 1) | sums(2025, 12, 0)
    assert differences(AREA) == []


def test_what_is_not_counted_cannot_be_taken_back(db_session: Session) -> None:
    counted = count_one()
    with pytest.raises(NoResultFound), transaction():
        actions.take_back(command_line(), [counted, new_id()], area_id=AREA, state=WHAT[1])
    assert tally() == 1
    assert differences(AREA) == []


def test_entries_are_only_added(db_session: Session) -> None:
    count_one()
    entry = db_session.scalars(select(LedgerEntry)).one()
    entry.amount = -1
    with pytest.raises(AppendOnly):
        db_session.flush()
    db_session.rollback()
    db_session.delete(db_session.scalars(select(LedgerEntry)).one())
    with pytest.raises(AppendOnly):
        db_session.flush()


def test_each_month_has_a_row_of_its_own_and_a_count_writes_three(
    db_session: Session, statements: Statements
) -> None:
    for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30)):
        statements.reset()
        count_one(on=day)
        assert statements.count == 3  # the entry, its year, its month
    assert tally_sums(AREA) == {
        (2026, None, *WHAT): 3,
        (2026, 10, *WHAT): 1,
        (2026, 11, *WHAT): 2,
    }
    assert differences(AREA) == []


@pytest.mark.parametrize("tally", [Tally, MonthTally])
@pytest.mark.parametrize("damage", ["wrong", "missing", "invented"])
def test_a_damaged_tally_is_found_and_rebuilt(
    db_session: Session, damage: str, tally: type[Tally] | type[MonthTally]
) -> None:
    count_one()
    count_one()
    with transaction() as session:
        if damage == "wrong":
            session.execute(update(tally).values(counted=5))
        elif damage == "missing":
            session.execute(delete(tally))
        else:
            month = {"month": 2} if tally is MonthTally else {}
            session.add(
                tally(
                    area_id=AREA,
                    year=2019,
                    kind=ExitKind.INDEPENDENT,
                    state=CountedState.APPROVED,
                    counted=3,
                    updated_at=session.scalars(select(tally.updated_at)).first(),
                    **month,
                )
            )
    assert len(differences(AREA)) == 1
    with transaction():
        assert actions.rebuild(AREA) == 1
    assert differences(AREA) == []
    with transaction():
        assert actions.rebuild(AREA) == 0


def test_a_count_in_the_wrong_month_is_found(db_session: Session) -> None:
    count_one()
    with transaction() as session:
        session.execute(update(MonthTally).values(month=10))
    assert {row.month for row in differences(AREA)} == {10, 11}
    with transaction():
        assert actions.rebuild(AREA) == 2
    assert differences(AREA) == []


def test_a_rebuild_loses_nothing_while_people_decide(app: Flask) -> None:
    """Counting and rebuilding at once, from several threads: the sums agree at the end, and none
    waits for another in a ring, though each takes rows of two states and two months."""
    rounds = 12
    days = (date(2026, 11, 24), date(2026, 10, 24))

    def decide(number: int) -> None:
        with app.app_context(), transaction():
            for state in states_of(WHAT[0]):
                actions.count(
                    command_line(),
                    [family(new_id())],
                    area_id=AREA,
                    state=state,
                    on=days[number % 2],
                )

    def rebuild(_: int) -> None:
        with app.app_context(), transaction():
            actions.rebuild(AREA)

    work = [decide] * rounds + [rebuild] * 6
    random.Random(7).shuffle(work)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda act, number: act(number), work, range(len(work))))
    with app.app_context():
        assert differences(AREA) == []
        years = {key: number for key, number in ledger_sums(AREA).items() if key[1] is None}
        assert years == {(2026, None, WHAT[0], state): rounds for state in states_of(WHAT[0])}


class Meanwhile:
    """Somebody decides just after the ledger was added up for the last time."""

    def __init__(self, app: Flask, on: date) -> None:
        self._app, self._on = app, on
        self._thread = threading.Thread(target=copy_context().run, args=(self._decide,))

    def _decide(self) -> None:
        with self._app.app_context():
            count_one(on=self._on)

    def __call__(self) -> None:
        self._thread.start()
        # Done by then, or it waits for what is under way.
        self._thread.join(0.5)

    def is_over(self) -> None:
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.mark.parametrize("on", [date(2026, 11, 24), date(2026, 12, 1), date(2027, 1, 4)])
def test_what_is_counted_during_a_rebuild_is_not_lost(
    app: Flask, monkeypatch: pytest.MonkeyPatch, on: date
) -> None:
    """In a row that is there and wrong, in a new month of a year that is there, in a new year."""
    somebody = Meanwhile(app, on)
    with app.app_context():
        count_one()
        with transaction() as session:
            session.execute(update(Tally).values(counted=5))
        times = iter(range(2))

        def added_up(area_id: int) -> dict[Key, int]:
            sums = ledger_sums(area_id)
            if next(times) == 1:
                somebody()
            return sums

        monkeypatch.setattr(actions, "ledger_sums", added_up)
        with transaction():
            assert actions.rebuild(AREA) == 1
        somebody.is_over()
        assert differences(AREA) == []
        assert ledger_sums(AREA)[on.year, None, *WHAT] == (2 if on.year == 2026 else 1)


def test_what_is_decided_while_it_is_looked_at_is_no_difference(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = Meanwhile(app, date(2026, 11, 24))
    with app.app_context():
        count_one()

        def added_up(area_id: int) -> dict[Key, int]:
            sums = ledger_sums(area_id)
            somebody()
            return sums

        monkeypatch.setattr(queries, "ledger_sums", added_up)
        with snapshot():
            assert differences(AREA) == []
        somebody.is_over()
        assert tally() == 2
