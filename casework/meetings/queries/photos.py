"""Photos of meetings, and the meetings that photos are for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, select

from casework.access.actor import Actor
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.ids import meeting_id
from casework.households import scope
from casework.meetings.models import CalledOff, Meeting, MeetingPhoto
from casework.meetings.rules import MeetingStatus


@dataclass(frozen=True, slots=True)
class Photo:
    id: uuid.UUID
    width: int
    height: int
    upload_sha256: bytes
    added_by: uuid.UUID
    added_by_name: str
    added_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Photographed:
    """The meeting of a group on a day, for somebody who led the group then or leads it now."""

    area_id: int
    meeting_id: uuid.UUID
    held_on: date
    #: False: nothing is recorded of that day yet.
    is_there: bool
    leads_now: bool
    is_called_off: bool = False


def photographed(actor: Actor, group_id: uuid.UUID, held_on: date) -> Photographed:
    """Of a register that was moved to another day, the meeting there: a phone that took the photo
    before knows of the first day only. Raises: NotFound for everybody else."""
    if actor.area_id is None:
        raise NotFound
    group = scope.groups_led(actor.area_id, actor.user_id, held_on)
    of_the_day = meeting_id(group_id, held_on)
    row = db.session.execute(
        select(group.c.area_id, group.c.leads_now, Meeting.id, Meeting.status, CalledOff.moved_to)
        .select_from(group)
        .outerjoin(Meeting, and_(Meeting.area_id == group.c.area_id, Meeting.id == of_the_day))
        .outerjoin(
            CalledOff,
            and_(
                CalledOff.area_id == Meeting.area_id,
                CalledOff.meeting_id == Meeting.id,
                CalledOff.version == Meeting.version,
            ),
        )
        .where(group.c.area_id == actor.area_id, group.c.id == group_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.moved_to:
        # Not for ever: what a register is moved to was called off later than it, if at all.
        return photographed(actor, group_id, row.moved_to)
    is_called_off = row.status is MeetingStatus.CALLED_OFF
    there = row.id is not None
    return Photographed(row.area_id, of_the_day, held_on, there, row.leads_now, is_called_off)


def photos_of(area_id: int, of_meeting: uuid.UUID, *, removed: bool = False) -> list[Photo]:
    """In the order in which they came; the caller has got the meeting through `scope`."""
    statement = (
        select(
            MeetingPhoto.id,
            MeetingPhoto.width,
            MeetingPhoto.height,
            MeetingPhoto.upload_sha256,
            MeetingPhoto.added_by,
            MeetingPhoto.added_by_name,
            MeetingPhoto.added_at,
            MeetingPhoto.removed_at,
        )
        .where(MeetingPhoto.area_id == area_id, MeetingPhoto.meeting_id == of_meeting)
        .order_by(MeetingPhoto.added_at, MeetingPhoto.id)
    )
    if not removed:
        statement = statement.where(MeetingPhoto.removed_at.is_(None))
    return [Photo(*row) for row in db.session.execute(statement)]


def photo_of(area_id: int, of_meeting: uuid.UUID, photo_id: uuid.UUID) -> Photo:
    """Raises: NotFound, also when it was removed."""
    for each in photos_of(area_id, of_meeting):
        if each.id == photo_id:
            return each
    raise NotFound


def used_elsewhere(
    actor: Actor, area_id: int, of_meeting: uuid.UUID, photos: Collection[Photo]
) -> Mapping[uuid.UUID, Sequence[Row[Any]]]:
    """By photo: the other meetings that exist for the actor, were not called off and have the
    very same one, each with its id, held_on and group_name."""
    if not photos:
        return {}
    group = scope.groups_ever(actor)
    rows = db.session.execute(
        select(
            MeetingPhoto.upload_sha256,
            Meeting.id,
            Meeting.held_on,
            group.c.name.label("group_name"),
        )
        .join(
            Meeting,
            and_(Meeting.area_id == MeetingPhoto.area_id, Meeting.id == MeetingPhoto.meeting_id),
        )
        .join(group, and_(group.c.area_id == Meeting.area_id, group.c.id == Meeting.group_id))
        .where(
            MeetingPhoto.area_id == area_id,
            MeetingPhoto.upload_sha256.in_([each.upload_sha256 for each in photos]),
            MeetingPhoto.meeting_id != of_meeting,
            MeetingPhoto.removed_at.is_(None),
            Meeting.status != MeetingStatus.CALLED_OFF,
        )
        .order_by(Meeting.held_on.desc())
    )
    found: dict[bytes, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.upload_sha256].append(row)
    return {each.id: found[each.upload_sha256] for each in photos if each.upload_sha256 in found}
