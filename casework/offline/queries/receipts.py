"""Answers that were given."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from casework.access.actor import Actor
from casework.core.among import among
from casework.core.db import db
from casework.core.kept import Kept
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
    found: Sequence[Any] = _with_epoch.execute(_given(actor, ids)).all()
    epoch = found[0].epoch
    known = {row.id: Receipt(*row[1:]) for row in found if row.id}
    return known, str(epoch) if epoch else ""


def receipts(actor: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Receipt]:
    """The actor's own, of those of these commands that were answered."""
    rows: Iterable[Any] = _those.execute(_given(actor, ids))
    return {row.id: Receipt(*row) for row in rows}


def _given(actor: Actor, ids: Collection[uuid.UUID]) -> dict[str, Any]:
    return {"area_id": actor.area_id, "owner_id": actor.user_id, "ids": list(ids)}


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


@Kept
def _with_epoch() -> Select[*tuple[Any, ...]]:
    """Built once: every sending begins with it."""
    one = select(epoch_id().label("epoch")).subquery()
    return select(one.c.epoch, *_COLUMNS).outerjoin_from(one, SyncReceipt, _own())


@Kept
def _those() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(_own())


def _own() -> ColumnElement[bool]:
    return and_(
        SyncReceipt.area_id == bindparam("area_id"),
        SyncReceipt.owner_id == bindparam("owner_id"),
        among(SyncReceipt.id, "ids"),
    )
