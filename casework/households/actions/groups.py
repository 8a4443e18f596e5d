"""What becomes of a group: made, changed, closed, opened again."""

from __future__ import annotations

import uuid
from datetime import date

from flask_babel import lazy_gettext
from sqlalchemy import Row, select

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid
from casework.core.ids import new_id
from casework.core.upsert import insert_into
from casework.households import scope
from casework.households.models import Assignment, Group, Membership
from casework.households.policy import check_empty
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
        raise _name_taken(_holder_of(village.area_id, village.code, name))
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
    if name != group.name:
        holder = _holder_of(group.area_id, group.village_code, name)
        if holder is not None:
            raise _name_taken(holder)
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


def close_group(actor: Actor, group_id: uuid.UUID) -> None:
    """Let a group be no more from today on; nobody looks after it any longer. What it did stays.
    Pressed twice, it is closed once.

    Raises: NotFound; Refused while families belong to it: they would be in nobody's care, and
    nobody would see that they are.
    """
    group = scope.group_ever_for_change(actor, group_id)
    if group.closed_on is not None:
        return
    check_empty(group.area_id, group_id)
    today = clock.today(actor.time_zone)
    former = _end_care(group, today)
    group.closed_on = today
    db.session.flush()
    record(
        actor,
        Tag.GROUP_CLOSED,
        subject_type="group",
        subject_id=group_id,
        area_id=group.area_id,
        on=today.isoformat(),
        from_facilitator=_plain(former),
    )


def reopen_group(actor: Actor, group_id: uuid.UUID) -> None:
    """Let a closed group take in families again; it has no facilitator yet.

    Raises: NotFound.
    """
    group = scope.group_ever_for_change(actor, group_id)
    if group.closed_on is None:
        return
    closed_on, group.closed_on = group.closed_on, None
    db.session.flush()
    record(
        actor,
        Tag.GROUP_REOPENED,
        subject_type="group",
        subject_id=group_id,
        area_id=group.area_id,
        closed_on=closed_on.isoformat(),
    )


def _end_care(group: Group, today: date) -> uuid.UUID | None:
    """Who looked after it till now; None for nobody."""
    row = db.session.scalar(
        select(Assignment)
        .where(
            Assignment.area_id == group.area_id,
            Assignment.group_id == group.id,
            Assignment.to_on.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    if row.from_on >= today:  # given into her care by a slip, on this very day
        db.session.delete(row)
    else:
        row.to_on = today
    return row.facilitator_id


def _holder_of(area_id: int, village_code: str, name: str) -> Row[uuid.UUID, date | None] | None:
    """Who has that name in the village: id, closed_on."""
    return db.session.execute(
        select(Group.id, Group.closed_on).where(
            Group.area_id == area_id, Group.village_code == village_code, Group.name == name
        )
    ).one_or_none()


def _is_member(group: Group, household_id: uuid.UUID) -> bool:
    member = select(Membership.household_id).where(
        Membership.area_id == group.area_id,
        Membership.household_id == household_id,
        Membership.group_id == group.id,
        Membership.to_on.is_(None),
    )
    return db.session.scalar(member) is not None


def _name_taken(holder: Row[uuid.UUID, date | None] | None) -> Invalid:
    if holder is not None and holder.closed_on is not None:
        return Invalid.field(
            "name",
            lazy_gettext(
                "A closed group of this village has that name. Reopen it, or choose another name."
            ),
        )
    return Invalid.field("name", lazy_gettext("This village has a group of that name already."))


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
