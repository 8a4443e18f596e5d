"""Which groups exist for an actor."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    Exists,
    Integer,
    Result,
    Row,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    literal,
    or_,
    select,
)

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.queries.people import people
from casework.core.db import db, enum_type
from casework.core.errors import NotFound
from casework.core.kept import Kept
from casework.households.models import Assignment, Group
from casework.households.rules import Care
from casework.regions.scope import is_one_area, probed_areas, within


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
        .where(in_care(area_id, facilitator_id), Group.area_id == area_id, _IS_OPEN)
    )


def groups_led(area_id: Any, facilitator_id: Any, on: Any) -> Subquery:
    """`groups` that a facilitator had in her care on a day, or has now, each with her as its
    facilitator: what she did without signal on that day is hers to tell, though the group has
    been handed over or closed since, be it on the same day. `leads_now`: has it now."""
    hers = _hers(
        facilitator_id,
        or_(Assignment.to_on.is_(None), and_(Assignment.from_on <= on, Assignment.to_on >= on)),
    )
    person = people()
    return (
        select(
            *_GROUP,
            person.c.id.label("facilitator_id"),
            person.c.name.label("facilitator_name"),
            _hers(facilitator_id, Assignment.to_on.is_(None)).label("leads_now"),
        )
        .join_from(Group, person, person.c.id == facilitator_id)
        .where(Group.area_id == area_id, or_(_IS_OPEN, Group.closed_on >= on), hers)
        .subquery("group_in_scope")
    )


def _hers(facilitator_id: Any, when: ColumnElement[bool]) -> Exists:
    return exists().where(
        Assignment.area_id == Group.area_id,
        Assignment.group_id == Group.id,
        Assignment.facilitator_id == facilitator_id,
        when,
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


_CARE = enum_type(Care)


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


def in_care(area_id: Any, facilitator_id: Any) -> Any:
    return and_(
        Assignment.area_id == area_id,
        Assignment.facilitator_id == facilitator_id,
        Assignment.to_on.is_(None),
    )


def group(actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    """One group with the columns of `groups`. Raises: NotFound."""
    if actor.role is Role.FACILITATOR:
        return _known(_one_in_care, actor, group_id)
    if is_one_area(actor):
        return _known(_one_in_regency, actor, group_id)
    return _group_of(groups(actor), actor, group_id)


def group_ever(actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    """One group of `groups_ever`. Raises: NotFound."""
    return _group_of(groups_ever(actor), actor, group_id)


_AREA = bindparam("area_id", type_=Integer)
_ID = bindparam("id", type_=Uuid)


@Kept
def _one_in_care() -> Select[*tuple[Any, ...]]:
    """Built once, as what almost every act on a group begins with."""
    seen = groups_in_care(_AREA, bindparam("actor_id", type_=Uuid))
    return select(seen).where(seen.c.area_id == _AREA, seen.c.id == _ID)


@Kept
def _one_in_regency() -> Select[*tuple[Any, ...]]:
    around = _groups().outerjoin(Assignment, _OPEN_ASSIGNMENT)
    seen = _named(around.where(Group.area_id == _AREA, _IS_OPEN))
    return select(seen).where(seen.c.area_id == _AREA, seen.c.id == _ID)


def _known(kept: Kept, actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    given = {"area_id": actor.area_id, "actor_id": actor.user_id, "id": group_id}
    return one(kept.execute(given))


def _group_of(seen: Subquery, actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    wanted = select(seen).where(probed_areas(actor, seen.c.area_id), seen.c.id == group_id)
    return one(db.session.execute(wanted))


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


def one(found: Result[*tuple[Any, ...]]) -> Row[Any]:
    """Raises: NotFound where there is none."""
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row
