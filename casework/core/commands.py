"""`flask keys`: the keys of personal data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from casework.core import clock
from casework.core.crypto import (
    KeyFileExists,
    KeyMissing,
    Keyring,
    add_phone_keys,
    load_keyring,
    new_key_file,
    rotate_phone_keys,
)

keys = AppGroup("keys", help="The keys that protect personal numbers, addresses and evidence.")


@keys.command("init")
def init() -> None:
    """Make the key file, once.

    In a key file that is there already nothing is changed, and that is no error; one from before
    phones sealed what they hold gets the key for that. When CASEWORK_KEYS is set, the keys come
    from there and no file is made.

    \b
    Example:
        DATA_DIR=/srv/casework flask keys init
    """
    keys_json: str | None = current_app.config["CASEWORK_KEYS"]
    path: Path = current_app.config["KEYS_FILE"]
    with _said(path):
        if keys_json:
            keyring = _tested(load_keyring(keys_json, path), "CASEWORK_KEYS")
            click.echo(_("The keys come from CASEWORK_KEYS. No key file was made."))
            if keyring.phone_keys is None:
                click.echo(_("They hold no key for what phones seal: see docs/operations.md."))
            return
        try:
            new_key_file(path, clock.now())
        except KeyFileExists as exists:
            # Exists, but can it be used? Better to hear it now than at the first roster.
            _tested(load_keyring(None, path), str(path))
            added = add_phone_keys(path)
            if added is None:
                click.echo(str(exists))
            else:
                _say_new_phone_key(added.active, path)
            return
    click.echo(_("Key file made: %(path)s", path=str(path)))
    click.echo(
        _(
            "Back it up now, apart from the database. Without it personal numbers, addresses and"
            " evidence cannot be read again, by anybody."
        )
    )


@keys.command("rotate-sealing")
def rotate_sealing() -> None:
    """Make a new key for what phones seal.

    The older ones stay in the key file: what a phone has sealed already, weeks ago even, is still
    opened. Restart the server afterwards, so that phones are given the new one.

    \b
    Example:
        DATA_DIR=/srv/casework flask keys rotate-sealing
    """
    path: Path = current_app.config["KEYS_FILE"]
    if current_app.config["CASEWORK_KEYS"]:
        raise click.ClickException(
            _("The keys come from CASEWORK_KEYS and not from a file: see docs/operations.md.")
        )
    with _said(path):
        _tested(load_keyring(None, path), str(path))
        made = rotate_phone_keys(path)
    _say_new_phone_key(made.active, path)


def _say_new_phone_key(key_id: str, path: Path) -> None:
    click.echo(
        _("Key %(key)s for what phones seal is now in %(path)s.", key=key_id, path=str(path))
    )
    click.echo(_("Restart the server, and back the key file up again, apart from the database."))


def _tested(keyring: Keyring, source: str) -> Keyring:
    """Looked at more closely than when a server starts. Raises: KeyMissing."""
    try:
        if keyring.phone_keys is not None:
            keyring.phone_keys.check()
    except ValueError as error:
        raise KeyMissing(
            _("The keys in %(source)s cannot be used: %(reason)s.", source=source, reason=error)
        ) from None
    return keyring


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """What is wrong with the keys, in words and not as a traceback."""
    try:
        yield
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


COMMANDS = (keys,)
