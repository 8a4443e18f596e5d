"""A key file that is in use gets another phone key, and loses nothing."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from casework.core.crypto.key_source import key_file_text, parsed
from casework.core.crypto.keyring import Keyring
from casework.core.crypto.phone_keys import PhoneKeys
from casework.core.disk import sync_directory


def add_phone_keys(path: Path) -> PhoneKeys | None:
    """To a key file of before there were any; None where it has them already.

    Raises: KeyMissing when the file cannot be used; OSError when it cannot be written.
    """
    with _held(path) as file:
        return file.put(PhoneKeys.generate()) if file.keyring.phone_keys is None else None


def rotate_phone_keys(path: Path) -> PhoneKeys:
    """A new active pair; the older ones stay. Raises: as `add_phone_keys`."""
    with _held(path) as file:
        known = file.keyring.phone_keys
        return file.put(known.rotated() if known else PhoneKeys.generate())


@dataclass(frozen=True, slots=True, repr=False)
class _KeyFile:
    path: Path
    text: str
    keyring: Keyring

    def put(self, keys: PhoneKeys) -> PhoneKeys:
        # Into what stands there, so that also what this release does not know of is kept.
        content = json.loads(self.text) | {"phone_keys": keys.content()}
        text = json.dumps(content, indent=2) + "\n"
        if Keyring.from_json(text) != replace(self.keyring, phone_keys=keys):
            raise RuntimeError("the changed key file would not hold the same keys")
        _replace(self.path, text)
        return keys


@contextmanager
def _held(path: Path) -> Iterator[_KeyFile]:
    """The key file, changed by nobody else meanwhile: of two at once, the second would write it
    without the first one's key. The lock goes with its process, so that none is left behind."""
    # A link stays a link: what it leads to is replaced.
    path = path.resolve()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        text = key_file_text(path)
        yield _KeyFile(path, text, parsed(text, source=str(path)))
    finally:
        os.close(folder)


def _replace(path: Path, text: str) -> None:
    """All of the new file or all of the old one, whenever the power goes."""
    was = path.stat()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=".key")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            # Run by root, it would otherwise be root's, and the server could not read it.
            if was.st_uid != os.fstat(descriptor).st_uid:
                os.fchown(descriptor, was.st_uid, was.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(was.st_mode))
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_directory(path.parent)
