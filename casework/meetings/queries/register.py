"""The register of one group on one day: who belongs in it and what it says so far."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Row,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    select,
    true,
)

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.ids import meeting_id
from casework.core.kept import Kept
from casework.households import scope
from casework.households.queries.registers import register_on
from casework.households.rules import IN_PROGRAMME
from casework.meetings.models import Attendance, Meeting
from casework.meetings.queries.called_off import called_off_in
from casework.meetings.queries.epochs import epoch_number
from casework.meetings.rules import Head, Mark, MeetingStatus, Presence


@dataclass(frozen=True, slots=True)
class GroupLine:
    area_id: int
    id: uuid.UUID
    name: str
    meeting_place: str
    facilitator_id: uuid.UUID | None
    #: False for whoever led it on the day of the register and has handed it over since.
    leads_now: bool = True


@dataclass(frozen=True, slots=True)
class Saved:
    """The meeting as it stands in the database."""

    id: uuid.UUID
    version: int
    status: MeetingStatus
    head: Head
    is_head_differing: bool
    recorded_by: uuid.UUID
    recorded_at: datetime
    #: Version that calling it off made, the last time; 0: it never was.
    called_off_in: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    household_id: uuid.UUID
    name: str
    #: None: belongs in the register and has no mark yet, or one that differs.
    mark: Mark | None
    #: Version of the meeting that the mark was made with; 0 where there is none.
    version: int = 0
    #: Marked differently by different devices, and not settled.
    is_differing: bool = False
    marked_by: uuid.UUID | None = None
    #: False: it has a mark, and its stay in the group does not hold the day. It left, or was
    #: moved, since.
    belongs: bool = True
    #: Out of the programme by now.
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    group: GroupLine
    held_on: date
    #: None: the group has no meeting on that day yet.
    meeting: Saved | None
    #: By name.
    lines: tuple[Line, ...]
    #: Number of the epoch that the server is in.
    epoch: int = 0

    @property
    def is_called_off(self) -> bool:
        return self.meeting is not None and self.meeting.status is MeetingStatus.CALLED_OFF

    @property
    def marks(self) -> dict[uuid.UUID, Mark]:
        """Those that stand: of what was called off, none."""
        return {} if self.is_called_off else self.kept

    @property
    def kept(self) -> dict[uuid.UUID, Mark]:
        """As they were made, be it in a register that was called off."""
        return dict(self._marked())

    @property
    def differing(self) -> frozenset[uuid.UUID]:
        return frozenset(line.household_id for line in self.lines if line.is_differing)

    def _marked(self) -> Iterator[tuple[uuid.UUID, Mark]]:
        return ((line.household_id, line.mark) for line in self.lines if line.mark)


def register(
    actor: Actor, group_id: uuid.UUID, held_on: date, *, area_id: int | None = None
) -> Register:
    """The group, its meeting of that day, the families and their marks, in one statement.

    Families are those of the group on that day and those the register already has.
    `area_id` where the actor's region is wider than one regency.

    Raises: NotFound when the group does not exist for the actor.
    """
    area = actor.area_id if area_id is None else area_id
    if actor.role is Role.FACILITATOR:
        rows = _in_care.execute(_given(actor, area, group_id, held_on)).all()
    else:
        statement = _statement(scope.groups_ever(actor))
        given = _given(actor, area, group_id, held_on)
        rows = db.session.connection().execute(statement, given).all()
    return _register(rows, held_on)


def register_led(actor: Actor, group_id: uuid.UUID, held_on: date) -> Register:
    """`register` for the facilitator who led the group on that day or leads it now.

    Raises: NotFound when she is neither.
    """
    return _register(_led.execute(_given(actor, actor.area_id, group_id, held_on)).all(), held_on)


def _given(
    actor: Actor, area_id: int | None, group_id: uuid.UUID, held_on: date
) -> dict[str, object]:
    if area_id is None:
        raise NotFound
    return {
        "area_id": area_id,
        "actor_id": actor.user_id,
        "group_id": group_id,
        "held_on": held_on,
        "meeting_id": meeting_id(group_id, held_on),
    }


def _register(rows: Sequence[Row[Any]], held_on: date) -> Register:
    if not rows:
        raise NotFound
    first = rows[0]
    lines = [_line(row) for row in rows if _is_expected(row)]
    lines.sort(key=lambda line: (line.name.casefold(), line.household_id))
    return Register(
        group=GroupLine(
            first.area_id,
            first.id,
            first.name,
            first.meeting_place,
            first.facilitator_id,
            first.leads_now,
        ),
        held_on=held_on,
        meeting=_saved(first),
        lines=tuple(lines),
        epoch=first.epoch,
    )


_AREA = bindparam("area_id", type_=Integer)
_ACTOR = bindparam("actor_id", type_=Uuid)


@Kept
def _in_care() -> Select[*tuple[Any, ...]]:
    """The statement for facilitators."""
    return _statement(scope.groups_in_care(_AREA, _ACTOR))


@Kept
def _led() -> Select[*tuple[Any, ...]]:
    return _statement(scope.groups_led(_AREA, _ACTOR, bindparam("held_on", type_=Date)))


def _statement(group: Subquery) -> Select[*tuple[Any, ...]]:
    """Takes the parameters area_id, group_id, held_on and meeting_id."""
    area_id = bindparam("area_id", type_=Integer)
    group_id = bindparam("group_id", type_=Uuid)
    of_the_day = bindparam("meeting_id", type_=Uuid)
    marked = select(Attendance.household_id).where(
        Attendance.area_id == area_id, Attendance.meeting_id == of_the_day
    )
    line = register_on(area_id, group_id, bindparam("held_on", type_=Date), marked)
    return (
        select(
            group.c.area_id,
            group.c.id,
            group.c.name,
            group.c.meeting_place,
            group.c.facilitator_id,
            group.c.get("leads_now", true()).label("leads_now"),
            Meeting.id.label("meeting_id"),
            Meeting.version,
            Meeting.status,
            Meeting.lesson_mask,
            Meeting.adaptive_topic,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.place,
            Meeting.is_head_differing,
            Meeting.recorded_by,
            Meeting.recorded_at,
            called_off_in(area_id, of_the_day).label("called_off_in"),
            line.c.household_id,
            line.c.caretaker_name,
            line.c.is_member,
            line.c.leaves,
            line.c.status.label("household_status"),
            Attendance.presence,
            Attendance.understanding,
            Attendance.note,
            Attendance.marked_how,
            Attendance.assessed_how,
            Attendance.version.label("mark_version"),
            Attendance.marked_by,
            epoch_number().label("epoch"),
        )
        .select_from(group)
        .outerjoin(Meeting, and_(Meeting.area_id == area_id, Meeting.id == of_the_day))
        .outerjoin(line, true())
        .outerjoin(
            Attendance,
            and_(
                Attendance.area_id == area_id,
                Attendance.meeting_id == of_the_day,
                Attendance.household_id == line.c.household_id,
            ),
        )
        .where(group.c.id == group_id, group.c.area_id == area_id)
    )


def _is_expected(row: Row[Any]) -> bool:
    if row.household_id is None:
        return False
    if row.presence is not None:
        return True
    # A family that leaves the programme comes to the meetings until its stage begins.
    return row.is_member and (row.household_status in IN_PROGRAMME or row.leaves)


def _line(row: Row[Any]) -> Line:
    if row.presence is None:
        return Line(row.household_id, row.caretaker_name, None)
    if row.presence is Presence.NOT_MARKED:
        return Line(row.household_id, row.caretaker_name, None, is_differing=True)
    mark = Mark(row.presence, row.understanding, row.note, row.marked_how, row.assessed_how)
    return Line(
        row.household_id,
        row.caretaker_name,
        mark,
        row.mark_version,
        marked_by=row.marked_by,
        belongs=row.is_member,
        has_left=row.household_status not in IN_PROGRAMME,
    )


def _saved(row: Row[Any]) -> Saved | None:
    if row.meeting_id is None:
        return None
    return Saved(
        row.meeting_id,
        row.version,
        row.status,
        Head(row.lesson_mask, row.adaptive_topic, row.starts_at, row.ends_at, row.place),
        row.is_head_differing,
        row.recorded_by,
        row.recorded_at,
        row.called_off_in,
    )
