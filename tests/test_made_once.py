"""What one worker makes for all is made once, and what broke off is not taken for made."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fixtures.made_once import made_once


def name_of(request: pytest.FixtureRequest) -> str:
    """Of nobody else's in this run."""
    return f"{request.node.name}-{os.getpid()}"


def test_of_several_who_come_at_once_one_makes_it(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made: list[int] = []
    # Made by whoever asks first, which is one thread in a worker.
    tmp_path_factory.getbasetemp()

    def make(folder: Path) -> None:
        made.append(threading.get_ident())
        (folder / "first").write_text("half of it")
        time.sleep(0.2)
        (folder / "second").write_text("the rest")

    def look(_number: int) -> set[str]:
        folder = made_once(tmp_path_factory, name_of(request), make)
        return {path.name for path in folder.iterdir()}

    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(look, range(4)))
    assert found == [{"first", "second"}] * 4
    assert len(made) == 1


def test_what_broke_off_is_made_anew(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def break_off(folder: Path) -> None:
        (folder / "first").write_text("half of it")
        raise RuntimeError("no room")

    def make(folder: Path) -> None:
        (folder / "second").write_text("all of it")

    with pytest.raises(RuntimeError):
        made_once(tmp_path_factory, name_of(request), break_off)
    folder = made_once(tmp_path_factory, name_of(request), make)
    assert [path.name for path in folder.iterdir()] == ["second"]
