from __future__ import annotations

import uuid

from sqlalchemy import select

from casework.audit.queries.counting import actors_on
from casework.audit.tags import Tag
from casework.core.db import db
from casework.economics.queries import recorders as economics
from casework.readiness.models import ReadinessCheck


def recorders(area_id: int, household_id: uuid.UUID) -> set[uuid.UUID]:
    """Everybody who wrote about this family what its readiness is computed from: answers,
    observations, businesses, the year in which it joined. Not attendance, which is the register of
    a whole group, nor the roster. The caller has got the household through `scope`."""
    answered = select(ReadinessCheck.answered_by).where(
        ReadinessCheck.area_id == area_id, ReadinessCheck.household_id == household_id
    )
    joined = actors_on(area_id, [str(household_id)], Tag.HOUSEHOLD_ENTRY_RECORDED)
    return set(db.session.scalars(answered)) | economics.recorders(area_id, household_id) | joined
