from __future__ import annotations

import sys

import click
from click.termui import progressbar
from flask.cli import AppGroup

from casework.access.actor import command_line
from casework.core.transaction import transaction
from casework.economics.actions.counting import count_regency
from casework.households.queries.regencies import regencies
from casework.web.command_line import TEXT

economics = AppGroup("economics", help="Families with a business, a licence, a channel, a loan.")


@economics.command("count")
@click.option("--area", "code", type=TEXT, help="Code of a regency, e.g. 71.71; all unless given.")
def count(code: str | None) -> None:
    """Count each regency's families, for the pages of provinces and of the nation.

    Run it every night: those pages show what was counted last.

    Example: flask economics count --area 71.71
    """
    actor = command_line()
    found = regencies(code)
    if code and not found:
        raise click.BadParameter(f"{code} is no regency with households", param_hint="--area")
    families = 0
    with progressbar(found, label="Regencies", file=sys.stderr) as bar:
        for each in bar:
            with transaction():
                families += count_regency(actor, each.code, each.area_id)
    click.echo(f"{families} families of {len(found)} regencies counted.")


COMMANDS = (economics,)
