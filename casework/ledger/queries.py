"""What the ledger says, and where the tally says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from casework.core.db import db
from casework.ledger.models import LedgerEntry, Tally
from casework.ledger.rules import CountedState, ExitKind

#: Year, kind of exit, counted state.
Key = tuple[int, ExitKind, CountedState]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the tally that is not the sum of its ledger."""

    area_id: int
    year: int
    kind: ExitKind
    state: CountedState
    ledger: int
    tally: int


def ledger_sums(area_id: int) -> dict[Key, int]:
    rows = db.session.execute(
        select(
            LedgerEntry.year,
            LedgerEntry.kind,
            LedgerEntry.state,
            func.sum(LedgerEntry.amount).label("households"),
        )
        .where(LedgerEntry.area_id == area_id)
        .group_by(LedgerEntry.year, LedgerEntry.kind, LedgerEntry.state)
    )
    return {(row.year, row.kind, row.state): int(row.households) for row in rows}


def counted_areas() -> list[int]:
    """Regencies that have anything in the ledger or in the tally, in order."""
    return list(
        db.session.scalars(
            select(LedgerEntry.area_id).union(select(Tally.area_id)).order_by("area_id")
        )
    )


def differences(area_id: int) -> list[Difference]:
    """Where tally and ledger of a regency differ, missing rows included."""
    sums = ledger_sums(area_id)
    tally: dict[Key, int] = {
        (row.year, row.kind, row.state): row.counted
        for row in db.session.execute(
            select(Tally.year, Tally.kind, Tally.state, Tally.counted).where(
                Tally.area_id == area_id
            )
        )
    }
    return [
        Difference(area_id, *key, ledger=sums.get(key, 0), tally=tally.get(key, 0))
        for key in sorted(set(sums) | set(tally), key=str)
        if sums.get(key, 0) != tally.get(key, 0)
    ]
