"""The keyring of the running application."""

from __future__ import annotations

from flask import current_app

from casework.core.crypto.key_source import load_keyring
from casework.core.crypto.keyring import Keyring

_EXTENSION = "casework_keyring"


def current_keyring() -> Keyring:
    """Read when first needed and kept: `flask keys init` must run before there are keys, and
    a page must not read a file for every number it shows.

    Raises: KeyMissing, with what to do.
    """
    keyring = current_app.extensions.get(_EXTENSION)
    if not isinstance(keyring, Keyring):
        keyring = load_keyring(current_app.config["CASEWORK_KEYS"], current_app.config["KEYS_FILE"])
        current_app.extensions[_EXTENSION] = keyring
    return keyring
