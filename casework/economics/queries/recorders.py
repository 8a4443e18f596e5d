from __future__ import annotations

import uuid

from sqlalchemy import select, union

from casework.audit.queries.counting import actors_on
from casework.audit.tags import Tag
from casework.core.db import db
from casework.economics.models import Enterprise, Observation


def recorders(area_id: int, household_id: uuid.UUID) -> set[uuid.UUID]:
    """Everybody who ever recorded a family's observations or businesses, or corrected one: what
    the ladder and readiness are computed from. The caller has got the household through
    `scope`."""
    seen = select(Observation.recorded_by).where(
        Observation.area_id == area_id, Observation.household_id == household_id
    )
    businesses = (Enterprise.area_id == area_id, Enterprise.household_id == household_id)
    begun = select(Enterprise.recorded_by).where(*businesses)
    found = set(db.session.scalars(union(seen, begun)))
    ids = db.session.scalars(select(Enterprise.id).where(*businesses)).all()
    # The row knows who recorded it first; only the trail knows who corrected it.
    return found | actors_on(area_id, [str(each) for each in ids], Tag.ENTERPRISE_CHANGED)
