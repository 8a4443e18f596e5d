"""Answers that were given."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from casework.access.actor import Actor
from casework.core.db import db
from casework.meetings.queries.epochs import epoch_id
from casework.offline.models import SyncReceipt
from casework.offline.rules import Outcome


@dataclass(frozen=True, slots=True)
class Receipt:
    id: uuid.UUID
    digest: str
    outcome: Outcome
    message: str
    details: Mapping[str, Any]
    received_at: datetime


def receipts_and_epoch(
    actor: Actor, ids: Collection[uuid.UUID]
) -> tuple[dict[uuid.UUID, Receipt], str]:
    """`receipts`, and the epoch that they are of, in one statement; "" before the first."""
    one = select(epoch_id().label("epoch")).subquery()
    found = db.session.execute(
        select(one.c.epoch, *_COLUMNS).outerjoin_from(one, SyncReceipt, _own(actor, ids))
    ).all()
    epoch = found[0].epoch
    known = {row.id: Receipt(*row[1:]) for row in found if row.id}
    return known, str(epoch) if epoch else ""


def receipts(actor: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Receipt]:
    """The actor's own, of those of these commands that were answered."""
    rows = db.session.execute(select(*_COLUMNS).where(_own(actor, ids)))
    return {row.id: Receipt(*row) for row in rows}


def areas_with_receipts() -> Sequence[int]:
    """For the command line, which sees the whole nation."""
    return db.session.scalars(
        select(SyncReceipt.area_id).distinct().order_by(SyncReceipt.area_id)
    ).all()


_COLUMNS = (
    SyncReceipt.id,
    SyncReceipt.digest,
    SyncReceipt.outcome,
    SyncReceipt.message,
    SyncReceipt.details,
    SyncReceipt.received_at,
)


def _own(actor: Actor, ids: Collection[uuid.UUID]) -> ColumnElement[bool]:
    return and_(
        SyncReceipt.area_id == actor.area_id,
        SyncReceipt.owner_id == actor.user_id,
        SyncReceipt.id.in_(ids),
    )
