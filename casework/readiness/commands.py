from __future__ import annotations

import sys
import uuid

import click
from click.termui import progressbar
from flask.cli import AppGroup

from casework.access.actor import command_line
from casework.core import clock
from casework.core.transaction import transaction
from casework.households.queries.regencies import Regency, regencies
from casework.readiness.actions import BATCH
from casework.readiness.actions import recompute as recompute_households
from casework.readiness.queries.recomputing import batches, wrong
from casework.web.command_line import TEXT

readiness = AppGroup("readiness", help="Stored verdicts on readiness: renew and prove.")


@readiness.command("recompute")
@click.option("--area", "code", type=TEXT, help="Code of a regency, e.g. 71.71; all unless given.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a stored row is wrong.")
def recompute(code: str | None, check: bool) -> None:
    """Compute every household's verdict anew, as of today.

    Run it every night: answers grow old, and months pass out of the twelve. With --check each
    stored row is computed again for its own day and must come out the same.

    Example: flask readiness recompute --area 71.71 --check
    """
    found = regencies(code)
    if code and not found:
        raise click.BadParameter(f"{code} is no regency with households", param_hint="--area")
    total = sum(each.households for each in found)
    with progressbar(length=total, label="Households", file=sys.stderr) as bar:
        count = 0
        for area in found:
            for ids in batches(area.area_id, BATCH):
                count += _check(area, ids) if check else _renew(area, ids)
                bar.update(len(ids))
    if check and count:
        click.echo(f"{count} of {total} stored verdicts are wrong.")
        raise SystemExit(1)
    if check:
        click.echo(f"All stored verdicts of {total} households are right.")
    else:
        click.echo(f"{total} households computed, {count} rows changed.")


def _check(area: Regency, ids: list[uuid.UUID]) -> int:
    different = wrong(area.area_id, ids)
    for household_id in different:
        click.echo(f"area {area.code}, household {household_id}: stored verdict is wrong")
    return len(different)


def _renew(area: Regency, ids: list[uuid.UUID]) -> int:
    with transaction():
        return recompute_households(
            command_line(), area.area_id, ids, as_of=clock.today(area.time_zone)
        )


COMMANDS = (readiness,)
