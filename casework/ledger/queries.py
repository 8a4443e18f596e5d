"""What the ledger says, and where the tally says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import SmallInteger, cast, extract, func, select

from casework.core.db import db
from casework.ledger.models import LedgerEntry, MonthTally, Tally
from casework.ledger.rules import CountedState, ExitKind

#: Year, month, kind of exit, counted state; the month is None for the whole year.
Key = tuple[int, int | None, ExitKind, CountedState]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of a tally that is not the sum of its ledger; `month` is None in that by year."""

    area_id: int
    year: int
    month: int | None
    kind: ExitKind
    state: CountedState
    ledger: int
    tally: int


def in_order(key: Key) -> tuple[Any, ...]:
    """The years first, and each tally in one order, always: whoever takes its rows in this order
    never waits in a ring with another who does."""
    year, month, kind, state = key
    return month is not None, year, month or 0, kind, state


def ledger_sums(area_id: int) -> dict[Key, int]:
    """By month, and by year."""
    month = cast(extract("month", LedgerEntry.counted_on), SmallInteger)
    rows = db.session.execute(
        select(
            LedgerEntry.year,
            month.label("month"),
            LedgerEntry.kind,
            LedgerEntry.state,
            func.sum(LedgerEntry.amount).label("households"),
        )
        .where(LedgerEntry.area_id == area_id)
        .group_by(LedgerEntry.year, month, LedgerEntry.kind, LedgerEntry.state)
    )
    sums: dict[Key, int] = {}
    for row in rows:
        for each in (row.month, None):
            key = (row.year, each, row.kind, row.state)
            sums[key] = sums.get(key, 0) + int(row.households)
    return sums


def tally_sums(area_id: int, *, for_change: bool = False) -> dict[Key, int]:
    """What both tallies of a regency say; `for_change` takes their rows, in the order of
    `in_order`."""
    by_year = (
        select(Tally.year, Tally.kind, Tally.state, Tally.counted)
        .where(Tally.area_id == area_id)
        .order_by(Tally.year, Tally.kind, Tally.state)
    )
    by_month = (
        select(
            MonthTally.year,
            MonthTally.month,
            MonthTally.kind,
            MonthTally.state,
            MonthTally.counted,
        )
        .where(MonthTally.area_id == area_id)
        .order_by(MonthTally.year, MonthTally.month, MonthTally.kind, MonthTally.state)
    )
    if for_change:
        by_year, by_month = by_year.with_for_update(), by_month.with_for_update()
    sums: dict[Key, int] = {
        (row.year, None, row.kind, row.state): row.counted for row in db.session.execute(by_year)
    }
    for row in db.session.execute(by_month):
        sums[row.year, row.month, row.kind, row.state] = row.counted
    return sums


def counted_areas() -> list[int]:
    """Regencies that have anything in the ledger or in a tally, in order."""
    return list(
        db.session.scalars(
            select(LedgerEntry.area_id)
            .union(select(Tally.area_id), select(MonthTally.area_id))
            .order_by("area_id")
        )
    )


def differences(area_id: int) -> list[Difference]:
    """Where ledger and tallies of a regency differ, missing rows included; to be read in one
    `snapshot()`, or what is decided in between is told as a difference."""
    sums = ledger_sums(area_id)
    tally = tally_sums(area_id)
    return [
        Difference(area_id, *key, ledger=sums.get(key, 0), tally=tally.get(key, 0))
        for key in sorted(set(sums) | set(tally), key=in_order)
        if sums.get(key, 0) != tally.get(key, 0)
    ]
