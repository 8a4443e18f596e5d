"""`flask demo`: the demonstration."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from casework.accounts.labels import ROLES
from casework.core.errors import CaseworkError
from casework.demo import cast, play
from casework.demo.world import FULL

demo = AppGroup("demo", help="Invented people and families, to try everything out.")


@demo.command("load")
def load() -> None:
    """Fill an empty installation with a year of Kota Manado.

    Does nothing where the demo is loaded already, and refuses a database with other people in
    it.

    \b
    Example:
        flask demo load
    """
    try:
        if play.is_loaded():
            click.echo(_("The demo is loaded already."))
            return
        label = _("Acting out a year in Kota Manado")
        play.load(FULL, lambda scenes: click.progressbar(scenes, label=label, file=sys.stderr))
    except CaseworkError as error:
        raise click.ClickException(str(error)) from None
    click.echo(_("Done. To see who can sign in: flask demo logins"))


@demo.command("logins")
def logins() -> None:
    """Print who can sign in to the demo, and with what password.

    The passwords are drawn by this installation's SECRET_KEY.

    \b
    Example:
        flask demo logins
    """
    try:
        if not play.is_loaded():
            raise click.ClickException(_("There is no demo yet. Run: flask demo load"))
    except CaseworkError as error:
        raise click.ClickException(str(error)) from None
    secret = str(current_app.secret_key)
    for person in cast.CAST:
        role = str(ROLES[person.role])
        click.echo(f"  {role:14} {person.username:14} {cast.password(secret, person.username)}")


COMMANDS = (demo,)
