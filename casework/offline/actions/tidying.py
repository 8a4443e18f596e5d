"""Removing what is kept of what phones sent, once nobody needs it (docs/decisions/0018)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, tuple_

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.meetings.actions.tidying import remove_claims, settled_before
from casework.offline.models import SyncReceipt

#: A command that comes again later is known by its claim, its observation or its check instead.
RECEIPTS_KEPT = timedelta(days=180)
#: Longer than any installation lets a phone tell of a meeting (366 days), and the month in which
#: phones bring again what a restore has lost.
CLAIMS_KEPT = timedelta(days=400)
#: In one transaction: a moment for whoever works meanwhile.
_RECEIPTS_AT_ONCE = 2000
_MEETINGS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Removed:
    receipts: int = 0
    claims: int = 0


def tidy(actor: Actor, area_id: int) -> Iterator[Removed]:
    """Removes what may go of one regency, some at a time; stopped at any moment, the next time
    goes on.

    Opens its own transactions, for people work meanwhile: a year's rows in one would hold them up.
    """
    now = clock.now()
    while removed := _remove_receipts(actor, area_id, now - RECEIPTS_KEPT):
        yield Removed(receipts=removed)
    day = clock.today(actor.time_zone) - CLAIMS_KEPT
    while removed := _remove_claims(actor, area_id, day):
        yield Removed(claims=removed)


def _remove_receipts(actor: Actor, area_id: int, before: datetime) -> int:
    with transaction():
        oldest = (
            select(SyncReceipt.owner_id, SyncReceipt.id)
            .where(SyncReceipt.area_id == area_id, SyncReceipt.received_at < before)
            .order_by(SyncReceipt.received_at)
            .limit(_RECEIPTS_AT_ONCE)
        )
        keys = [tuple(row) for row in db.session.execute(oldest)]
        if keys:
            key = tuple_(SyncReceipt.owner_id, SyncReceipt.id)
            db.session.execute(
                delete(SyncReceipt).where(SyncReceipt.area_id == area_id, key.in_(keys))
            )
            _note(actor, area_id, Removed(receipts=len(keys)))
    return len(keys)


def _remove_claims(actor: Actor, area_id: int, before: date) -> int:
    with transaction():
        removed = 0
        if meetings := settled_before(area_id, before, _MEETINGS_AT_ONCE):
            removed = remove_claims(area_id, meetings)
            _note(actor, area_id, Removed(claims=removed))
    return removed


def _note(actor: Actor, area_id: int, removed: Removed) -> None:
    record_audit(
        actor,
        Tag.OUTBOX_TIDIED,
        subject_type="area",
        subject_id=str(area_id),
        area_id=area_id,
        receipts=removed.receipts,
        claims=removed.claims,
    )
