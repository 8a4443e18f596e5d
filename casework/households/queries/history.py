"""Who looked after a group, and who belonged to it, in former times."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, select

from casework.accounts.queries.people import people
from casework.core.db import db
from casework.households.models import Assignment, Group, Household, Membership


def care_history(area_id: int, group_id: uuid.UUID) -> list[Row[str, date, date | None]]:
    """Who has looked after a group, the latest first: name, from_on, to_on."""
    person = people()
    return list(
        db.session.execute(
            select(person.c.name, Assignment.from_on, Assignment.to_on)
            .join(person, person.c.id == Assignment.facilitator_id)
            .where(Assignment.area_id == area_id, Assignment.group_id == group_id)
            .order_by(Assignment.from_on.desc())
        )
    )


#: The latest departures; whoever wants more finds them in the trail.
_MOST_DEPARTURES = 20


def departures(area_id: int, group_id: uuid.UUID) -> list[Row[Any]]:
    """Families that have left the group: household_id, caretaker_name, from_on, to_on."""
    return list(
        db.session.execute(
            select(
                Membership.household_id,
                Household.caretaker_name,
                Membership.from_on,
                Membership.to_on,
            )
            .join(
                Household,
                and_(
                    Household.area_id == Membership.area_id,
                    Household.id == Membership.household_id,
                ),
            )
            .where(
                Membership.area_id == area_id,
                Membership.group_id == group_id,
                Membership.to_on.is_not(None),
            )
            .order_by(Membership.to_on.desc(), Household.caretaker_name)
            .limit(_MOST_DEPARTURES)
        )
    )


def stay_history(area_id: int, household_id: uuid.UUID) -> list[Row[str, date, date | None]]:
    """The groups a family has belonged to, the latest first: name, from_on, to_on."""
    return list(
        db.session.execute(
            select(Group.name, Membership.from_on, Membership.to_on)
            .join(Group, and_(Group.area_id == Membership.area_id, Group.id == Membership.group_id))
            .where(Membership.area_id == area_id, Membership.household_id == household_id)
            .order_by(Membership.from_on.desc())
        )
    )
