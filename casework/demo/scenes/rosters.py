"""Each quarter's Final Closing, loaded the way an office loads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from casework.access.actor import Actor
from casework.core import clock
from casework.demo.cast import ADMINISTRATOR
from casework.demo.roster import final_closing, with_mistakes
from casework.demo.world import Scene, World
from casework.households.rules import stage_of
from casework.rosters.actions import importing, uploads

#: Households of the file that waits to be corrected.
_WAITING = 12


def scenes(world: World) -> Iterator[Scene]:
    """The present quarter's, and a file that waits. The first roster belongs to the setting:
    without it there are no families to play."""
    quarter = world.today.replace(month=(world.today.month - 1) // 3 * 3 + 1, day=1)
    arrives_on = min(quarter + timedelta(days=5), world.today)
    yield Scene(world.at(arrives_on, 8, 30), ADMINISTRATOR.username, partial(load, world))
    yield Scene(world.now, ADMINISTRATOR.username, partial(_leave_waiting, world))


def load(world: World, actor: Actor) -> None:
    """Raises: Invalid if the product does not accept what the demonstration invents."""
    data = final_closing(world.families)
    stage = stage_of(clock.today(actor.time_zone))
    sha256 = importing.fingerprint(data)
    roster = importing.read(actor, data)
    checked = importing.apply(actor, roster, stage, sha256=sha256, skip_bad=False)
    name = f"FC_KOTA_MANADO_{stage}.csv"
    uploads.record_applied(actor, checked, sha256=sha256, file_name=name)


def _leave_waiting(world: World, actor: Actor) -> None:
    """A file with mistakes in it, looked at and not applied yet."""
    data = with_mistakes(world.families[:_WAITING])
    checked = importing.check(importing.read(actor, data), stage_of(clock.today(actor.time_zone)))
    uploads.keep(actor, checked, data=data, file_name="susulan_bunaken.csv")
