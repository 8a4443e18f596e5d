"""Calling off a register, or moving it to the right day (docs/decisions/0031)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Row

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.errors import Invalid
from casework.core.files import FileStore
from casework.core.ids import meeting_id as id_of_meeting
from casework.core.own_words import own_words
from casework.curriculum.rules import from_mask
from casework.meetings import policy
from casework.meetings.actions.photos import move_photos
from casework.meetings.actions.record import changed_meanwhile, record_meeting, tell
from casework.meetings.actions.writing import write_called_off
from casework.meetings.queries import meetings
from casework.meetings.queries.called_off import called_off
from casework.meetings.queries.register import Register, register
from casework.meetings.rules import (
    BACKDATING_DAYS,
    Carried,
    MeetingStatus,
    carried_over,
    next_version,
)

_Meeting = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Moved:
    """What stands on the right day now."""

    meeting_id: uuid.UUID
    held_on: date
    #: Families marked that are not in the group's register of that day.
    left_out: int
    #: Families of that register without a mark: it is a draft until they have one.
    unmarked: int
    #: Photos that stayed, for there is no room for more on that day.
    photos_left: int = 0


@dataclass(frozen=True, slots=True)
class Saying:
    """What whoever calls it off says of it."""

    reason: str
    right_day: date | None
    #: That the page showed.
    base_version: int


def call_off(
    actor: Actor,
    meeting_id: uuid.UUID,
    saying: Saying,
    store: Callable[[], FileStore],
    *,
    backdating_days: int = BACKDATING_DAYS,
) -> Moved | None:
    """Let a register count no more, and record it on its right day where there is one. Said
    twice it is done once. `store`: of photos, asked for where there are some to move.

    Raises: NotFound; Refused; Invalid at `reason` and `right_day`; ChangedMeanwhile when it was
    saved or called off since the page was made.
    """
    saying = replace(saying, reason=own_words(saying.reason))
    meeting = meetings.find(actor, meeting_id)
    found = register(actor, meeting.group_id, meeting.held_on)
    if _is_said_again(actor, meeting, saying):
        return _moved_before(actor, found, saying.right_day) if saying.right_day else None
    if meeting.version != saying.base_version:
        raise changed_meanwhile()
    policy.check_can_call_off(actor, meeting, backdating_days)
    policy.check_reason(saying.reason)
    version = next_version(meeting.version, found.epoch)
    if not write_called_off(
        actor, meeting, version=version, reason=saying.reason, moved_to=saying.right_day
    ):
        raise changed_meanwhile()
    if meeting.status is MeetingStatus.SENT:
        tell(actor, meeting.area_id, found.kept)
    record_audit(
        actor,
        Tag.MEETING_CALLED_OFF,
        subject_type="meeting",
        subject_id=meeting_id,
        area_id=meeting.area_id,
        held_on=meeting.held_on.isoformat(),
        total=len(found.kept),
        moved_to=saying.right_day.isoformat() if saying.right_day else None,
    )
    if saying.right_day is None:
        return None
    return _move(actor, meeting, found, saying.right_day, store, backdating_days)


def _is_said_again(actor: Actor, meeting: _Meeting, saying: Saying) -> bool:
    if meeting.status is not MeetingStatus.CALLED_OFF:
        return False
    last, *_earlier = called_off(meeting.area_id, meeting.id)
    said = (actor.user_id, saying.reason, saying.right_day)
    return (last.called_off_by, last.reason, last.moved_to) == said


def _moved_before(actor: Actor, found: Register, day: date) -> Moved:
    carried = _carried(found, register(actor, found.group.id, day))
    return Moved(id_of_meeting(found.group.id, day), day, carried.left_out, carried.unmarked)


def _move(
    actor: Actor,
    meeting: _Meeting,
    found: Register,
    day: date,
    store: Callable[[], FileStore],
    backdating_days: int,
) -> Moved:
    _check_day(actor, meeting, day, backdating_days)
    there = register(actor, meeting.group_id, day)
    if there.meeting is not None and not there.is_called_off:
        raise Invalid.field(
            "right_day",
            lazy_gettext(
                "A meeting of that day is recorded already. Leave the date empty, and correct"
                " that one where it is wrong."
            ),
        )
    carried = _carried(found, there)
    if not carried.marks:
        raise Invalid.field(
            "right_day", lazy_gettext("None of these families was in the group on that day.")
        )
    status = MeetingStatus.DRAFT if carried.unmarked else meeting.status
    if there.is_called_off and status is MeetingStatus.DRAFT:
        raise Invalid.field(
            "right_day",
            lazy_gettext(
                "The register of that day was called off, and not every family has a mark here."
                " Leave the date empty, and record that day anew."
            ),
        )
    recorded = record_meeting(
        actor,
        meeting.group_id,
        held_on=day,
        lessons=[each.running_no for each in from_mask(meeting.lesson_mask)],
        marks=carried.marks,
        topic=meeting.adaptive_topic,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        status=status,
        base_version=there.meeting.version if there.meeting else 0,
        backdating_days=backdating_days,
    )
    photos_left = move_photos(actor, meeting, recorded.meeting_id, day, store)
    return Moved(recorded.meeting_id, day, carried.left_out, carried.unmarked, photos_left)


def _carried(found: Register, there: Register) -> Carried:
    return carried_over(found.kept, {line.household_id for line in there.lines})


def _check_day(actor: Actor, meeting: _Meeting, day: date, backdating_days: int) -> None:
    if day == meeting.held_on:
        raise Invalid.field(
            "right_day", lazy_gettext("That is the day of this register. Choose the right one.")
        )
    try:
        policy.check_day(day, clock.today(actor.time_zone), backdating_days)
    except Invalid as error:
        raise Invalid.field("right_day", error.message) from None
