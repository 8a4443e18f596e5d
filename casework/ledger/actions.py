"""The only writers of ledger and tallies; all in the transaction of the decision itself."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.upsert import insert_into
from casework.ledger.models import LedgerEntry, MonthTally, Tally
from casework.ledger.queries import Key, ledger_sums, tally_sums
from casework.ledger.rules import CountedState, ExitKind


def count(
    actor: Actor,
    *,
    area_id: int,
    household_id: uuid.UUID,
    nomination_id: uuid.UUID,
    village_code: str,
    kind: ExitKind,
    state: CountedState,
    amount: int,
    on: date,
) -> None:
    """Count one household (`amount` 1) or take its count back (-1), on a nomination.

    `on` is the day of the decision in the regency's own time zone; its month and year
    are the counted ones, also when a count is taken back later. Call it last in the transaction:
    everybody who decides in this regency waits for the tally's row from here to the commit.

    Raises: IntegrityError when this nomination is counted in this state already, and for any
    other kind than graduasi mandiri.
    """
    entry = {
        "area_id": area_id,
        "household_id": household_id,
        "nomination_id": nomination_id,
        "exit_id": None,
        "village_code": village_code,
        "kind": kind,
        "state": state,
    }
    _enter(actor, entry, amount, on)


def count_exit(
    actor: Actor,
    *,
    area_id: int,
    household_id: uuid.UUID,
    exit_id: uuid.UUID,
    village_code: str,
    kind: ExitKind,
    on: date,
) -> None:
    """As `count`, of a household that left in another way; `on` is the day on which that was
    recorded.

    Raises: IntegrityError when this exit is counted already, and for graduasi mandiri, which is
    counted by nominations alone.
    """
    entry = {
        "area_id": area_id,
        "household_id": household_id,
        "nomination_id": None,
        "exit_id": exit_id,
        "village_code": village_code,
        "kind": kind,
        "state": CountedState.RECORDED,
    }
    _enter(actor, entry, 1, on)


def _enter(actor: Actor, entry: dict[str, Any], amount: int, on: date) -> None:
    now = clock.now()
    db.session.execute(
        insert(LedgerEntry),
        entry
        | {
            "id": new_id(),
            "year": on.year,
            "amount": amount,
            "counted_on": on,
            "entered_by": actor.user_id,
            "entered_at": now,
        },
    )
    # The year first, always: so nobody waits in a ring.
    for month in (None, on.month):
        _add(entry["area_id"], (on.year, month, entry["kind"], entry["state"]), amount, now)


def _add(area_id: int, key: Key, amount: int, now: datetime) -> None:
    tally, values = _row(area_id, key)
    one = insert_into(tally).values(**values, counted=amount, updated_at=now)
    db.session.execute(
        one.on_conflict_do_update(
            index_elements=list(values),
            set_={"counted": tally.counted + amount, "updated_at": now},
        )
    )


def _row(area_id: int, key: Key) -> tuple[type[Tally] | type[MonthTally], dict[str, Any]]:
    """The tally that holds it, and its primary key there."""
    year, month, kind, state = key
    values = {"area_id": area_id, "year": year, "kind": kind, "state": state}
    return (Tally, values) if month is None else (MonthTally, values | {"month": month})


def take_back(actor: Actor, *, area_id: int, nomination_id: uuid.UUID, state: CountedState) -> None:
    """Undo the count of a nomination in the month and place where it was counted."""
    _take_back(actor, area_id, LedgerEntry.nomination_id == nomination_id, state)


def take_back_exit(actor: Actor, *, area_id: int, exit_id: uuid.UUID) -> None:
    """Undo the count of an exit in the month and place where it was counted."""
    _take_back(actor, area_id, LedgerEntry.exit_id == exit_id, CountedState.RECORDED)


def _take_back(actor: Actor, area_id: int, which: ColumnElement[bool], state: CountedState) -> None:
    counted = db.session.execute(
        select(LedgerEntry).where(
            LedgerEntry.area_id == area_id,
            which,
            LedgerEntry.state == state,
            LedgerEntry.amount == 1,
        )
    ).scalar_one()
    same = ("area_id", "household_id", "nomination_id", "exit_id", "village_code", "kind", "state")
    entry = {name: getattr(counted, name) for name in same}
    _enter(actor, entry, -1, counted.counted_on)


def rebuild(area_id: int) -> int:
    """Set the tallies of one regency to the sums of its ledger; gives how many rows were wrong.

    Safe while people decide: it takes the tallies' rows first, so that a decision in progress
    has either been committed and is in the sums, or adds itself afterwards.
    """
    now = clock.now()
    # Rows that are missing altogether, so that there is something to take.
    for key in ledger_sums(area_id):
        tally, values = _row(area_id, key)
        missing = insert_into(tally).values(**values, counted=0, updated_at=now)
        db.session.execute(missing.on_conflict_do_nothing())
    for tally in (Tally, MonthTally):
        db.session.execute(select(tally.year).where(tally.area_id == area_id).with_for_update())
    sums = ledger_sums(area_id)
    wrong = {
        key: sums.get(key, 0)
        for key, counted in tally_sums(area_id).items()
        if counted != sums.get(key, 0)
    }
    for key, households in wrong.items():
        tally, values = _row(area_id, key)
        db.session.execute(
            update(tally)
            .filter_by(**values)
            .values(counted=households, updated_at=now)
            .execution_options(synchronize_session=False)
        )
    return len(wrong)
