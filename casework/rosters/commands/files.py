"""Files that commands write: personal data, so for the owner's eyes only, and never over
what is there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import click
from flask_babel import lazy_gettext

from casework.core.errors import Invalid

#: Of a file's name, on nearly every file system; Linux's NAME_MAX.
_MOST_BYTES = 255
#: For what commands put behind a name.
_ROOM = 20


def said(path: Path) -> str:
    """A path as a terminal takes it: Linux allows any byte in a name, also one that is no letter
    or that steers the terminal."""
    name = click.format_filename(path)
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)


def refuse_existing(path: Path) -> None:
    """Before any work is done. Raises: Invalid; also where nobody can tell, as in a directory
    without rights or under a name that is too long: there nothing can be written either."""
    if _is_there(path):
        raise _exists(path)


def free_name(path: Path) -> Path:
    """The path, or else the first of NAME-2, NAME-3, ... that is free. Raises: Invalid."""
    if not _is_there(path):
        return path
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(name for name in names if not _is_there(name))


def with_room(name: str) -> str:
    """The name, cut before its suffix where "-salah-12.csv" or ".part" would make it too long."""
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    while stem and len(os.fsencode(f"{stem}{dot}{suffix}")) > _MOST_BYTES - _ROOM:
        stem = stem[:-1]
    return f"{stem}{dot}{suffix}"


def _is_there(path: Path) -> bool:
    """Anything, a link to nowhere too. Raises: Invalid."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unwritable(path, error) from None
    return True


def write_new(path: Path, blocks: Iterable[bytes]) -> None:
    """Raises: Invalid when there is such a file, or it cannot be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with open(descriptor, "wb") as file:
            file.writelines(blocks)
    except BaseException as error:
        path.unlink()
        if isinstance(error, OSError):
            raise _unwritable(path, error) from None
        raise


def give_name(part: Path, path: Path) -> None:
    """Call a finished file by its name; what came to be there meanwhile stays as it is. `part`
    is left for its maker to remove.

    Raises: Invalid.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:
        _take_and_replace(part, path)


def _take_and_replace(part: Path, path: Path) -> None:
    """Where there are no hard links, as on FAT and some network drives. The name is taken first,
    as only one can; what is replaced is the own empty file."""
    write_new(path, ())
    try:
        part.replace(path)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> Invalid:
    return Invalid.field(
        "",
        lazy_gettext(
            "%(path)s cannot be written: %(reason)s.", path=said(path), reason=error.strerror
        ),
    )


def _exists(path: Path) -> Invalid:
    return Invalid.field(
        "", lazy_gettext("%(path)s is there already. Choose another name.", path=said(path))
    )
