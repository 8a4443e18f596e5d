"""Which households exist for an actor."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.core.among import among, portions
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.kept import Kept
from casework.households.models import Assignment, Group, Household, Membership
from casework.households.scope.of_groups import in_care, one
from casework.regions.scope import is_one_area, probed_areas, within

_HOUSEHOLD = (
    Household.area_id,
    Household.id,
    Household.status,
    Household.caretaker_name,
    Household.village_code,
    Household.first_stage,
    Household.last_stage,
    Household.member_since_year,
    Group.id.label("group_id"),
    Group.name.label("group_name"),
    Assignment.facilitator_id,
    Membership.to_on.label("leaves_on"),
)

#: The group that a household belongs to, or belonged to when it left the programme: the family
#: goes on being seen by whoever looks after that group (docs/decisions/0019). One row at most.
_ITS_LAST = or_(Membership.to_on.is_(None), Membership.by_exit)


def households(actor: Actor, *also: InstrumentedAttribute[Any]) -> Subquery:
    """Every household that exists for the actor, with its present group and facilitator; of
    one that has left the programme the group that it left, and who looks after that now.

    Columns: area_id, id, status, caretaker_name, village_code, first_stage, last_stage,
    member_since_year, group_id, group_name, facilitator_id, leaves_on; the last four are null for
    a household without a group, leaves_on also for every one that has not left. Bind
    `area_id` wherever it is known. `also` are further columns of `Household`: joined to itself
    afterwards, the table would be read twice.
    """
    return _households(actor).add_columns(*also).subquery("household_in_scope")


def _households(actor: Actor) -> Select[*tuple[Any, ...]]:
    if actor.role is Role.FACILITATOR:
        return _households_in_care(actor.area_id, actor.user_id)
    return _households_around(within(actor, Household.area_id, Household.village_code))


def households_in_regency(area_id: Any) -> Subquery:
    """`households` of whoever's region is that regency, by value or by bound parameter."""
    return _households_around(Household.area_id == area_id).subquery("household_in_scope")


def _households_around(lies: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    open_membership = and_(
        Membership.area_id == Household.area_id,
        Membership.household_id == Household.id,
        _ITS_LAST,
    )
    its_group = and_(Group.area_id == Membership.area_id, Group.id == Membership.group_id)
    open_assignment = and_(
        Assignment.area_id == Group.area_id,
        Assignment.group_id == Group.id,
        Assignment.to_on.is_(None),
    )
    return (
        select(*_HOUSEHOLD)
        .select_from(Household)
        .outerjoin(Membership, open_membership)
        .outerjoin(Group, its_group)
        .outerjoin(Assignment, open_assignment)
        .where(lies)
    )


def households_in_care(area_id: Any, facilitator_id: Any) -> Subquery:
    """`households` of a facilitator, by values or by bound parameters, as `groups_in_care`."""
    return _households_in_care(area_id, facilitator_id).subquery("household_in_scope")


def _households_in_care(area_id: Any, facilitator_id: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*_HOUSEHOLD)
        .select_from(Assignment)
        .join(Group, and_(Group.area_id == Assignment.area_id, Group.id == Assignment.group_id))
        .join(
            Membership,
            and_(
                Membership.area_id == Group.area_id,
                Membership.group_id == Group.id,
                _ITS_LAST,
            ),
        )
        .join(
            Household,
            and_(Household.area_id == Membership.area_id, Household.id == Membership.household_id),
        )
        .where(in_care(area_id, facilitator_id), Household.area_id == area_id)
    )


def household(actor: Actor, household_id: uuid.UUID) -> Row[Any]:
    """One household with the columns of `households`. Raises: NotFound."""
    given = {"area_id": actor.area_id, "actor_id": actor.user_id, "id": household_id}
    if actor.role is Role.FACILITATOR:
        return one(_one_in_care.execute(given))
    if is_one_area(actor):
        return one(_one_in_regency.execute(given))
    seen = households(actor)
    return one(db.session.execute(_one(seen, probed_areas(actor, seen.c.area_id)), given))


_AREA = bindparam("area_id", type_=Integer)


def _one(seen: Subquery, lies: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(seen).where(lies, seen.c.id == bindparam("id", type_=Uuid))


@Kept
def _one_in_care() -> Select[*tuple[Any, ...]]:
    """Built once, as what almost every act on a family begins with."""
    seen = households_in_care(_AREA, bindparam("actor_id", type_=Uuid))
    return _one(seen, seen.c.area_id == _AREA)


@Kept
def _one_in_regency() -> Select[*tuple[Any, ...]]:
    seen = households_in_regency(_AREA)
    return _one(seen, seen.c.area_id == _AREA)


def households_for_change(
    actor: Actor, area_id: int, household_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Household]:
    """The rows themselves of one regency by id, locked in one order until the transaction ends.

    Raises: NotFound when one of them does not exist for the actor.
    """
    seen = _households(actor).where(Household.area_id == area_id).subquery("household_in_scope")
    wanted = set(household_ids)
    rows = {
        row.id: row
        for portion in portions(sorted(wanted))
        for row in db.session.scalars(
            select(Household)
            .join(seen, and_(seen.c.area_id == Household.area_id, seen.c.id == Household.id))
            .where(Household.area_id == area_id, among(Household.id, "ids"))
            .order_by(Household.id)
            .with_for_update(of=Household)
            .execution_options(populate_existing=True),
            {"ids": portion},
        )
    }
    if rows.keys() != wanted:
        raise NotFound
    return rows


def household_for_change(actor: Actor, household_id: uuid.UUID) -> Household:
    """The row itself, locked until the transaction ends, so that two acts on one household
    wait for each other. Raises: NotFound."""
    seen = household(actor, household_id)
    given = {"area_id": seen.area_id, "id": seen.id}
    return db.session.execute(_held(), given).scalar_one()


@cache
def _held() -> Select[Household]:
    return (
        select(Household)
        .where(Household.area_id == _AREA, Household.id == bindparam("id", type_=Uuid))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
