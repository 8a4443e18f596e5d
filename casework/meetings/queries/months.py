"""Which groups met in a month."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from casework.access.actor import Actor
from casework.core.db import db
from casework.core.ids import meeting_id
from casework.households import scope
from casework.households.queries.registers import member_count
from casework.meetings.models import Meeting
from casework.meetings.rules import MeetingStatus


@dataclass(frozen=True, slots=True)
class GroupMonth:
    """A group and its meetings of one month."""

    id: uuid.UUID
    name: str
    facilitator_id: uuid.UUID | None
    facilitator_name: str | None
    families: int
    #: Day of the latest register of the month that was sent, and of the latest draft.
    met_on: date | None
    draft_on: date | None
    #: Day of the latest register that was sent in any month.
    last_on: date | None

    @property
    def meeting_id(self) -> uuid.UUID | None:
        """The meeting to open: the draft that waits, else the latest one of the month."""
        day = self.draft_on or self.met_on
        return meeting_id(self.id, day) if day else None


def groups_in_month(actor: Actor, month: date) -> list[GroupMonth]:
    """Every group that exists for the actor, by name, with what it did in the month of that
    day; one statement."""
    rows = db.session.execute(_statement(actor, month.replace(day=1)))
    found = [GroupMonth(*row) for row in rows]
    found.sort(key=lambda group: group.name.casefold())
    return found


def _statement(actor: Actor, first: date) -> Select[*tuple[Any, ...]]:
    group = scope.groups(actor)
    next_month = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    in_month = and_(Meeting.held_on >= first, Meeting.held_on < next_month)
    sent = Meeting.status == MeetingStatus.SENT
    draft = Meeting.status == MeetingStatus.DRAFT
    of_group = and_(Meeting.area_id == group.c.area_id, Meeting.group_id == group.c.id)
    if actor.area_id is not None:
        of_group = and_(of_group, Meeting.area_id == actor.area_id)
    columns = (
        group.c.id,
        group.c.name,
        group.c.facilitator_id,
        group.c.facilitator_name,
    )
    return (
        select(
            *columns,
            member_count(group).label("families"),
            func.max(case((and_(sent, in_month), Meeting.held_on))).label("met_on"),
            func.max(case((and_(draft, in_month), Meeting.held_on))).label("draft_on"),
            func.max(case((sent, Meeting.held_on))).label("last_on"),
        )
        .select_from(group)
        .outerjoin(Meeting, of_group)
        .group_by(group.c.area_id, *columns)
    )
