"""Single meetings, and what a group has had so far."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.kept import Kept
from casework.households import scope
from casework.meetings.models import AttendanceChange, Meeting
from casework.regions.scope import probed_areas

#: Five years of monthly meetings: longer than the whole curriculum.
_MOST = 60


def find(actor: Actor, meeting_id: uuid.UUID) -> Row[*tuple[Any, ...]]:
    """A meeting of a group that exists for the actor, with the group's name and facilitator
    and the name of whoever saved it last. Raises: NotFound."""
    group, person = scope.groups_ever(actor), people()
    row = db.session.execute(
        select(
            *Meeting.__table__.columns,
            group.c.name.label("group_name"),
            group.c.facilitator_id,
            group.c.facilitator_name,
            person.c.name.label("recorded_by_name"),
        )
        .select_from(Meeting)
        .join(group, and_(group.c.area_id == Meeting.area_id, group.c.id == Meeting.group_id))
        .outerjoin(person, person.c.id == Meeting.recorded_by)
        .where(probed_areas(actor, Meeting.area_id), Meeting.id == meeting_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def of_group(area_id: int, group_id: uuid.UUID, until: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """A group's meetings up to a day, the latest first: held_on, status, version, lesson_mask,
    starts_at, ends_at, place. The caller has got the group through `scope`."""
    given = {"area_id": area_id, "group_id": group_id, "until": until}
    return _of_group.execute(given).all()


@Kept
def _of_group() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Meeting.held_on,
            Meeting.status,
            Meeting.version,
            Meeting.lesson_mask,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.place,
        )
        .where(
            Meeting.area_id == bindparam("area_id"),
            Meeting.group_id == bindparam("group_id"),
            Meeting.held_on <= bindparam("until"),
        )
        .order_by(Meeting.held_on.desc())
        .limit(_MOST)
    )


def changes(area_id: int, meeting_id: uuid.UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """What corrections changed in a register, the latest first."""
    return db.session.execute(
        select(
            AttendanceChange.version,
            AttendanceChange.household_id,
            AttendanceChange.before,
            AttendanceChange.after,
            AttendanceChange.changed_by_name,
            AttendanceChange.changed_at,
        )
        .where(AttendanceChange.area_id == area_id, AttendanceChange.meeting_id == meeting_id)
        .order_by(AttendanceChange.version.desc())
    ).all()


def areas_with_meetings() -> Sequence[int]:
    return db.session.scalars(select(Meeting.area_id).distinct().order_by(Meeting.area_id)).all()
