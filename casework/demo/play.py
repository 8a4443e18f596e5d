"""The demonstration acted out: the setting first, then scene after scene in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from itertools import chain

from flask_babel import gettext as _
from sqlalchemy import select, text

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Refused
from casework.core.transaction import transaction
from casework.demo import calendar, setting
from casework.demo.cast import CAST
from casework.demo.scenes import (
    aftercare,
    economics,
    exits,
    meetings,
    nominations,
    rosters,
    standing_in,
)
from casework.demo.world import Scale, Scene, World

#: Goes through the scenes while somebody watches, such as `click.progressbar`.
Watch = Callable[[list[Scene]], AbstractContextManager[Iterable[Scene]]]


def is_loaded() -> bool:
    """Whether the demonstration stands in this database.

    Raises: Refused where other people work: their data and invented ones must never mix.
    """
    known = set(db.session.scalars(select(people().c.username)))
    cast = {person.username for person in CAST}
    if known - cast:
        raise Refused(
            _("This database has other people in it. The demo wants a database of its own.")
        )
    return cast <= known


def load(scale: Scale, watch: Watch = nullcontext) -> None:
    """Fill an empty installation, all of it or nothing."""
    # A little while ago, so that nobody's first act lies before the demonstration's last one.
    now = clock.now() - timedelta(minutes=5)
    world = World(scale, now, now.astimezone(calendar.ZONE).date())
    with transaction():
        setting.prepare(world)
        _tell_the_planner()
        with watch(_in_order(world)) as scenes:
            _play(scenes)
        setting.close(world)


def _tell_the_planner() -> None:
    """PostgreSQL plans by statistics that it gathers when a transaction is over; in this one
    it would go on believing that there are no families, and take three times as long."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE"))


def _in_order(world: World) -> list[Scene]:
    parts = (rosters, standing_in, meetings, economics, nominations, exits, aftercare)
    scenes = chain.from_iterable(part.scenes(world) for part in parts)
    return sorted(scenes, key=lambda scene: scene.at)


def _play(scenes: Iterable[Scene]) -> None:
    actors: dict[str, Actor] = {}
    for number, scene in enumerate(scenes, start=1):
        if scene.username not in actors:
            actors[scene.username] = setting.actor_called(scene.username)
        with clock.at(scene.at):
            scene.act(actors[scene.username])
        if number % 100 == 0:
            # What was read for one scene is not wanted by the next.
            db.session.flush()
            db.session.expunge_all()
