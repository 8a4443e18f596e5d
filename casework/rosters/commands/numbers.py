from __future__ import annotations

import sys
from collections.abc import Iterator

import click
from flask.cli import with_appcontext
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from casework.access.actor import command_line
from casework.core.transaction import transaction
from casework.households.actions.registry import rebuild
from casework.households.queries.registry import (
    Difference,
    areas_with_households,
    stray_entries,
    unregistered,
)
from casework.rosters.commands.refusals import refusals

#: Exit status: the registry and the households do not say the same.
DIFFERENT = 1


@click.command("numbers")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when an entry is wrong.")
@with_appcontext
def numbers(check: bool) -> None:
    """Hold the national registry of NIK to the households, and mend it.

    It says in which regency a number is known, so that no family is taken in twice. Families
    that share a number are named and left as they are: an office has to look.

    \b
    Example:
        flask roster numbers --check
    """
    with refusals():
        if not check:
            click.echo(_("Mending the registry") + " …", err=True)
            with transaction():
                mended = rebuild(command_line())
            words = ngettext(
                "%(entries)s entry mended.",
                "%(entries)s entries mended.",
                mended,
                entries=format_decimal(mended),
            )
            click.echo(words)
        count = 0
        for difference in _differences():
            count += 1
            click.echo(_in_words(difference))
        if not count:
            click.echo(_("The registry and the families say the same."))
    if count:
        raise SystemExit(DIFFERENT)


def _differences() -> Iterator[Difference]:
    areas = areas_with_households()
    with click.progressbar(areas, label=_("Comparing"), file=sys.stderr) as shown:
        for area_id in shown:
            yield from unregistered(area_id)
    yield from stray_entries()


def _in_words(difference: Difference) -> str:
    words = (
        _("Regency %(area)s, family %(family)s: registered, and no longer there.")
        if difference.is_entry
        else _("Regency %(area)s, family %(family)s: its NIK is not registered, or as another's.")
    )
    return words % {"area": difference.area_id, "family": difference.household_id}
