"""The only writers of ledger and tallies; all in the transaction of the decision itself."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Executable, insert, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import InstrumentedAttribute

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.kept import Kept
from casework.core.upsert import insert_into
from casework.ledger.models import LedgerEntry, MonthTally, Tally
from casework.ledger.queries import Key, in_order, ledger_sums, tally_sums
from casework.ledger.rules import CountedState, ExitKind


class Counted(NamedTuple):
    """A household that is counted on a nomination."""

    household_id: uuid.UUID
    nomination_id: uuid.UUID
    #: Whose work the graduation is (docs/decisions/0026).
    nominated_by: uuid.UUID
    village_code: str
    kind: ExitKind


def count(
    actor: Actor, families: Sequence[Counted], *, area_id: int, state: CountedState, on: date
) -> None:
    """Count these households, on their nominations.

    `on` is the day of the decision in the regency's own time zone; its month and year
    are the counted ones, also when a count is taken back later. Call it last in the transaction:
    everybody who decides in this regency waits for the tally's rows from here to the commit.

    Raises: IntegrityError when a nomination is counted in this state already, and for any
    other kind than graduasi mandiri.
    """
    shared = {"area_id": area_id, "exit_id": None, "state": state, "amount": 1, "counted_on": on}
    _enter(actor, area_id, [shared | each._asdict() for each in families])


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
        "nominated_by": None,
        "exit_id": exit_id,
        "village_code": village_code,
        "kind": kind,
        "state": CountedState.RECORDED,
        "amount": 1,
        "counted_on": on,
    }
    _enter(actor, area_id, [entry])


def _enter(actor: Actor, area_id: int, entries: Sequence[dict[str, Any]]) -> None:
    """All of them in as many statements as there are rows of the tallies to change, and one."""
    if not entries:
        return
    now = clock.now()
    sums: Counter[Key] = Counter()
    for entry in entries:
        on, amount = entry["counted_on"], entry["amount"]
        for month in (None, on.month):
            sums[on.year, month, entry["kind"], entry["state"]] += amount
    own = {"entered_by": actor.user_id, "entered_at": now}
    db.session.execute(
        insert(LedgerEntry),
        [entry | own | {"id": new_id(), "year": entry["counted_on"].year} for entry in entries],
    )
    for key in sorted(sums, key=in_order):
        _add(area_id, key, sums[key], now)


def _add(area_id: int, key: Key, amount: int, now: datetime) -> None:
    tally, values = _row(area_id, key)
    _ADDING[tally].execute({**values, "counted": amount, "updated_at": now})


def _adding(tally: type[Tally] | type[MonthTally]) -> Executable:
    one = insert_into(tally)
    return one.on_conflict_do_update(
        index_elements=[column.name for column in tally.__table__.primary_key],
        set_={
            "counted": tally.counted + one.excluded.counted,
            "updated_at": one.excluded.updated_at,
        },
    )


#: Built once: everybody who decides in the regency waits while they are executed.
_ADDING = {tally: Kept(partial(_adding, tally)) for tally in (Tally, MonthTally)}


def _row(area_id: int, key: Key) -> tuple[type[Tally] | type[MonthTally], dict[str, Any]]:
    """The tally that holds it, and its primary key there."""
    year, month, kind, state = key
    values = {"area_id": area_id, "year": year, "kind": kind, "state": state}
    return (Tally, values) if month is None else (MonthTally, values | {"month": month})


def take_back(
    actor: Actor, nomination_ids: Collection[uuid.UUID], *, area_id: int, state: CountedState
) -> None:
    """Undo the counts of these nominations in the month and place where each was counted.

    Raises: NoResultFound when one of them is not counted in this state.
    """
    _take_back(actor, area_id, LedgerEntry.nomination_id, nomination_ids, state)


def take_back_exit(actor: Actor, *, area_id: int, exit_id: uuid.UUID) -> None:
    """Undo the count of an exit in the month and place where it was counted."""
    _take_back(actor, area_id, LedgerEntry.exit_id, [exit_id], CountedState.RECORDED)


def _take_back(
    actor: Actor,
    area_id: int,
    cause: InstrumentedAttribute[uuid.UUID | None],
    ids: Collection[uuid.UUID],
    state: CountedState,
) -> None:
    counted = db.session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.area_id == area_id,
            cause.in_(ids),
            LedgerEntry.state == state,
            LedgerEntry.amount == 1,
        )
    ).all()
    if len(counted) != len(ids):
        raise NoResultFound(f"{len(counted)} of {len(ids)} are counted as {state}")
    undone = [{name: getattr(each, name) for name in _UNDONE} | {"amount": -1} for each in counted]
    _enter(actor, area_id, undone)


#: What a count and its undoing have in common.
_UNDONE = (
    "area_id",
    "household_id",
    "nomination_id",
    "nominated_by",
    "exit_id",
    "village_code",
    "kind",
    "state",
    "counted_on",
)


def rebuild(area_id: int) -> int:
    """Set the tallies of one regency to the sums of its ledger; gives how many rows were wrong.

    Safe while people decide: it takes the tallies' rows first, so that a decision in progress
    has either been committed and is in the sums, or adds itself afterwards. What is counted
    meanwhile for the first time, in a row that nobody could take, is left alone.
    """
    now = clock.now()
    # Rows that are missing altogether, so that there is something to take.
    for key in sorted(ledger_sums(area_id), key=in_order):
        tally, values = _row(area_id, key)
        missing = insert_into(tally).values(**values, counted=0, updated_at=now)
        db.session.execute(missing.on_conflict_do_nothing())
    taken = tally_sums(area_id, for_change=True)
    sums = ledger_sums(area_id)
    wrong = {key: sums.get(key, 0) for key, counted in taken.items() if counted != sums.get(key, 0)}
    for key, households in wrong.items():
        tally, values = _row(area_id, key)
        db.session.execute(
            update(tally)
            .filter_by(**values)
            .values(counted=households, updated_at=now)
            .execution_options(synchronize_session=False)
        )
    return len(wrong)
