"""SQLite has one writer at a time: the others wait, and are told when it takes too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from casework.core import sqlite
from casework.core.db import db
from casework.core.errors import Busy
from casework.core.transaction import transaction


@pytest.fixture
def held(app: Flask) -> Iterator[threading.Event]:
    """Another writer has the file until this is set, half a minute at most."""
    let_go, holds = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), transaction() as session:
            session.execute(text("SELECT 1"))
            holds.set()
            let_go.wait(30)

    writer = threading.Thread(target=hold)
    writer.start()
    assert holds.wait(10)
    yield let_go
    let_go.set()
    writer.join()


def test_a_writer_waits_for_the_one_before(app: Flask, held: threading.Event) -> None:
    let_go_at: list[float] = []

    def let_go() -> None:
        let_go_at.append(time.monotonic())
        held.set()

    threading.Timer(0.2, let_go).start()
    with app.app_context(), transaction() as session:
        session.execute(text("SELECT 1"))
        began = time.monotonic()
        one_at_a_time = db.engine.dialect.name == "sqlite"
    assert not one_at_a_time or (let_go_at and began >= let_go_at[0])


def test_who_has_waited_long_enough_is_told_to_try_again(
    app: Flask, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.2)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            return  # has as many writers as come
        with pytest.raises(Busy), transaction():
            raise AssertionError("two write at once")
    held.set()
    with app.app_context(), transaction() as session:
        session.execute(text("SELECT 1"))
