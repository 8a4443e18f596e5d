"""The only door to a household or a group: what is not behind it does not exist.

A facilitator sees the groups assigned to her today and the households in them; everybody else
sees what lies in the own region. Whatever is elsewhere answers like what never was
(design.md, section 6). Every other feature starts from `households` or `groups` here.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import (
    Case,
    Enum,
    Row,
    Select,
    Subquery,
    and_,
    case,
    exists,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.households.models import Assignment, Group, Household, Membership
from casework.households.rules import Care
from casework.regions.scope import probed_areas, within

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
)


def households(actor: Actor, *also: InstrumentedAttribute[Any]) -> Subquery:
    """Every household that exists for the actor, with its present group and facilitator.

    Columns: area_id, id, status, caretaker_name, village_code, first_stage, last_stage,
    member_since_year, group_id, group_name, facilitator_id; the last three are null for a
    household without a group. Bind `area_id` wherever it is known. `also` are further columns
    of `Household`: joined to itself afterwards, the table would be read twice.
    """
    return _households(actor).add_columns(*also).subquery("household_in_scope")


def _households(actor: Actor) -> Select[*tuple[Any, ...]]:
    open_membership = and_(
        Membership.area_id == Household.area_id,
        Membership.household_id == Household.id,
        Membership.to_on.is_(None),
    )
    its_group = and_(Group.area_id == Membership.area_id, Group.id == Membership.group_id)
    open_assignment = and_(
        Assignment.area_id == Group.area_id,
        Assignment.group_id == Group.id,
        Assignment.to_on.is_(None),
    )
    if actor.role is Role.FACILITATOR:
        return _households_in_care(actor.area_id, actor.user_id)
    return (
        select(*_HOUSEHOLD)
        .select_from(Household)
        .outerjoin(Membership, open_membership)
        .outerjoin(Group, its_group)
        .outerjoin(Assignment, open_assignment)
        .where(within(actor, Household.area_id, Household.village_code))
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
                Membership.to_on.is_(None),
            ),
        )
        .join(
            Household,
            and_(Household.area_id == Membership.area_id, Household.id == Membership.household_id),
        )
        .where(_in_care(area_id, facilitator_id), Household.area_id == area_id)
    )


def groups(actor: Actor) -> Subquery:
    """Every group that exists for the actor and is not closed.

    Columns: area_id, id, name, village_code, meeting_place, leader_id, closed_on,
    facilitator_id, facilitator_name (both null where nobody is assigned), care.
    """
    if actor.role is Role.FACILITATOR:
        return groups_in_care(actor.area_id, actor.user_id)
    return _named(_groups_around(actor).where(_IS_OPEN))


def groups_ever(actor: Actor) -> Subquery:
    """`groups`, and for whoever arranges them the closed ones too: what they did stays."""
    if actor.role is Role.FACILITATOR:
        return groups(actor)
    return _named(_groups_around(actor))


def _groups_around(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        _groups()
        .outerjoin(Assignment, _OPEN_ASSIGNMENT)
        .where(within(actor, Group.area_id, Group.village_code))
    )


def groups_in_care(area_id: Any, facilitator_id: Any) -> Subquery:
    """`groups` of a facilitator, by values or by bound parameters: pages that every facilitator
    opens all day build their statement once."""
    return _named(
        _groups()
        .join(Assignment, _OPEN_ASSIGNMENT)
        .where(_in_care(area_id, facilitator_id), Group.area_id == area_id, _IS_OPEN)
    )


def groups_led(area_id: Any, facilitator_id: Any, on: Any) -> Subquery:
    """`groups` that a facilitator had in her care on a day, or has now, each with her as its
    facilitator: what she did without signal on that day is hers to tell, though the group has
    been handed over or closed since."""
    hers = exists().where(
        Assignment.area_id == Group.area_id,
        Assignment.group_id == Group.id,
        Assignment.facilitator_id == facilitator_id,
        or_(
            Assignment.to_on.is_(None),
            and_(Assignment.from_on <= on, Assignment.to_on > on),
        ),
    )
    person = people()
    return (
        select(
            *_GROUP,
            person.c.id.label("facilitator_id"),
            person.c.name.label("facilitator_name"),
        )
        .join_from(Group, person, person.c.id == facilitator_id)
        .where(Group.area_id == area_id, or_(_IS_OPEN, Group.closed_on > on), hers)
        .subquery("group_in_scope")
    )


_GROUP = (
    Group.area_id,
    Group.id,
    Group.name,
    Group.village_code,
    Group.meeting_place,
    Group.leader_id,
    Group.closed_on,
)

_IS_OPEN = Group.closed_on.is_(None)

_OPEN_ASSIGNMENT = and_(
    Assignment.area_id == Group.area_id,
    Assignment.group_id == Group.id,
    Assignment.to_on.is_(None),
)


def _groups() -> Select[*tuple[Any, ...]]:
    return select(*_GROUP, Assignment.facilitator_id).select_from(Group)


def _named(seen: Select[*tuple[Any, ...]]) -> Subquery:
    """With the name of the facilitator, and whether she can look after it."""
    facilitator = people()
    return (
        seen.add_columns(
            facilitator.c.name.label("facilitator_name"), _care(facilitator).label("care")
        )
        .outerjoin(facilitator, facilitator.c.id == Assignment.facilitator_id)
        .subquery("group_in_scope")
    )


_CARE = Enum(
    Care, native_enum=False, length=32, values_callable=lambda all_: [one.value for one in all_]
)


def _care(facilitator: Subquery) -> Case[Care]:
    """`rules.Care` of a group, told from whoever it was given to."""
    region = facilitator.c.region_code
    is_around = or_(
        region.is_(None),
        Group.village_code == region,
        Group.village_code.startswith(region + "."),
    )
    return case(
        (Assignment.facilitator_id.is_(None), literal(Care.NOBODY, _CARE)),
        (~facilitator.c.is_active, literal(Care.DISABLED, _CARE)),
        (facilitator.c.role != Role.FACILITATOR, literal(Care.OTHER_ROLE, _CARE)),
        (~is_around, literal(Care.MOVED, _CARE)),
        else_=literal(Care.GIVEN, _CARE),
    )


def _in_care(area_id: Any, facilitator_id: Any) -> Any:
    return and_(
        Assignment.area_id == area_id,
        Assignment.facilitator_id == facilitator_id,
        Assignment.to_on.is_(None),
    )


def household(actor: Actor, household_id: uuid.UUID) -> Row[Any]:
    """One household with the columns of `households`. Raises: NotFound."""
    seen = households(actor)
    return _one(select(seen).where(probed_areas(actor, seen.c.area_id), seen.c.id == household_id))


def group(actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    """One group with the columns of `groups`. Raises: NotFound."""
    return _group_of(groups(actor), actor, group_id)


def group_ever(actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    """One group of `groups_ever`. Raises: NotFound."""
    return _group_of(groups_ever(actor), actor, group_id)


def _group_of(seen: Subquery, actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    return _one(select(seen).where(probed_areas(actor, seen.c.area_id), seen.c.id == group_id))


def household_for_change(actor: Actor, household_id: uuid.UUID) -> Household:
    """The row itself, locked until the transaction ends, so that two acts on one household
    wait for each other. Raises: NotFound."""
    seen = household(actor, household_id)
    return db.session.execute(
        select(Household)
        .where(Household.area_id == seen.area_id, Household.id == seen.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def group_for_change(actor: Actor, group_id: uuid.UUID) -> Group:
    """The row itself, locked until the transaction ends. Raises: NotFound."""
    seen = group(actor, group_id)
    return _held(select(Group).where(Group.area_id == seen.area_id, Group.id == seen.id, _IS_OPEN))


def group_ever_for_change(actor: Actor, group_id: uuid.UUID) -> Group:
    """The row itself, closed or not, locked until the transaction ends. Raises: NotFound."""
    seen = group_ever(actor, group_id)
    return _held(select(Group).where(Group.area_id == seen.area_id, Group.id == seen.id))


def group_to_join(actor: Actor, group_id: uuid.UUID) -> Group:
    """The row itself, which nobody can close before the transaction ends; others may join at
    the same time. Raises: NotFound."""
    seen = group(actor, group_id)
    wanted = select(Group).where(Group.area_id == seen.area_id, Group.id == seen.id, _IS_OPEN)
    return _held(wanted, shared=True)


def _held(wanted: Select[Group], *, shared: bool = False) -> Group:
    """Read once more when it is held: whoever held it before may have closed it.

    Raises: NotFound.
    """
    row = db.session.execute(
        wanted.with_for_update(read=shared, key_share=shared).execution_options(
            populate_existing=True
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _one(statement: Select[*tuple[Any, ...]]) -> Row[Any]:
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return row
