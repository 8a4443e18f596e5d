"""Groups as lists and pages show them."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Row, Subquery, and_, func, or_, select

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.households import scope
from casework.households.models import Assignment, Household, Membership
from casework.households.rules import IN_PROGRAMME
from casework.regions.queries.places import places
from casework.regions.rules import parent_of, with_ancestors
from casework.regions.scope import lying_in


def own_groups(actor: Actor) -> list[Row[uuid.UUID, str]]:
    """The groups in a facilitator's care, by village and name: id, name."""
    seen = scope.groups(actor)
    query = select(seen.c.id, seen.c.name).order_by(seen.c.village_code, seen.c.name, seen.c.id)
    return list(db.session.execute(query))


def without_group(actor: Actor) -> list[Row[str, str, int]]:
    """Villages with families of the programme that belong to no group: code, name, number."""
    seen, place = scope.households(actor), places()
    query = (
        select(seen.c.village_code, place.c.name, func.count().label("households"))
        .join(place, place.c.code == seen.c.village_code)
        .where(seen.c.group_id.is_(None), seen.c.status.in_(IN_PROGRAMME))
        .group_by(seen.c.village_code, place.c.name)
        .order_by(place.c.name, seen.c.village_code)
    )
    return list(db.session.execute(query))


def group(actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    """One group: the columns of `scope.groups`, village_name and leader_name. Raises: NotFound."""
    return _one(scope.groups(actor), group_id)


def group_ever(actor: Actor, group_id: uuid.UUID) -> Row[Any]:
    """`group`, also when it is closed. Raises: NotFound."""
    return _one(scope.groups_ever(actor), group_id)


def _one(seen: Subquery, group_id: uuid.UUID) -> Row[Any]:
    place = places()
    row = db.session.execute(
        select(
            seen, place.c.name.label("village_name"), Household.caretaker_name.label("leader_name")
        )
        .join(place, place.c.code == seen.c.village_code)
        .outerjoin(
            Household, and_(Household.area_id == seen.c.area_id, Household.id == seen.c.leader_id)
        )
        .where(seen.c.id == group_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def members(area_id: int, group_id: uuid.UUID) -> list[Row[Any]]:
    """The families in a group now, by name: household_id, caretaker_name, status, from_on."""
    return list(
        db.session.execute(
            select(
                Membership.household_id,
                Household.caretaker_name,
                Household.status,
                Membership.from_on,
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
                Membership.to_on.is_(None),
            )
            .order_by(Household.caretaker_name, Household.id)
        )
    )


#: More families to choose from on one page help nobody; the rest comes after these are put in.
MOST_CANDIDATES = 100


def candidates(actor: Actor, village_code: str) -> list[Row[uuid.UUID, str]]:
    """Families of a village that belong to no group: id, caretaker_name."""
    seen = scope.households(actor)
    return list(
        db.session.execute(
            select(seen.c.id, seen.c.caretaker_name)
            .where(
                seen.c.village_code == village_code,
                seen.c.group_id.is_(None),
                seen.c.status.in_(IN_PROGRAMME),
            )
            .order_by(seen.c.caretaker_name, seen.c.id)
            .limit(MOST_CANDIDATES)
        )
    )


def groups_around(actor: Actor, village_code: str) -> list[Row[Any]]:
    """Groups in the district of a village, its own first: where a family may move."""
    seen, place = scope.groups(actor), places()
    return list(
        db.session.execute(
            select(
                seen.c.id, seen.c.name, place.c.name.label("village_name"), seen.c.facilitator_name
            )
            .join(place, place.c.code == seen.c.village_code)
            .where(lying_in(seen.c.village_code, parent_of(village_code) or village_code))
            .order_by(seen.c.village_code != village_code, place.c.name, seen.c.name)
        )
    )


def facilitators_for(village_code: str) -> list[Row[uuid.UUID, str, bool, int]]:
    """Facilitators who are not disabled and whose region includes the village, with the number
    of their groups: id, name, has_password, groups."""
    person = people()
    around = with_ancestors(village_code)[1:]
    return list(
        db.session.execute(
            select(
                person.c.id,
                person.c.name,
                person.c.has_password,
                func.count(Assignment.group_id).label("groups"),
            )
            .outerjoin(
                Assignment,
                and_(Assignment.facilitator_id == person.c.id, Assignment.to_on.is_(None)),
            )
            .where(
                person.c.role == Role.FACILITATOR,
                person.c.is_active,
                or_(*[person.c.region_code == code for code in around]),
            )
            .group_by(person.c.id, person.c.name, person.c.has_password)
            .order_by(person.c.name, person.c.id)
        )
    )
