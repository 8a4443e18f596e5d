from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select

from casework.core.among import among, portions
from casework.core.db import db
from casework.graduation.models import Nomination
from casework.graduation.states import open_statuses


def nominated(area_id: int, household_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these households have a nomination under way."""
    query = select(Nomination.household_id).where(
        Nomination.area_id == area_id,
        among(Nomination.household_id, "ids"),
        Nomination.status.in_(open_statuses()),
    )
    return {
        household_id
        for portion in portions(household_ids)
        for household_id in db.session.scalars(query, {"ids": portion})
    }
