"""Before the first scene and after the last one: people, families, groups, targets."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from casework.access.actor import Actor, command_line
from casework.accounts.actions.people import Particulars, add_person
from casework.accounts.passwords import hash_password
from casework.accounts.queries.identity import actor_of
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, NotFound
from casework.counts.actions import (
    set_facilitator_target,
    set_target,
    take_back_facilitator_target,
)
from casework.demo.cast import ADMINISTRATOR, CAST, FACILITATORS, MANADO, Person, password
from casework.demo.scenes.rosters import load as load_roster
from casework.demo.world import World
from casework.households import scope
from casework.households.actions.assignments import assign
from casework.households.actions.groups import change_group, make_group
from casework.households.actions.memberships import put_household
from casework.ledger.rules import ExitKind
from casework.readiness.actions import refresh

#: Ten graduations a year for each facilitator (domain 2.4), and the nation's sum of that.
_OF_MANADO, _OF_THE_PROVINCE, _OF_THE_NATION = 30, 4_600, 340_000
#: Of who stands in for colleagues all over the city; and what the office thought of for another,
#: until the colleague said that the programme's ten hold for her too.
_OF_WHO_STANDS_IN, _THOUGHT_BETTER_OF = 12, 8


def prepare(world: World) -> None:
    """The office begins to work with the system."""
    begins_on = world.begins_on
    with clock.at(world.at(begins_on, 8)):
        _add(command_line(), ADMINISTRATOR)
    administrator = actor_called(ADMINISTRATOR.username)
    with clock.at(world.at(begins_on, 8, 30)):
        for person in CAST:
            if person is not ADMINISTRATOR:
                _add(administrator, person)
    with clock.at(world.at(begins_on + timedelta(days=1), 9)):
        load_roster(world, administrator)
    with clock.at(world.at(begins_on + timedelta(days=2), 9)):
        _make_groups(world, administrator)
    for year in sorted({world.months[0].year, world.today.year}):
        day = max(begins_on, world.months[0].replace(year=year, month=1, day=8))
        with clock.at(world.at(day, 10)):
            _set_targets(administrator, year)


def close(world: World) -> None:
    """What was true at the last scene of each family, as it is today: twelve months are counted
    back from another day."""
    administrator = actor_called(ADMINISTRATOR.username)
    with clock.at(world.now):
        refresh(administrator, _area(administrator), list(world.household_ids.values()))


def actor_called(username: str) -> Actor:
    actor = actor_of(username)
    if actor is None:
        raise Conflict(_("%(username)s cannot sign in.", username=username))
    return actor


def _add(actor: Actor, person: Person) -> None:
    add_person(
        actor,
        person.username,
        Particulars(person.name, person.role, person.region_code, person.job_title),
        password_hash=hash_password(password(str(current_app.secret_key), person.username)),
    )


def _make_groups(world: World, actor: Actor) -> None:
    """Every family into its group, every group into a facilitator's care; the first family
    leads its group."""
    on = clock.today(actor.time_zone)
    seen = scope.households(actor)
    rows = db.session.execute(select(seen.c.id, seen.c.village_code, seen.c.caretaker_name))
    by_name = {(row.village_code, row.caretaker_name): row.id for row in rows}
    facilitators = [actor_called(person.username) for person in FACILITATORS]
    for group in world.groups:
        group_id = make_group(actor, group.village.code, group.name, group.place)
        world.group_ids[group.number] = group_id
        assign(actor, group_id, facilitators[group.facilitator].user_id, on)
        members = world.members(group)
        for family in members:
            household_id = by_name[group.village.code, family.name]
            world.household_ids[family.number] = household_id
            put_household(actor, household_id, group_id, on)
        change_group(
            actor,
            group_id,
            name=group.name,
            meeting_place=group.place,
            leader_id=world.household_ids[members[0].number],
        )


def _set_targets(actor: Actor, year: int) -> None:
    """The office sets its own target, with a slip that it mends, and those of two facilitators;
    the operator sets those above it."""
    kind, now = ExitKind.INDEPENDENT, clock.now()
    _none, standing_in, other = (actor_called(person.username).user_id for person in FACILITATORS)
    for minutes, households in ((-3, _OF_MANADO * 10), (0, _OF_MANADO)):
        with clock.at(now + timedelta(minutes=minutes)):
            set_target(actor, region_code=MANADO, year=year, kind=kind, households=households)
    set_facilitator_target(actor, standing_in, year=year, households=_OF_WHO_STANDS_IN)
    with clock.at(now - timedelta(minutes=2)):
        set_facilitator_target(actor, other, year=year, households=_THOUGHT_BETTER_OF)
    take_back_facilitator_target(actor, other, year=year)
    above = command_line()
    set_target(above, region_code=MANADO[:2], year=year, kind=kind, households=_OF_THE_PROVINCE)
    set_target(above, region_code=None, year=year, kind=kind, households=_OF_THE_NATION)


def _area(actor: Actor) -> int:
    if actor.area_id is None:
        raise NotFound
    return actor.area_id
