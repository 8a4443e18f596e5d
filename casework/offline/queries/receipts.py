"""Answers that were given."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from casework.access.actor import Actor
from casework.core.db import db
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


def receipts(actor: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Receipt]:
    """The actor's own, of those of these commands that were answered."""
    rows = db.session.execute(
        select(
            SyncReceipt.id,
            SyncReceipt.digest,
            SyncReceipt.outcome,
            SyncReceipt.message,
            SyncReceipt.details,
            SyncReceipt.received_at,
        ).where(
            SyncReceipt.area_id == actor.area_id,
            SyncReceipt.owner_id == actor.user_id,
            SyncReceipt.id.in_(ids),
        )
    )
    return {row.id: Receipt(*row) for row in rows}
