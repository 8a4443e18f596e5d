from __future__ import annotations

import uuid

from sqlalchemy import select

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.households.models import Assignment, Group
from casework.regions.rules import lies_in


def groups_in_care(actor: Actor, *, user_id: uuid.UUID) -> tuple[int, int]:
    """How many groups are in a person's care, and how many of them outside her region: those
    she was left with when she was moved."""
    person = people()
    rows = db.session.execute(
        select(Group.village_code, person.c.region_code)
        .join(Assignment, (Assignment.area_id == Group.area_id) & (Assignment.group_id == Group.id))
        .join(person, person.c.id == Assignment.facilitator_id)
        .where(
            Assignment.facilitator_id == user_id,
            Assignment.to_on.is_(None),
            Group.closed_on.is_(None),
        )
    ).all()
    outside = sum(not lies_in(row.village_code, row.region_code) for row in rows)
    return len(rows), outside
