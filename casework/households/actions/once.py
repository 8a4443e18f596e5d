"""A form about a household is saved once, however often a bad network sends it."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from casework.access.actor import Actor
from casework.core.db import db
from casework.core.errors import Conflict


def was_saved(
    model: Any, actor: Actor, area_id: int, household_id: uuid.UUID, row_id: uuid.UUID
) -> bool:
    """Whether this very form was saved before, as a row of `model` (`area_id`, `id`,
    `household_id`, `recorded_by`); its id was made with the form.

    Raises: Conflict where the id is that of another person's form, or of another household.
    """
    row = db.session.execute(
        select(model.household_id, model.recorded_by).where(
            model.area_id == area_id, model.id == row_id
        )
    ).one_or_none()
    if row is None:
        return False
    if (row.household_id, row.recorded_by) != (household_id, actor.user_id):
        raise Conflict(lazy_gettext("This form was used already. Open the page again."))
    return True
