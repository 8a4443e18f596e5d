"""What a register must say before it is saved: everything wrong with it at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext, lazy_ngettext

from casework.access.actor import Actor
from casework.core import clock
from casework.core.errors import Invalid, Refused
from casework.curriculum.rules import to_mask
from casework.meetings import policy
from casework.meetings.queries.register import Register
from casework.meetings.rules import (
    BACKDATING_DAYS,
    NOTE_LENGTH,
    PLACE_LENGTH,
    TOPIC_LENGTH,
    Head,
    Mark,
    MeetingStatus,
)

_Problems = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a facilitator hands in for one meeting."""

    held_on: date
    #: Running numbers.
    lessons: Collection[int]
    topic: str
    starts_at: time | None
    ends_at: time | None
    place: str
    marks: Mapping[uuid.UUID, Mark]
    status: MeetingStatus


def check_can_save(
    actor: Actor, found: Register, given: Given, backdating_days: int = BACKDATING_DAYS
) -> None:
    """Whether this may be saved over that register, now and by this person.

    Raises: Refused; Invalid with fields held_on, lessons, topic, ends_at, place, a household's
    id for its mark, and "" for the whole.
    """
    policy.check_can_record(actor, found.group.facilitator_id)
    saved = found.meeting
    if saved and saved.status is MeetingStatus.SENT and given.status is MeetingStatus.DRAFT:
        raise Refused(lazy_gettext("This register has been sent; it can only be corrected."))
    if found.is_called_off and given.status is MeetingStatus.DRAFT:
        # Families without a mark would have that of what was called off.
        raise Refused(lazy_gettext("What was called off is recorded anew as a whole."))
    problems: _Problems = {}
    if saved is None or found.is_called_off:
        today = clock.today(actor.time_zone)
        _check_day(today, given.held_on, backdating_days, problems)
    _check_head(given, problems)
    if given.status is MeetingStatus.SENT:
        _check_lessons(given.lessons, given.topic, problems)
    _check_known(given.lessons, problems)
    _check_notes(given.marks, problems)
    _check_register(found, given, problems)
    if problems:
        raise Invalid(problems)


def check_can_take(
    actor: Actor,
    found: Register,
    head: Head | None,
    marks: Mapping[uuid.UUID, Mark],
    came_on: date,
    backdating_days: int = BACKDATING_DAYS,
    *,
    may_lack_head: bool = False,
) -> None:
    """Whether what a phone says of a meeting can be taken, which came here on that day. Families
    that have joined or left since the phone last had signal are no reason to refuse the others'
    marks. `may_lack_head`: that of a meeting that is lost may still come.

    Raises: as `check_can_save`.
    """
    policy.check_can_record(actor, found.group.facilitator_id)
    problems: _Problems = {}
    # Also of a meeting that is there: a phone has no older one to correct.
    _check_day(came_on, found.held_on, backdating_days, problems)
    if head:
        _check_head(head, problems)
    if head or (found.meeting is None and not may_lack_head):
        _check_lessons(head and head.lesson_mask, head.topic if head else "", problems)
    _check_notes(marks, problems)
    if problems:
        raise Invalid(problems)


def _check_day(today: date, held_on: date, backdating_days: int, problems: _Problems) -> None:
    try:
        policy.check_day(held_on, today, backdating_days)
    except Invalid as error:
        problems.update(error.fields)


def _check_head(given: Given | Head, problems: _Problems) -> None:
    if given.starts_at and given.ends_at and given.ends_at <= given.starts_at:
        problems["ends_at"] = [lazy_gettext("The end must be later than the start.")]
    for name, text, length in (
        ("topic", given.topic, TOPIC_LENGTH),
        ("place", given.place, PLACE_LENGTH),
    ):
        if len(text) > length:
            problems[name] = [too_long(length)]


def _check_lessons(lessons: object, topic: str, problems: _Problems) -> None:
    if not lessons and not topic.strip():
        problems["lessons"] = [lazy_gettext("Choose a lesson, or write the topic.")]


def _check_known(lessons: Collection[int], problems: _Problems) -> None:
    try:
        to_mask(lessons)
    except ValueError:
        problems["lessons"] = [lazy_gettext("Choose lessons from the list.")]


def _check_notes(marks: Mapping[uuid.UUID, Mark], problems: _Problems) -> None:
    for key, mark in marks.items():
        if len(mark.note) > NOTE_LENGTH:
            problems[str(key)] = [too_long(NOTE_LENGTH)]


def _check_register(found: Register, given: Given, problems: _Problems) -> None:
    registered = {line.household_id for line in found.lines}
    if strangers := sum(key not in registered for key in given.marks):
        problems[""] = [not_in_register(strangers)]
    if given.status is MeetingStatus.DRAFT:
        return
    if not found.lines:
        problems[""] = [lazy_gettext("This group has no families on that day.")]
    marked = found.marks.keys() | given.marks.keys()
    missing = [line.household_id for line in found.lines if line.household_id not in marked]
    if missing:
        problems.setdefault("", []).append(
            lazy_ngettext(
                "%(num)s family is not marked yet. Mark it, or press The rest present.",
                "%(num)s families are not marked yet. Mark them, or press The rest present.",
                len(missing),
            )
        )
        for key in missing:
            problems[str(key)] = [lazy_gettext("Not marked yet.")]


def not_in_register(number: int) -> Any:
    return lazy_ngettext(
        "%(num)s marked family is not in the group's register of that day.",
        "%(num)s marked families are not in the group's register of that day.",
        number,
    )


def too_long(length: int) -> Any:
    return lazy_gettext("Write at most %(length)s characters.", length=length)
