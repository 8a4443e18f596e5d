"""Families that left the programme otherwise, by the acts that lead there."""

from __future__ import annotations

import uuid
from datetime import date

from casework.access.actor import Actor
from casework.core import clock
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.policy import Leaving
from casework.households.rules import stage_of
from casework.ledger.rules import ExitKind

WHY = "Pindah ke Sorong ikut anak sulung, tidak akan kembali."
WRONG = "Yang meninggal tetangga bernama sama, keluarga ini masih ada."
LETTER = "140/77/DS-MLS/2026"


def leaving(
    kind: ExitKind = ExitKind.MOVED_AWAY,
    stage: str | None = None,
    on: date | None = None,
    reason: str = WHY,
    letter: str = LETTER,
) -> Leaving:
    """Today, from the present stage on."""
    today = clock.today("Asia/Makassar")
    return Leaving(kind, stage or stage_of(today), on or today, reason, letter)


def leave(
    actor: Actor,
    household_id: uuid.UUID,
    how: Leaving | None = None,
    *,
    exit_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Gives the exit's id."""
    with transaction():
        return actions.record_exit(
            actor, household_id, how or leaving(), exit_id=exit_id or new_id()
        )


def take_back(
    actor: Actor, household_id: uuid.UUID, exit_id: uuid.UUID, reason: str = WRONG
) -> None:
    with transaction():
        actions.reverse_exit(actor, household_id, exit_id, reason=reason)
