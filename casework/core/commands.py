"""`flask keys`: the keys of personal data."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from casework.core import clock
from casework.core.crypto import KeyFileExists, KeyMissing, load_keyring, new_key_file

keys = AppGroup("keys", help="The keys that protect personal numbers, addresses and evidence.")


@keys.command("init")
def init() -> None:
    """Make the key file, once.

    A key file that is there already is left alone, and that is no error. When CASEWORK_KEYS
    is set, the keys come from there and no file is made.

    \b
    Example:
        DATA_DIR=/srv/casework flask keys init
    """
    keys_json: str | None = current_app.config["CASEWORK_KEYS"]
    path: Path = current_app.config["KEYS_FILE"]
    try:
        if keys_json:
            load_keyring(keys_json, path)
            click.echo(_("The keys come from CASEWORK_KEYS. No key file was made."))
            return
        try:
            new_key_file(path, clock.now())
        except KeyFileExists as exists:
            # Exists, but can it be used? Better to hear it now than at the first roster.
            load_keyring(None, path)
            click.echo(str(exists))
            return
    except KeyMissing as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            _(
                "The key file %(path)s cannot be written: %(reason)s.",
                path=str(path),
                reason=error.strerror,
            )
        ) from None
    click.echo(_("Key file made: %(path)s", path=str(path)))
    click.echo(
        _(
            "Back it up now, apart from the database. Without it personal numbers, addresses and"
            " evidence cannot be read again, by anybody."
        )
    )


COMMANDS = (keys,)
