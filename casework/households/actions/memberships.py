"""Which group a household belongs to since when; on any day at most one."""

from __future__ import annotations

import uuid
from datetime import date

from flask_babel import format_date, lazy_gettext
from sqlalchemy import select

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.errors import Invalid
from casework.households import scope
from casework.households.actions.stays import move, stay
from casework.households.models import Group, Household, Membership
from casework.households.policy import check_day, check_in_programme
from casework.households.rules import Overlap, Stay


def put_household(actor: Actor, household_id: uuid.UUID, group_id: uuid.UUID, on: date) -> None:
    """Let a household belong to a group from that day on; where it was before ends that day.

    Raises: NotFound; Invalid on `on` or `group`; Refused for a family that has left.
    """
    check_day(actor, on)
    household = scope.household_for_change(actor, household_id)
    check_in_programme(household.status)
    group = scope.group_to_join(actor, group_id)
    if group.area_id != household.area_id:
        raise Invalid.field("group", lazy_gettext("Choose a group in the same regency or city."))
    begin = Membership(
        area_id=household.area_id,
        household_id=household_id,
        from_on=on,
        group_id=group_id,
        to_on=None,
    )
    try:
        moved = move(_stays(household), begin)
    except Overlap as overlap:
        raise _overlaps(household, overlap.stay) from None
    if moved is None:
        return
    _leave_lead(household, moved.before)
    _record(actor, household, moved.before, group_id, on)


def take_out(actor: Actor, household_id: uuid.UUID, on: date) -> None:
    """Let a household belong to no group from that day on.

    Raises: NotFound; Invalid on `on`.
    """
    check_day(actor, on)
    household = scope.household_for_change(actor, household_id)
    row = next((row for row in _stays(household) if row.to_on is None), None)
    if row is None:
        return
    if on < row.from_on:
        raise _overlaps(household, stay(row))
    group_id = row.group_id
    if on == row.from_on:  # put in by a slip, on this very day
        db.session.delete(row)
    else:
        row.to_on = on
    db.session.flush()
    _leave_lead(household, group_id)
    _record(actor, household, group_id, None, on)


def _stays(household: Household) -> list[Membership]:
    """All there ever were, read after the household is locked."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.area_id == household.area_id, Membership.household_id == household.id)
            .order_by(Membership.from_on)
            .execution_options(populate_existing=True)
        )
    )


def _overlaps(household: Household, taken: Stay) -> Invalid:
    group = db.session.scalar(
        select(Group.name).where(Group.area_id == household.area_id, Group.id == taken.place)
    )
    day = format_date(taken.to_on or taken.from_on, "d MMM y")
    return Invalid.field(
        "on",
        lazy_gettext(
            "%(name)s was in the group %(group)s until %(day)s. Choose that day or a later one.",
            name=household.caretaker_name,
            group=group,
            day=day,
        )
        if taken.to_on
        else lazy_gettext(
            "%(name)s is in the group %(group)s since %(day)s. Choose that day or a later one.",
            name=household.caretaker_name,
            group=group,
            day=day,
        ),
    )


def _leave_lead(household: Household, group_id: uuid.UUID | None) -> None:
    """Who leaves a group leads it no longer."""
    if group_id is None:
        return
    group = db.session.get(Group, (household.area_id, group_id))
    if group is not None and group.leader_id == household.id:
        group.leader_id = None


def _record(
    actor: Actor,
    household: Household,
    before: uuid.UUID | None,
    after: uuid.UUID | None,
    on: date,
) -> None:
    record(
        actor,
        Tag.MEMBERSHIP_CHANGED,
        subject_type="household",
        subject_id=household.id,
        area_id=household.area_id,
        from_group=str(before) if before else None,
        to_group=str(after) if after else None,
        on=on.isoformat(),
    )
