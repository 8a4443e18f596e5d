"""`flask regions`: provinces, regencies, districts and villages."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from casework.access.actor import command_line
from casework.core.errors import CaseworkError
from casework.core.transaction import transaction
from casework.regions.actions import load_regions
from casework.regions.official import official_list

regions = AppGroup("regions", help="Provinces, regencies, districts and villages.")


@regions.command("load")
def load() -> None:
    """Load the official list of regions, or bring it up to date.

    May be run again at any time: codes that are gone are retired, never deleted.

    \b
    Example:
        flask regions load
    """
    official = official_list()
    label = _("Loading regions")
    try:
        with click.progressbar(length=len(official.names), label=label) as bar, transaction():
            loaded = load_regions(command_line(), official, progress=bar.update)
    except CaseworkError as error:
        raise click.ClickException(str(error)) from None
    valid = ngettext("%(num)d region", "%(num)d regions", loaded.valid)
    if loaded.nothing_changed:
        click.echo(_("%(valid)s, nothing has changed.", valid=valid))
        return
    click.echo(
        _(
            "%(valid)s: %(added)d added, %(renamed)d renamed, %(retired)d retired,"
            " %(reopened)d in use again.",
            valid=valid,
            added=loaded.added,
            renamed=loaded.renamed,
            retired=loaded.retired,
            reopened=loaded.reopened,
        )
    )


COMMANDS = (regions,)
