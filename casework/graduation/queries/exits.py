"""Families that left the programme otherwise: what was recorded of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from casework.core.db import db
from casework.core.errors import NotFound
from casework.graduation.models import HouseholdExit


def exits_of(area_id: int, household_id: uuid.UUID) -> Sequence[HouseholdExit]:
    """Of a household that the caller has got through its scope, the latest first; those too that
    were taken back."""
    return db.session.scalars(
        select(HouseholdExit)
        .where(HouseholdExit.area_id == area_id, HouseholdExit.household_id == household_id)
        .order_by(HouseholdExit.recorded_at.desc(), HouseholdExit.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def last_standing(exits: Sequence[HouseholdExit]) -> HouseholdExit | None:
    """The latest that was not taken back."""
    return next((each for each in exits if each.stands), None)


def exit_among(exits: Sequence[HouseholdExit], exit_id: uuid.UUID) -> HouseholdExit:
    """Raises: NotFound."""
    found = next((each for each in exits if each.id == exit_id), None)
    if found is None:
        raise NotFound
    return found
