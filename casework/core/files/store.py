"""Where files lie: each sealed on its own, under names made by the server.

A file is written before the row that names it is committed. When that commit does not come,
the file is an orphan: it cannot be reached from any page, it is sealed, and `orphans` finds it.
The other order would leave rows without their file.
"""

from __future__ import annotations

import errno
import os
import stat
import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import ClassVar

from flask_babel import lazy_gettext as _

from casework.core.crypto import Keyring
from casework.core.disk import sync_directory
from casework.core.errors import CaseworkError, Message

_SUFFIX = ".sealed"
_UNFINISHED = "unfinished"
_FIELD = "content"
_OWNERS_AT_ONCE = 200


class FileLost(CaseworkError):
    """A row names a file that the store does not have: a matter for a backup."""

    status: ClassVar[int] = 500

    def __init__(self, message: Message = "", *, code: str = "") -> None:
        super().__init__(
            message or _("This file cannot be found. Tell whoever runs the server."),
            code=code,
        )


@dataclass(frozen=True, slots=True)
class StoredFile:
    area_id: int
    owner_id: uuid.UUID
    file_id: uuid.UUID
    written_at: datetime


@dataclass(frozen=True, slots=True)
class FileStore:
    """`root` belongs to the store alone and is made when first needed. `owner_id` is that of the
    row a file belongs to: a nomination, a meeting."""

    root: Path
    keyring: Keyring
    #: Of the rows that name these files; what was sealed for another one does not open.
    table: str

    def put(self, area_id: int, owner_id: uuid.UUID, file_id: uuid.UUID, content: bytes) -> None:
        """On disk when this returns. A second put of the same ids replaces the first: that is
        a retry after a transaction that was rolled back."""
        sealed = self.keyring.seal(
            content, table=self.table, row=_row(area_id, owner_id, file_id), field=_FIELD
        )
        path = self._path(area_id, owner_id, file_id)
        unfinished = self.root / _UNFINISHED / uuid.uuid4().hex
        _make_directories(unfinished.parent)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            _make_directories(path.parent)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        sync_directory(path.parent)

    def get(self, area_id: int, owner_id: uuid.UUID, file_id: uuid.UUID) -> bytes:
        """Raises: FileLost; Tampered when the file was changed or put there from
        another owner; OSError also where something lies there that is no file."""
        try:
            sealed = _read(self._path(area_id, owner_id, file_id))
        except FileNotFoundError:
            raise FileLost from None
        return self.keyring.open(
            sealed, table=self.table, row=_row(area_id, owner_id, file_id), field=_FIELD
        )

    def delete(self, area_id: int, owner_id: uuid.UUID, file_id: uuid.UUID) -> None:
        """Without complaint when it is gone already: deleting twice is a retry."""
        # The directory stays: a put under way may be about to use it.
        self._path(area_id, owner_id, file_id).unlink(missing_ok=True)

    def areas(self) -> list[int]:
        """The numbers for which anything lies here."""
        names = (each.name for each in _entries(self.root) if _is_folder(each))
        return sorted(int(name) for name in names if name.isdecimal())

    def orphans(
        self,
        area_id: int,
        known: Callable[[Collection[uuid.UUID]], Collection[uuid.UUID]],
        *,
        written_before: datetime,
    ) -> Iterator[StoredFile]:
        """Files of that number whose id is in no row; `known` gives the ids of all files that rows
        name of these owners.

        `written_before` leaves out those whose transaction may still be under way.
        """
        folders = (each for each in _entries(self.root / f"{area_id:d}") if _is_folder(each))
        while some := list(islice(folders, _OWNERS_AT_ONCE)):
            # What lies here first, then the rows: a row that comes in between is seen.
            stored = [each for folder in some for each in _stored(area_id, folder)]
            ids = known({each.owner_id for each in stored}) if stored else ()
            for each in stored:
                if each.file_id not in ids and each.written_at < written_before:
                    yield each

    def unfinished(self, *, written_before: datetime) -> Iterator[Path]:
        """What a killed process left half written."""
        for each in _entries(self.root / _UNFINISHED):
            at = _written_at(each)
            if at is not None and at < written_before:
                yield Path(each.path)

    def strange(self) -> int:
        """How many things lie among the unfinished that are no files: no store makes a folder or a
        link there, so it is not for a store to delete them."""
        return sum(1 for each in _entries(self.root / _UNFINISHED) if not _is_file(each))

    def remove_unfinished(self, *, written_before: datetime) -> int:
        """Delete what a killed process left half written; how many there were. Nothing of it has
        the name of a file yet, so no row can name it."""
        removed = 0
        for path in self.unfinished(written_before=written_before):
            path.unlink(missing_ok=True)
            removed += 1
        return removed

    def _path(self, area_id: int, owner_id: uuid.UUID, file_id: uuid.UUID) -> Path:
        # Numbers and UUIDs only: nothing a person typed ever becomes part of a path.
        return self.root / f"{area_id:d}" / owner_id.hex / f"{file_id.hex}{_SUFFIX}"


def _row(area_id: int, owner_id: uuid.UUID, file_id: uuid.UUID) -> str:
    return f"{area_id:d}/{owner_id.hex}/{file_id.hex}"


def _make_directories(directory: Path) -> None:
    """Each level is synced into the one above: a power cut must not take the branch away."""
    missing = []
    while not directory.exists():
        missing.append(directory)
        directory = directory.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True, mode=0o700)
        sync_directory(path.parent)


def _read(path: Path) -> bytes:
    """Neither waits for whoever writes into a pipe nor follows a link to somewhere else.

    Raises: OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Not a file", str(path))
    except BaseException:
        os.close(descriptor)
        raise
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """One at a time, in no order; none where there is no such folder."""
    try:
        with os.scandir(folder) as found:
            yield from found
    except FileNotFoundError:
        return


def _stored(area_id: int, folder: os.DirEntry[str]) -> Iterator[StoredFile]:
    """Not what somebody else put there: only names that the store gives can be in a row."""
    for each in _entries(Path(folder.path)):
        owner, file = _id(folder.name), _id(each.name.removesuffix(_SUFFIX))
        if owner and file and each.name == f"{file.hex}{_SUFFIX}":
            at = _written_at(each)
            if at is not None:
                yield StoredFile(area_id, owner, file, at)


def _id(name: str) -> uuid.UUID | None:
    try:
        found = uuid.UUID(name)
    except ValueError:
        return None
    return found if found.hex == name else None


def _written_at(entry: os.DirEntry[str]) -> datetime | None:
    """None of what has gone meanwhile, for others go on writing, and of what is no file."""
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return datetime.fromtimestamp(found.st_mtime, UTC) if stat.S_ISREG(found.st_mode) else None


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Also a link to one, on another disk; not one that leads nowhere or to itself."""
    try:
        return entry.is_dir()
    except OSError:
        return False
