"""Files that commands write, where the file system says no."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casework.core.errors import Invalid
from casework.rosters.commands.files import free_name, refuse_existing

#: Nobody's account on Linux.
NOBODY = 65534


@contextmanager
def as_anybody() -> Iterator[None]:
    """Root may look into every directory, so it steps down for a while."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(me)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize("ask", [refuse_existing, free_name])
def test_a_directory_without_rights_is_refused_in_words(
    locked: Path, ask: Callable[[Path], object]
) -> None:
    with pytest.raises(Invalid, match="cannot be written"), as_anybody():
        ask(locked / "out.csv")
