"""Twelve months of P2K2: who came, who understood what."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from random import Random

from casework.access.actor import Actor
from casework.core.files import Purpose, check_and_clean
from casework.demo import pictures
from casework.demo.cast import FACILITATORS
from casework.demo.families import COMES, Course, Family, GroupPlan
from casework.demo.scenes import exits, ministry, standing_in
from casework.demo.world import Scene, World
from casework.meetings.actions.photos import add_photo
from casework.meetings.actions.record import record_meeting
from casework.meetings.photo_files import current_store
from casework.meetings.rules import Mark, MarkedHow, MeetingStatus, Presence, Understanding

#: Running numbers of the lessons of each month: the economics module early, so that families
#: have time to practise, and once more later for those who missed it.
_LESSONS = ((1,), (5,), (6,), (7,), (2,), (3,), (4,), (5, 6), (7,), (8,), (9,), (10,))

_REASONS = (
    (Presence.SICK, "Anak sakit"),
    (Presence.SICK, ""),
    (Presence.EXCUSED, "Ke luar kota"),
    (Presence.EXCUSED, "Kedukaan keluarga"),
    (Presence.ABSENT, ""),
    (Presence.ABSENT, ""),
)

#: How often each understanding is seen; the rest is not assessed yet.
_GRASP = {
    Course.READY: {Understanding.VERY_GOOD: 0.6, Understanding.GOOD: 0.4},
    Course.NEARLY: {Understanding.VERY_GOOD: 0.3, Understanding.GOOD: 0.6},
    Course.CLIMBING: {Understanding.VERY_GOOD: 0.1, Understanding.GOOD: 0.7},
    Course.STEADY: {Understanding.GOOD: 0.65, Understanding.POOR: 0.15},
    Course.SLIPPING: {Understanding.GOOD: 0.4, Understanding.POOR: 0.3},
}

#: Positions among a facilitator's groups: one register is still a draft, one was corrected.
_DRAFT, _CORRECTED = 1, 2
_MISSED_RUNNING = 2

Marks = dict[uuid.UUID, Mark]


def scenes(world: World) -> Iterator[Scene]:
    gone = {**ministry.graduated(world), **exits.left(world)}
    for group in world.groups:
        chance = world.chance(f"meetings {group.number}")
        days = world.met_on(group)
        for number, day in enumerate(days):
            gone_by_now = {
                world.household_ids[each.number]
                for each in world.members(group)
                if ministry.is_away(gone, each, day)
            }
            running_out = number >= len(days) - _MISSED_RUNNING
            marks = _marks(world, group, chance, day, slipping=running_out)
            marks = {key: mark for key, mark in marks.items() if key not in gone_by_now}
            is_draft = group.facilitator == 0 and group.position == _DRAFT and day == days[-1]
            if is_draft:
                yield _meeting(world, group, day, dict(list(marks.items())[::2]), is_draft=True)
                continue
            if standing_in.stands_in(world, group, day):
                marks |= zip(standing_in.contested(world), standing_in.SEEN, strict=True)
            yield _meeting(world, group, day, marks)
            if group.position == 0 and day == days[-1]:
                yield _photos(world, group, day)
            if group.position == _CORRECTED and number == len(days) - 2:
                yield _correction(world, group, day, marks)


def _meeting(
    world: World, group: GroupPlan, day: date, marks: Marks, *, is_draft: bool = False
) -> Scene:
    status = MeetingStatus.DRAFT if is_draft else MeetingStatus.SENT
    person = standing_in.stands_in(world, group, day) or FACILITATORS[group.facilitator]
    return Scene(
        world.at(day, 11, group.number % 50),
        person.username,
        partial(_record, world, group, day, marks, status, 0),
    )


def _correction(world: World, group: GroupPlan, day: date, marks: Marks) -> Scene:
    """Two days later somebody brings a letter from the doctor."""
    away = [key for key, mark in marks.items() if mark.presence is Presence.ABSENT]
    key = (away or list(marks))[0]
    mended = Mark(Presence.SICK, Understanding.NOT_ASSESSABLE, note="Surat dokter menyusul")
    return Scene(
        world.at(day + timedelta(days=2), 16, 20),
        FACILITATORS[group.facilitator].username,
        partial(_record, world, group, day, {key: mended}, MeetingStatus.SENT, 1),
    )


def _photos(world: World, group: GroupPlan, day: date) -> Scene:
    """In the evening, for the report of the month."""
    username = FACILITATORS[group.facilitator].username
    return Scene(world.at(day, 19, 5), username, partial(_add_photos, world, group, day))


def _add_photos(world: World, group: GroupPlan, day: date, actor: Actor) -> None:
    for number in range(2):
        picture = io.BytesIO(pictures.meeting(group.number * 10 + number))
        add_photo(
            actor,
            world.group_ids[group.number],
            day,
            file=check_and_clean(picture, Purpose.PHOTO),
            store=current_store(),
        )


def _record(
    world: World,
    group: GroupPlan,
    day: date,
    marks: Marks,
    status: MeetingStatus,
    base_version: int,
    actor: Actor,
) -> None:
    record_meeting(
        actor,
        world.group_ids[group.number],
        held_on=day,
        lessons=_LESSONS[(day.month - world.months[0].month) % 12],
        marks=marks,
        starts_at=time(9),
        ends_at=time(11),
        place=group.place,
        status=status,
        base_version=base_version,
    )


def _marks(world: World, group: GroupPlan, chance: Random, day: date, *, slipping: bool) -> Marks:
    """The absent are marked one by one, then the rest in bulk; some facilitators go through
    the whole list."""
    how = MarkedHow.SINGLE if chance.random() < 0.3 else MarkedHow.BULK
    marks: Marks = {}
    for family in world.members(group):
        mark = _mark(family, chance, slipping=slipping)
        if mark.presence is Presence.PRESENT:
            mark = replace(mark, marked_how=how)
        marks[world.household_ids[family.number]] = mark
    return marks


def _mark(family: Family, chance: Random, *, slipping: bool) -> Mark:
    stays_away = family.course is Course.SLIPPING and slipping
    if stays_away or chance.random() > COMES[family.course]:
        presence, note = chance.choice(_REASONS)
        if stays_away:
            presence, note = Presence.ABSENT, ""
        return Mark(presence, Understanding.NOT_ASSESSABLE, note=note)
    understanding = _grasp(family, chance)
    how = None if understanding is None else MarkedHow.SINGLE
    return Mark(Presence.PRESENT, understanding, assessed_how=how)


def _grasp(family: Family, chance: Random) -> Understanding | None:
    drawn = chance.random()
    for understanding, share in _GRASP[family.course].items():
        drawn -= share
        if drawn < 0:
            return understanding
    return None
