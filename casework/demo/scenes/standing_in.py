"""A colleague stands in for one meeting and holds it; whoever has the group writes down on her
phone, without signal, what two mothers told her. They differ, and nobody has settled it yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from casework.access.actor import Actor
from casework.core import clock
from casework.demo.cast import ADMINISTRATOR, FACILITATORS, Person
from casework.demo.families import Course, GroupPlan
from casework.demo.setting import actor_called
from casework.demo.world import Scene, World
from casework.households.actions.assignments import assign
from casework.meetings.actions.claims import Word, take_word
from casework.meetings.rules import Mark, MarkedHow, Presence, Understanding

#: So long ago that the supervisor may settle it.
_DAYS_AGO = 9
_OWNER, _STANDS_IN = FACILITATORS[0], FACILITATORS[1]

#: What the stand-in saw, and what the group's facilitator heard.
SEEN = (
    Mark(Presence.PRESENT, marked_how=MarkedHow.SINGLE),
    Mark(Presence.ABSENT, Understanding.NOT_ASSESSABLE),
)
_HEARD = (
    Mark(Presence.SICK, Understanding.NOT_ASSESSABLE, note="Titip kabar lewat tetangga"),
    Mark(Presence.PRESENT, note="Datang terlambat"),
)


def stands_in(world: World, group: GroupPlan, day: date) -> Person | None:
    """Who holds the meeting of that day in place of the group's facilitator."""
    return _STANDS_IN if group.number == 0 and day == _day(world) else None


def contested(world: World) -> list[uuid.UUID]:
    """Families that have come neither far nor late: no other scene is about them."""
    steady = [each for each in world.members(world.groups[0]) if each.course is Course.STEADY]
    return [world.household_ids[each.number] for each in steady[: len(SEEN)]]


def scenes(world: World) -> Iterator[Scene]:
    day = _day(world)
    to, back = partial(_give, world, _STANDS_IN), partial(_give, world, _OWNER)
    yield Scene(world.at(day, 10, 40), ADMINISTRATOR.username, to)
    yield Scene(world.at(day, 11, 55), ADMINISTRATOR.username, back)
    yield Scene(world.at(day + timedelta(days=1), 8, 5), _OWNER.username, partial(_tell, world))


def _day(world: World) -> date:
    latest = world.today - timedelta(days=_DAYS_AGO)
    return max(day for day in world.met_on(world.groups[0]) if day <= latest)


def _give(world: World, person: Person, actor: Actor) -> None:
    on = clock.today(actor.time_zone)
    assign(actor, world.group_ids[0], actor_called(person.username).user_id, on)


def _tell(world: World, actor: Actor) -> None:
    drawn = world.chance("the phone of whoever has the group")
    phone, command = (uuid.UUID(int=drawn.getrandbits(128), version=4) for _ in range(2))
    marks = dict(zip(contested(world), _HEARD, strict=True))
    word = Word(command, phone, seq=1, base_version=0, head=None, marks=marks)
    take_word(actor, world.group_ids[0], _day(world), word)
