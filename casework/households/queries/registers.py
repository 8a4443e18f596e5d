"""Who belongs to a group on a day."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    func,
    or_,
    select,
)

from casework.core.among import among
from casework.core.db import db
from casework.households.models import Household, Membership


def _in_group_on(area_id: Any, group_id: Any, on: Any) -> ColumnElement[bool]:
    return and_(
        Membership.area_id == area_id,
        Membership.group_id == group_id,
        Membership.from_on <= on,
        or_(Membership.to_on.is_(None), Membership.to_on > on),
    )


def register_on(area_id: Any, group_id: Any, on: Any, also: Select[uuid.UUID]) -> Subquery:
    """The households of a group on that day and those that `also` selects, each once: a
    register keeps whom it has, wherever the family belongs by now.

    Columns household_id, caretaker_name, status; is_member tells the two apart, and leaves
    that a member is out of the programme from a later day on. The caller has got the group
    through `scope`.
    """
    on_the_day = _in_group_on(area_id, group_id, on)
    members = select(Membership.household_id).where(on_the_day)
    registered = members.union(also).subquery("registered")
    member = members.add_columns(Membership.by_exit).subquery("member_of_the_day")
    return (
        select(
            Household.id.label("household_id"),
            Household.caretaker_name,
            Household.status,
            member.c.household_id.is_not(None).label("is_member"),
            member.c.by_exit.label("leaves"),
        )
        .join(registered, registered.c.household_id == Household.id)
        .outerjoin(member, member.c.household_id == Household.id)
        .where(Household.area_id == area_id)
        .subquery("register_line")
    )


def belonged(household_id: Any, area_id: Any, group_id: Any, on: Any) -> ColumnElement[bool]:
    """Whether a household was in that group on that day, as a column."""
    stay = select(Membership.household_id).where(
        Membership.household_id == household_id, _in_group_on(area_id, group_id, on)
    )
    return stay.correlate_except(Membership).exists()


def groups_ever(
    area_id: int | BindParameter[int],
    household_ids: Collection[uuid.UUID] | str,
) -> Subquery:
    """The groups that households were ever in: columns household_id, group_id, each pair once.

    Takes values, or for a statement that is built once a bound area and the name of bound ids.
    """
    household = Membership.household_id
    wanted = (
        among(household, household_ids)
        if isinstance(household_ids, str)
        else household.in_(household_ids)
    )
    return (
        select(Membership.household_id, Membership.group_id)
        .where(Membership.area_id == area_id, wanted)
        .distinct()
        .subquery("group_ever")
    )


def ever_in_group(
    area_id: int, group_id: uuid.UUID, household_ids: Collection[uuid.UUID]
) -> set[uuid.UUID]:
    """Of these households, those that were ever in the group. The caller has got it through
    `scope`."""
    if not household_ids:
        return set()
    return set(
        db.session.scalars(
            select(Membership.household_id).where(
                Membership.area_id == area_id,
                Membership.group_id == group_id,
                Membership.household_id.in_(household_ids),
            )
        )
    )


def member_count(group: Subquery) -> ScalarSelect[int]:
    """How many households are in a group now, as a column beside `scope.groups`."""
    return (
        select(func.count())
        .where(
            Membership.area_id == group.c.area_id,
            Membership.group_id == group.c.id,
            Membership.to_on.is_(None),
        )
        .scalar_subquery()
    )
