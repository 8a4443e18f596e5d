from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from casework.core.among import among, portions
from casework.core.db import db
from casework.core.errors import NotFound
from casework.graduation.models import BatchEntry, Nomination


def nominations_for_change(
    area_id: int, nomination_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Nomination]:
    """The rows by id, locked in one order until the transaction ends. Whether they exist for the
    actor, the caller asks by their households. Raises: NotFound."""
    wanted = set(nomination_ids)
    rows = {
        row.id: row
        for portion in portions(sorted(wanted))
        for row in db.session.scalars(
            select(Nomination)
            .where(Nomination.area_id == area_id, among(Nomination.id, "ids"))
            .order_by(Nomination.id)
            .with_for_update()
            .execution_options(populate_existing=True),
            {"ids": portion},
        )
    }
    if rows.keys() != wanted:
        raise NotFound
    return rows


def entries_for_change(area_id: int, batch_id: uuid.UUID) -> dict[uuid.UUID, BatchEntry]:
    """Every line of a batch by its nomination, locked until the transaction ends."""
    return {
        row.nomination_id: row
        for row in db.session.scalars(
            select(BatchEntry)
            .where(BatchEntry.area_id == area_id, BatchEntry.batch_id == batch_id)
            .order_by(BatchEntry.position)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
