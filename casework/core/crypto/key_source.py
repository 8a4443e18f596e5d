"""Where the keys come from: the environment, or a key file that nobody else can read."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _

from casework.core.crypto.errors import KeyMissing
from casework.core.crypto.keyring import Keyring
from casework.core.crypto.phone_keys import PhoneKeys
from casework.core.disk import sync_directory
from casework.core.errors import Conflict

_OWNER_ONLY = 0o600
_OTHERS = 0o077


class KeyFileExists(Conflict):
    """A key file is never overwritten: without the old keys nothing sealed can be read again."""


def load_keyring(keys_json: str | None, path: Path) -> Keyring:
    """From the content of CASEWORK_KEYS when that is set, else from the key file.

    Raises: KeyMissing, with what to do.
    """
    if keys_json:
        return parsed(keys_json, source="CASEWORK_KEYS")
    return read_key_file(path)


def read_key_file(path: Path) -> Keyring:
    """Raises: KeyMissing when there is none, when it is damaged, and when others may read it."""
    return parsed(key_file_text(path), source=str(path))


def key_file_text(path: Path) -> str:
    """Raises: KeyMissing when there is none, and when others may read it."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except FileNotFoundError:
        raise KeyMissing(
            _("There is no key file at %(path)s. Run: flask keys init", path=str(path)),
            code="no-key-file",
        ) from None
    except (OSError, UnicodeDecodeError):
        raise KeyMissing(
            _("The key file %(path)s cannot be read.", path=str(path)), code="unreadable-key-file"
        ) from None
    if mode & _OTHERS:
        raise KeyMissing(
            _(
                "Other people can read the key file %(path)s. Run: chmod 600 %(path)s",
                path=str(path),
            ),
            code="exposed-key-file",
        )
    return text


def new_key_file(path: Path, created_at: datetime) -> Keyring:
    """Make fresh keys and write them to `path`, readable by the owner alone.

    Raises: KeyFileExists when anything stands there already.
    """
    keyring = replace(Keyring.generate(created_at), phone_keys=PhoneKeys.generate())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        raise KeyFileExists(
            _("There is a key file at %(path)s already. It was not changed.", path=str(path))
        ) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(keyring.to_json())
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        # Half a key file would be taken for a damaged one and never replaced.
        path.unlink(missing_ok=True)
        raise
    # Keys that a power cut takes away after the first household is sealed are a disaster.
    sync_directory(path.parent)
    return keyring


def parsed(text: str, *, source: str) -> Keyring:
    """Raises: KeyMissing, which names the source and what is wrong with it."""
    try:
        return Keyring.from_json(text)
    except ValueError as error:
        raise KeyMissing(
            _(
                "The keys in %(source)s cannot be used: %(reason)s.",
                source=source,
                reason=str(error),
            ),
            code="malformed-keys",
        ) from None
