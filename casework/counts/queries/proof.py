"""Does the ledger say what was decided, and what was recorded of other exits?"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Integer,
    Row,
    Select,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from casework.core.among import among, portions
from casework.core.db import db
from casework.graduation.models import HouseholdExit, Nomination
from casework.graduation.states import (
    COUNTS_AS_APPROVED,
    COUNTS_AS_ESTABLISHED,
    NominationStatus,
)
from casework.ledger.models import LedgerEntry
from casework.ledger.rules import CountedState, ExitKind

#: States of a nomination in which it counts, by what is counted.
_COUNTS = {
    CountedState.APPROVED: COUNTS_AS_APPROVED,
    CountedState.ESTABLISHED: COUNTS_AS_ESTABLISHED,
}


@dataclass(frozen=True, slots=True)
class UncountedDecision:
    """A nomination whose sum in the ledger is not what its state says, or not that of the person
    who nominated."""

    area_id: int
    nomination_id: uuid.UUID
    #: None: there is no such nomination.
    status: NominationStatus | None
    state: CountedState
    nominated_by: uuid.UUID
    expected: int
    ledger: int


@dataclass(frozen=True, slots=True)
class UncountedExit:
    """An exit whose sum in the ledger is not what its record says: one of its kind while it
    stands, none once it was taken back, and never one of another kind."""

    area_id: int
    exit_id: uuid.UUID
    kind: ExitKind
    expected: int
    ledger: int


def areas_with_cases() -> list[int]:
    """Regencies that have a nomination or another exit."""
    return list(
        db.session.scalars(
            select(Nomination.area_id).union(select(HouseholdExit.area_id)).order_by("area_id")
        )
    )


def uncounted_decisions(area_id: int) -> list[UncountedDecision]:
    """Nominations of a regency where ledger and state differ, in either direction."""
    counted = select(
        LedgerEntry.nomination_id.label("id"),
        LedgerEntry.state.label("what"),
        LedgerEntry.nominated_by.label("whose"),
        *_IN_LEDGER,
    ).where(LedgerEntry.area_id == area_id, LedgerEntry.nomination_id.is_not(None))
    expected = [
        select(
            Nomination.id,
            literal(state, LedgerEntry.state.type),
            Nomination.nominated_by,
            *_EXPECTED,
        ).where(Nomination.area_id == area_id, Nomination.status.in_(statuses))
        for state, statuses in _COUNTS.items()
    ]
    wrong = _differing(counted, *expected)
    statuses = {
        row.id: row.status
        for portion in portions(sorted({each.id for each in wrong}))
        for row in db.session.execute(
            select(Nomination.id, Nomination.status).where(
                Nomination.area_id == area_id, among(Nomination.id, "ids")
            ),
            {"ids": portion},
        )
    }
    return [
        UncountedDecision(
            area_id,
            row.id,
            statuses.get(row.id),
            row.what,
            row.whose,
            int(row.expected),
            int(row.counted),
        )
        for row in wrong
    ]


def uncounted_exits(area_id: int) -> list[UncountedExit]:
    """Exits of a regency where ledger and record differ, in either direction."""
    counted = select(
        LedgerEntry.exit_id.label("id"), LedgerEntry.kind.label("what"), *_IN_LEDGER
    ).where(LedgerEntry.area_id == area_id, LedgerEntry.exit_id.is_not(None))
    standing = select(HouseholdExit.id, HouseholdExit.kind, *_EXPECTED).where(
        HouseholdExit.area_id == area_id, HouseholdExit.reversed_at.is_(None)
    )
    return [
        UncountedExit(area_id, row.id, row.what, int(row.expected), int(row.counted))
        for row in _differing(counted, standing)
    ]


#: Beside the ledger's lines stands a line of each thing that is to be counted once.
_IN_LEDGER = LedgerEntry.amount.label("counted"), literal_column("0", Integer).label("expected")
_EXPECTED = literal_column("0", Integer), literal_column("1", Integer)


def _differing(*lines: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Added up in the database: a regency has a hundred thousand lines, and none that differs."""
    line = union_all(*lines).subquery("line")
    counted, expected = func.sum(line.c.counted), func.sum(line.c.expected)
    key = [column for column in line.c if column.key not in ("counted", "expected")]
    return db.session.execute(
        select(*key, counted.label("counted"), expected.label("expected"))
        .group_by(*key)
        .having(counted != expected)
        .order_by(*key)
    ).all()
