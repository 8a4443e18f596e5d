from __future__ import annotations

import uuid

from flask_babel import lazy_gettext
from sqlalchemy import select

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid
from casework.core.ids import new_id
from casework.core.upsert import insert_into
from casework.households import scope
from casework.households.models import Group, Membership
from casework.regions.queries import lookup
from casework.regions.rules import RegionLevel, lies_in


def make_group(actor: Actor, village_code: str, name: str, meeting_place: str = "") -> uuid.UUID:
    """Raises: Invalid on `village` or `name`."""
    village = lookup.region(village_code)
    if (
        village is None
        or village.level is not RegionLevel.VILLAGE
        or village.valid_to is not None
        or village.area_id is None
        or not lies_in(village.code, actor.region_code)
    ):
        raise Invalid.field("village", lazy_gettext("Choose a village within your region."))
    group_id = new_id()
    made = db.session.scalar(
        insert_into(Group)
        .values(
            area_id=village.area_id,
            id=group_id,
            name=name,
            village_code=village.code,
            meeting_place=meeting_place,
            leader_id=None,
            created_at=clock.now(),
            closed_on=None,
        )
        .on_conflict_do_nothing()
        .returning(Group.id)
    )
    if made is None:
        raise _name_taken()
    record(
        actor,
        Tag.GROUP_MADE,
        subject_type="group",
        subject_id=group_id,
        area_id=village.area_id,
        name=name,
        village=village.code,
    )
    return group_id


def change_group(
    actor: Actor,
    group_id: uuid.UUID,
    *,
    name: str,
    meeting_place: str,
    leader_id: uuid.UUID | None,
) -> None:
    """Raises: NotFound; Invalid on `name` or `leader`."""
    group = scope.group_for_change(actor, group_id)
    if name != group.name and _is_taken(group, name):
        raise _name_taken()
    if leader_id is not None and leader_id != group.leader_id and not _is_member(group, leader_id):
        raise Invalid.field("leader", lazy_gettext("The leader is one of the group's families."))
    wanted = {"name": name, "meeting_place": meeting_place, "leader_id": leader_id}
    changes = {}
    for field, after in wanted.items():
        before = getattr(group, field)
        if before != after:
            changes[field] = [_plain(before), _plain(after)]
            setattr(group, field, after)
    if not changes:
        return
    db.session.flush()
    record(
        actor,
        Tag.GROUP_CHANGED,
        subject_type="group",
        subject_id=group_id,
        area_id=group.area_id,
        changes=changes,
    )


def _is_taken(group: Group, name: str) -> bool:
    others = select(Group.id).where(
        Group.area_id == group.area_id,
        Group.village_code == group.village_code,
        Group.name == name,
        Group.id != group.id,
    )
    return db.session.scalar(others) is not None


def _is_member(group: Group, household_id: uuid.UUID) -> bool:
    member = select(Membership.household_id).where(
        Membership.area_id == group.area_id,
        Membership.household_id == household_id,
        Membership.group_id == group.id,
        Membership.to_on.is_(None),
    )
    return db.session.scalar(member) is not None


def _name_taken() -> Invalid:
    return Invalid.field("name", lazy_gettext("This village has a group of that name already."))


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
