"""The keyring of the running application."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext as _

from casework.core.crypto.errors import KeyMissing
from casework.core.crypto.key_source import load_keyring
from casework.core.crypto.keyring import Keyring
from casework.core.crypto.phone_keys import PhoneKeys

_EXTENSION = "casework_keyring"


def current_keyring() -> Keyring:
    """Read when first needed and kept: `flask keys init` must run before there are keys, and
    a page must not read a file for every number it shows.

    Raises: KeyMissing, with what to do.
    """
    keyring = current_app.extensions.get(_EXTENSION)
    return keyring if isinstance(keyring, Keyring) else _read()


def current_phone_keys(wanted: str | None = None) -> PhoneKeys:
    """`wanted`: the id of a key that a phone names. Another process may have made it and given it
    away since this one read its keys, so they are read again before it counts as unknown.

    Raises: KeyMissing where there are none at all, with what to do.
    """
    keys = current_keyring().phone_keys
    if keys is None or (wanted is not None and wanted not in keys.private_keys):
        keys = _read().phone_keys
    if keys is None:
        raise KeyMissing(
            _("There is no key for what phones seal. Run: flask keys init"), code="no-phone-keys"
        )
    return keys


def _read() -> Keyring:
    keyring = load_keyring(current_app.config["CASEWORK_KEYS"], current_app.config["KEYS_FILE"])
    current_app.extensions[_EXTENSION] = keyring
    return keyring
