"""One group with everything known of it: who belongs to it, who looks after it, how it met."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from casework.access.actor import Actor
from casework.core.db import db
from casework.curriculum.rules import Lesson, from_mask
from casework.households.queries import groups
from casework.meetings.models import Meeting
from casework.meetings.rules import MeetingStatus, MonthState

#: Meetings shown unless the reader asks for all: half a year of monthly ones.
_SHOWN = 6
#: There is at most one a day, so the whole month is always among them.
_READ = 31
#: A group that met twice a month for twenty years.
_ALL = 500


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting of the group."""

    id: uuid.UUID
    held_on: date
    status: MeetingStatus
    lessons: tuple[Lesson, ...]
    topic: str
    present: int
    total: int
    #: Somebody said otherwise of it, and nobody has settled that.
    is_differing: bool

    @property
    def is_draft(self) -> bool:
        return self.status is MeetingStatus.DRAFT

    @property
    def is_called_off(self) -> bool:
        return self.status is MeetingStatus.CALLED_OFF


@dataclass(frozen=True, slots=True)
class GroupPage:
    #: A row of `households.scope.groups`, with village_name and leader_name.
    group: Row[Any]
    #: The families that belong to it now, by name.
    members: Sequence[Row[Any]]
    #: Latest first.
    meetings: list[Held]
    shows_all_meetings: bool
    today: date

    @property
    def shown_meetings(self) -> list[Held]:
        return self.meetings if self.shows_all_meetings else self.meetings[:_SHOWN]

    @property
    def hides_meetings(self) -> bool:
        return len(self.shown_meetings) < len(self.meetings)

    @property
    def of_month(self) -> Held | None:
        """The meeting that tells the state of this month: the latest one sent, else a draft."""
        first = self.today.replace(day=1)
        held = [one for one in self.meetings if one.held_on >= first and not one.is_called_off]
        return next((one for one in held if not one.is_draft), held[0] if held else None)

    @property
    def state(self) -> MonthState:
        if self.of_month is None:
            return MonthState.NOT_YET
        return MonthState.DRAFT if self.of_month.is_draft else MonthState.MET


def group_page(
    actor: Actor, group_id: uuid.UUID, *, today: date, all_meetings: bool = False
) -> GroupPage:
    """Also of a closed group, for whoever arranges groups. Raises: NotFound."""
    group = groups.group_ever(actor, group_id)
    return GroupPage(
        group=group,
        members=groups.members(group.area_id, group_id),
        meetings=_meetings(group.area_id, group_id, today, _ALL if all_meetings else _READ),
        shows_all_meetings=all_meetings,
        today=today,
    )


def _meetings(area_id: int, group_id: uuid.UUID, today: date, most: int) -> list[Held]:
    rows = db.session.execute(
        select(
            Meeting.id,
            Meeting.held_on,
            Meeting.status,
            Meeting.lesson_mask,
            Meeting.adaptive_topic,
            Meeting.present,
            Meeting.total,
            Meeting.differs_since,
        )
        .where(Meeting.area_id == area_id, Meeting.group_id == group_id, Meeting.held_on <= today)
        .order_by(Meeting.held_on.desc())
        .limit(most)
    )
    return [
        Held(
            id=row.id,
            held_on=row.held_on,
            status=row.status,
            lessons=from_mask(row.lesson_mask),
            topic=row.adaptive_topic,
            present=row.present,
            total=row.total,
            is_differing=row.differs_since is not None,
        )
        for row in rows
    ]
