"""Does the tally say what the ledger says, and the ledger what was decided?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from casework.core.db import db
from casework.graduation.models import Nomination
from casework.graduation.states import (
    COUNTS_AS_APPROVED,
    COUNTS_AS_ESTABLISHED,
    NominationStatus,
)
from casework.ledger.models import LedgerEntry
from casework.ledger.rules import CountedState

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


def areas_with_nominations() -> list[int]:
    return list(
        db.session.scalars(select(Nomination.area_id).distinct().order_by(Nomination.area_id))
    )


def uncounted_decisions(area_id: int) -> list[UncountedDecision]:
    """Nominations of a regency where ledger and state differ, in either direction."""
    return [wrong for state in CountedState for wrong in _uncounted(area_id, state)]


def _uncounted(area_id: int, state: CountedState) -> list[UncountedDecision]:
    sums = {
        row.nomination_id: int(row.amount)
        for row in db.session.execute(
            select(LedgerEntry.nomination_id, func.sum(LedgerEntry.amount).label("amount"))
            .where(LedgerEntry.area_id == area_id, LedgerEntry.state == state)
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
