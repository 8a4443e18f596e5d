"""What leaving the programme does to a family, by a graduation or otherwise, and its undoing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import SQLColumnExpression, select

from casework.access.actor import Actor
from casework.audit.actions import Line, record_all
from casework.audit.tags import Tag
from casework.core.db import db
from casework.households.actions.status import set_status
from casework.households.models import Group, Household, Membership
from casework.households.rules import HouseholdStatus


def graduate(actor: Actor, households: Sequence[Household], from_on: date) -> None:
    """Let households that the caller holds graduate from the first day of a payment stage on,
    which may lie ahead: till then their group's registers expect them.

    Raises: Conflict for one that no supervisor's approval stands for any more.
    """
    _leave(actor, households, from_on, HouseholdStatus.GRADUATED)


def leave_otherwise(actor: Actor, household: Household, from_on: date) -> None:
    """As `graduate`, where the family leaves the programme in another way.

    Raises: Conflict for one that is not active.
    """
    _leave(actor, [household], from_on, HouseholdStatus.EXITED)


def _leave(
    actor: Actor, households: Sequence[Household], from_on: date, status: HouseholdStatus
) -> None:
    for household in households:
        set_status(actor, household, status)
    lines = []
    leaving = {each.id: each for each in households}
    stays = _stays(households, Membership.to_on.is_(None))
    for stay in stays:
        # One that began since is not undone: phones may hold marks of it.
        stay.to_on = max(from_on, stay.from_on + timedelta(days=1))
        stay.by_exit = True
        household = leaving[stay.household_id]
        lines.append(_line(household, from_group=stay.group_id, to_group=None, on=stay.to_on))
    for group in _groups(stays):
        if group.leader_id in leaving:
            group.leader_id = None
    db.session.flush()
    record_all(actor, Tag.MEMBERSHIP_CHANGED, lines)


def come_back(actor: Actor, household: Household, today: date) -> None:
    """Let a household that has left, and that the caller holds, be active again in the group that
    it left: as if it had never left when the stage has not begun, else from today on. Where the
    group is closed by now, it belongs to none.
    """
    set_status(actor, household, HouseholdStatus.ACTIVE)
    stays = _stays([household], Membership.by_exit)
    if not stays:
        return
    (stay,) = stays
    group = db.session.get(Group, (household.area_id, stay.group_id), with_for_update=True)
    is_open = group is not None and group.closed_on is None
    ended_on = stay.to_on
    stay.by_exit = False
    if is_open and ended_on is not None and ended_on >= today:
        stay.to_on = None
    db.session.flush()
    if not is_open:
        return
    if stay.to_on is not None:
        db.session.add(
            Membership(
                area_id=household.area_id,
                household_id=household.id,
                from_on=today,
                group_id=stay.group_id,
                to_on=None,
            )
        )
        db.session.flush()
    record_all(
        actor,
        Tag.MEMBERSHIP_CHANGED,
        [_line(household, from_group=None, to_group=stay.group_id, on=today)],
    )


def _stays(
    households: Sequence[Household], which: SQLColumnExpression[bool]
) -> Sequence[Membership]:
    """One of each household at most, in the order in which the trail tells of them."""
    return db.session.scalars(
        select(Membership)
        .where(
            Membership.area_id.in_({each.area_id for each in households}),
            Membership.household_id.in_([each.id for each in households]),
            which,
        )
        .order_by(Membership.household_id)
        .execution_options(populate_existing=True)
    ).all()


def _groups(stays: Sequence[Membership]) -> Sequence[Group]:
    return db.session.scalars(
        select(Group).where(
            Group.area_id.in_({each.area_id for each in stays}),
            Group.id.in_({each.group_id for each in stays}),
        )
    ).all()


def _line(
    household: Household, *, from_group: uuid.UUID | None, to_group: uuid.UUID | None, on: date
) -> Line:
    return Line(
        household.area_id,
        "household",
        household.id,
        {
            "from_group": str(from_group) if from_group else None,
            "to_group": str(to_group) if to_group else None,
            "on": on.isoformat(),
        },
    )
