"""`flask users`: accounts from the server's command line."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from casework.access.actor import command_line
from casework.access.roles import Role
from casework.accounts import passwords
from casework.accounts.actions import people as actions
from casework.core.errors import CaseworkError
from casework.core.transaction import transaction
from casework.regions.queries.meant import region_meant
from casework.web.command_line import TEXT

users = AppGroup("users", help="People who may sign in.")


@users.command("add")
@click.argument("username", type=TEXT)
@click.option("--name", type=TEXT, required=True, help="Full name.")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What she is."
)
@click.option(
    "--region",
    type=TEXT,
    default="",
    metavar="CODE",
    help="Code or name; without it, the whole nation.",
)
@click.option(
    "--site",
    type=TEXT,
    default="",
    metavar="ADDRESS",
    help="Where people reach this installation, like https://pkh.example.go.id. The link begins"
    " with it; without it, it works on this machine only.",
)
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input instead of making a link; for scripts.",
)
def add(username: str, name: str, role: str, region: str, site: str, password_stdin: bool) -> None:
    """Add a person and print the link with which she sets her own password.

    The link works once, for 24 hours, at the address given with --site.

    \b
    Examples:
        flask users add rina --name "Rina Manoppo" --role administrator --region 71.71 \\
            --site https://pkh.example.go.id
        flask users add budi --name "Budi Santoso" --role facilitator --region 71.71.01 \\
            --site https://pkh.example.go.id
        pass show pkh/rina | flask users add rina --name "Rina Manoppo" \\
            --role administrator --region 71.71 --password-stdin
    """
    actor = command_line()
    if site and not site.startswith(("https://", "http://")):
        raise click.BadParameter(
            _("Write the address in full, like https://pkh.example.go.id."), param_hint="--site"
        )
    try:
        password_hash = _password_hash(username) if password_stdin else None
        with transaction():
            particulars = actions.Particulars(
                name=name, role=Role(role), region_code=region_meant(actor, region)
            )
            user_id = actions.add_person(actor, username, particulars, password_hash=password_hash)
            token = None if password_hash else actions.make_link(actor, user_id)
    except CaseworkError as error:
        raise click.ClickException(str(error)) from None
    click.echo(_("%(name)s was added. User name: %(username)s", name=name, username=username))
    if token:
        here = f"http://localhost:{current_app.config.get('PORT', 8000)}"
        click.echo(_("Link to set the password, for 24 hours, once:"))
        click.echo(f"{site.rstrip('/') or here}/activate/{token}")
        if not site:
            click.echo(
                _(
                    "This link works on this machine only. Put the address of the service in place"
                    " of %(address)s, or say it next time with --site https://…",
                    address=here,
                ),
                err=True,
            )


def _password_hash(username: str) -> str:
    """Of the first line of standard input."""
    password = TEXT.convert(_line(), None, None)
    passwords.check_strength(password, username=username)
    return passwords.hash_password(password)


def _line() -> str:
    """Half letters stay in it, so that they are refused as in an option."""
    line = sys.stdin.buffer.readline()
    return line.decode(sys.stdin.encoding, "surrogateescape").rstrip("\r\n")


COMMANDS = (users,)
