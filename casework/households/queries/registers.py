"""Who belongs to a group on a day."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import Subquery, and_, or_, select

from casework.households.models import Household, Membership


def members_on(area_id: int, group_id: uuid.UUID, on: date) -> Subquery:
    """The households of a group on that day: columns household_id, caretaker_name, status.

    The caller has got the group through `scope`.
    """
    return (
        select(
            Membership.household_id,
            Household.caretaker_name,
            Household.status,
        )
        .join(
            Household,
            and_(Household.area_id == Membership.area_id, Household.id == Membership.household_id),
        )
        .where(
            Membership.area_id == area_id,
            Household.area_id == area_id,
            Membership.group_id == group_id,
            Membership.from_on <= on,
            or_(Membership.to_on.is_(None), Membership.to_on > on),
        )
        .subquery("member")
    )
