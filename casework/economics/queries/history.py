"""Everything on record of one family's economy, newest first."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select

from casework.core.db import db
from casework.core.errors import NotFound
from casework.economics.models import Enterprise, Observation, SupportReceived


def observations_of(area_id: int, household_id: uuid.UUID) -> list[Observation]:
    """Those that count. The caller has got the household through `scope`; so for all queries
    here."""
    given = {"area_id": area_id, "household_id": household_id}
    return list(db.session.scalars(_that_count(), given))


@cache
def _that_count() -> Select[Observation]:
    return (
        select(Observation)
        .where(
            Observation.area_id == bindparam("area_id"),
            Observation.household_id == bindparam("household_id"),
            Observation.taken_back_at.is_(None),
        )
        .order_by(Observation.observed_on.desc(), Observation.recorded_at.desc())
    )


def observations_since(
    area_id: int, household_id: uuid.UUID, user_id: uuid.UUID, since: datetime
) -> int:
    """How many a person has recorded of the family since then, also those that count no more."""
    count = db.session.scalar(
        select(func.count()).where(
            Observation.area_id == area_id,
            Observation.household_id == household_id,
            Observation.recorded_by == user_id,
            Observation.recorded_at >= since,
        )
    )
    return count or 0


def observation(area_id: int, observation_id: uuid.UUID | None) -> Observation | None:
    """One, also if it was taken back since."""
    if observation_id is None:
        return None
    return db.session.get(Observation, (area_id, observation_id))


def enterprises_of(area_id: int, household_id: uuid.UUID) -> list[Enterprise]:
    """Running ones first."""
    return list(
        db.session.scalars(
            select(Enterprise)
            .where(Enterprise.area_id == area_id, Enterprise.household_id == household_id)
            .order_by(Enterprise.ended_on.is_not(None), Enterprise.since_on.desc(), Enterprise.id)
        )
    )


def support_of(area_id: int, household_id: uuid.UUID) -> list[SupportReceived]:
    return list(
        db.session.scalars(
            select(SupportReceived)
            .where(SupportReceived.area_id == area_id, SupportReceived.household_id == household_id)
            .order_by(SupportReceived.received_on.desc(), SupportReceived.recorded_at.desc())
        )
    )


def enterprise_of(area_id: int, household_id: uuid.UUID, enterprise_id: uuid.UUID) -> Enterprise:
    """Raises: NotFound, also for a business of another household."""
    found = db.session.scalar(
        select(Enterprise).where(
            Enterprise.area_id == area_id,
            Enterprise.household_id == household_id,
            Enterprise.id == enterprise_id,
        )
    )
    if found is None:
        raise NotFound
    return found
