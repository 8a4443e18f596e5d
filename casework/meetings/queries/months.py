"""Which groups met in a month."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    select,
)
from sqlalchemy.orm import aliased

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.core.db import db, enum_type
from casework.core.ids import meeting_id
from casework.core.kept import Kept
from casework.households import scope
from casework.households.queries.registers import member_count
from casework.meetings.models import Meeting
from casework.meetings.rules import MeetingStatus, MonthState, last_month, next_month


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
    #: Day of the latest register that was sent of a month before, and of the latest draft of the
    #: month before.
    earlier_on: date | None
    earlier_draft_on: date | None
    #: Day of the earliest register, of any month, that phones tell differently of.
    differs_on: date | None

    @property
    def last_on(self) -> date | None:
        """Day of the latest register that was sent."""
        return self.met_on or self.earlier_on

    @property
    def earlier_draft_id(self) -> uuid.UUID | None:
        return self._of(self.earlier_draft_on)

    @property
    def meeting_id(self) -> uuid.UUID | None:
        """The meeting to open: the draft that waits, else the latest one of the month."""
        return self._of(self.draft_on or self.met_on)

    @property
    def differing_id(self) -> uuid.UUID | None:
        """The meeting to settle."""
        return self._of(self.differs_on)

    def _of(self, day: date | None) -> uuid.UUID | None:
        return meeting_id(self.id, day) if day else None


_STATE = enum_type(MonthState)


def state_in_month(group: Subquery, month: date) -> ColumnElement[MonthState]:
    """The state of each of these groups (columns area_id and id) in the month of that day, to
    be selected or filtered by: two probes of the index of meetings for each group."""
    first, after = _bounds(month)
    meeting = (
        select(Meeting.id)
        .where(
            Meeting.area_id == group.c.area_id,
            Meeting.group_id == group.c.id,
            Meeting.held_on >= first,
            Meeting.held_on < after,
            Meeting.status != MeetingStatus.CALLED_OFF,
        )
        .correlate(group)
    )
    return case(
        (
            meeting.where(Meeting.status == MeetingStatus.SENT).exists(),
            literal(MonthState.MET, _STATE),
        ),
        (meeting.exists(), literal(MonthState.DRAFT, _STATE)),
        else_=literal(MonthState.NOT_YET, _STATE),
    )


def _bounds(month: date) -> tuple[date, date]:
    """The first day of the month of that day, and of the next."""
    return month.replace(day=1), next_month(month)


def groups_in_month(actor: Actor, month: date) -> list[GroupMonth]:
    """Every group that exists for the actor, by name, with what it did in the month of that
    day; one statement."""
    first, after = _bounds(month)
    given = {
        "area_id": actor.area_id,
        "actor_id": actor.user_id,
        "since": last_month(month),
        "first": first,
        "next_month": after,
    }
    is_hers = actor.role is Role.FACILITATOR
    rows = _in_care.execute(given) if is_hers else db.session.execute(_in_region(actor), given)
    found = [GroupMonth(*row) for row in rows]
    found.sort(key=lambda group: group.name.casefold())
    return found


@Kept
def _in_care() -> Select[*tuple[Any, ...]]:
    """The statement for facilitators."""
    area_id = bindparam("area_id", type_=Integer)
    return _statement(scope.groups_in_care(area_id, bindparam("actor_id", type_=Uuid)), area_id)


def _in_region(actor: Actor) -> Select[*tuple[Any, ...]]:
    group = scope.groups(actor)
    return _statement(group, group.c.area_id if actor.area_id is None else actor.area_id)


def _statement(group: Subquery, area_id: Any) -> Select[*tuple[Any, ...]]:
    """Takes the parameters since, first and next_month. Of each group it reads the meetings of
    two months and the latest one before, however many there ever were."""
    of_late = and_(
        Meeting.held_on >= bindparam("since", type_=Date),
        Meeting.held_on < bindparam("next_month", type_=Date),
    )
    in_month = Meeting.held_on >= bindparam("first", type_=Date)
    sent = and_(in_month, Meeting.status == MeetingStatus.SENT)
    is_draft = Meeting.status == MeetingStatus.DRAFT
    of_group = and_(
        Meeting.area_id == area_id,
        Meeting.area_id == group.c.area_id,
        Meeting.group_id == group.c.id,
    )
    ever = aliased(Meeting)
    latest = (
        select(ever.held_on)
        .where(
            ever.area_id == area_id,
            ever.area_id == group.c.area_id,
            ever.group_id == group.c.id,
            ever.status == MeetingStatus.SENT,
            ever.held_on < bindparam("first", type_=Date),
        )
        .order_by(ever.held_on.desc())
        .limit(1)
        .correlate(group)
        .scalar_subquery()
    )
    # However old: nobody forgets it because a month is over. There are few (a partial index).
    other = aliased(Meeting)
    differs_on = (
        select(func.min(other.held_on))
        .where(
            other.area_id == area_id,
            other.area_id == group.c.area_id,
            other.group_id == group.c.id,
            other.differs_since.is_not(None),
        )
        .correlate(group)
        .scalar_subquery()
    )
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
            func.max(case((sent, Meeting.held_on))).label("met_on"),
            func.max(case((and_(in_month, is_draft), Meeting.held_on))).label("draft_on"),
            latest.label("earlier_on"),
            func.max(case((and_(not_(in_month), is_draft), Meeting.held_on))).label(
                "earlier_draft_on"
            ),
            differs_on.label("differs_on"),
        )
        .select_from(group)
        .outerjoin(Meeting, and_(of_group, of_late))
        .group_by(group.c.area_id, *columns)
    )
