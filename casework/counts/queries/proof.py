"""Does the ledger say what was decided, and what was recorded of other exits?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

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
    """A nomination whose sum in the ledger is not what its state says."""

    area_id: int
    nomination_id: uuid.UUID
    #: None: in no state that counts.
    status: NominationStatus | None
    state: CountedState
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
    return [wrong for state in _COUNTS for wrong in _uncounted(area_id, state)]


def uncounted_exits(area_id: int) -> list[UncountedExit]:
    """Exits of a regency where ledger and record differ, in either direction."""
    sums = {
        (row.exit_id, row.kind): int(row.amount)
        for row in db.session.execute(
            select(
                LedgerEntry.exit_id,
                LedgerEntry.kind,
                func.sum(LedgerEntry.amount).label("amount"),
            )
            .where(LedgerEntry.area_id == area_id, LedgerEntry.exit_id.is_not(None))
            .group_by(LedgerEntry.exit_id, LedgerEntry.kind)
        )
    }
    standing = {
        (row.id, row.kind)
        for row in db.session.execute(
            select(HouseholdExit.id, HouseholdExit.kind).where(
                HouseholdExit.area_id == area_id, HouseholdExit.reversed_at.is_(None)
            )
        )
    }
    return [
        UncountedExit(area_id, *key, int(key in standing), sums.get(key, 0))
        for key in sorted(standing | set(sums))
        if sums.get(key, 0) != int(key in standing)
    ]


def _uncounted(area_id: int, state: CountedState) -> list[UncountedDecision]:
    sums = {
        row.nomination_id: int(row.amount)
        for row in db.session.execute(
            select(LedgerEntry.nomination_id, func.sum(LedgerEntry.amount).label("amount"))
            .where(
                LedgerEntry.area_id == area_id,
                LedgerEntry.state == state,
                LedgerEntry.nomination_id.is_not(None),
            )
            .group_by(LedgerEntry.nomination_id)
        )
    }
    counting = {
        row.id: row.status
        for row in db.session.execute(
            select(Nomination.id, Nomination.status).where(
                Nomination.area_id == area_id, Nomination.status.in_(_COUNTS[state])
            )
        )
    }
    wrong = []
    for nomination_id in sorted(set(sums) | set(counting)):
        expected = 1 if nomination_id in counting else 0
        ledger = sums.get(nomination_id, 0)
        if ledger != expected:
            wrong.append(
                UncountedDecision(
                    area_id, nomination_id, counting.get(nomination_id), state, expected, ledger
                )
            )
    return wrong
