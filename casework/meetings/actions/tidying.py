"""Letting go of what phones said of meetings that nobody speaks of any more."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, exists, select

from casework.core.db import db
from casework.meetings.models import Meeting, RegisterClaim


def settled_before(area_id: int, day: date, most: int) -> Sequence[uuid.UUID]:
    """Meetings held before that day that still have claims, though nothing in them differs."""
    return db.session.scalars(
        select(Meeting.id)
        .where(
            Meeting.area_id == area_id,
            Meeting.held_on < day,
            Meeting.differing == 0,
            ~Meeting.is_head_differing,
            exists().where(
                RegisterClaim.area_id == area_id, RegisterClaim.meeting_id == Meeting.id
            ),
        )
        .order_by(Meeting.held_on)
        .limit(most)
    ).all()


def remove_claims(area_id: int, meeting_ids: Collection[uuid.UUID]) -> int:
    """What stands stays as it is: what was last said of each family is in its mark. Gives how
    many there were."""
    removed = db.session.execute(
        delete(RegisterClaim).where(
            RegisterClaim.area_id == area_id, RegisterClaim.meeting_id.in_(meeting_ids)
        )
    )
    return int(removed.rowcount)  # type: ignore[attr-defined]
