"""What SQLite writes ahead stays short, also while somebody always reads."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from casework.core import sqlite
from casework.core.reading import WRITING

READERS = 3
#: Of one save, in bytes, and how many there are: ten times what the log may hold.
SAVE, SAVES = 100_000, 200
LONGEST = 2_000_000


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path}/office.sqlite3")
    with made.connect().execution_options(**{WRITING: True}) as connection:
        connection.execute(text("CREATE TABLE note (written BLOB)"))
        connection.commit()
    yield made
    made.dispose()


def _save(engine: Engine) -> None:
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        connection.execute(text("INSERT INTO note VALUES (randomblob(:n))"), {"n": SAVE})
        connection.commit()


def _read_all_the_time(engine: Engine, ended: threading.Event) -> None:
    with engine.connect() as connection:
        while not ended.is_set():
            connection.execute(text("SELECT count(*) FROM note"))
            time.sleep(0.005)  # the reader's transaction is open still
            connection.rollback()


def test_readers_who_follow_closely_do_not_let_it_grow(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "LONGEST_LOG", LONGEST)
    log, largest, ended = tmp_path / "office.sqlite3-wal", 0, threading.Event()
    readers = [
        threading.Thread(target=_read_all_the_time, args=(engine, ended)) for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    try:
        for _ in range(SAVES):
            _save(engine)
            largest = max(largest, log.stat().st_size)
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert largest <= 2 * LONGEST
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM note")) == SAVES


def test_beside_one_who_reads_for_minutes_few_saves_wait(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "LONGEST_LOG", LONGEST)
    tries: list[str] = []
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM note"))
        with engine.connect() as writer:
            driver: Any = writer.connection.dbapi_connection
            driver.set_trace_callback(
                lambda sent: tries.append(sent) if "wal_checkpoint" in sent else None
            )
        for _ in range(2 * LONGEST // SAVE):
            _save(engine)
        # At once the log's length, and after each further quarter of it.
        assert 1 <= len(tries) <= 5
        reader.rollback()
        for _ in range(LONGEST // SAVE):
            _save(engine)
    assert (tmp_path / "office.sqlite3-wal").stat().st_size < LONGEST
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM note")) == 3 * LONGEST // SAVE


@contextmanager
def _no_file_longer_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_the_database_takes_no_more_saving_goes_on_in_the_log(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    log, room = tmp_path / "office.sqlite3-wal", 3_500_000
    for _ in range(2 * room // SAVE):
        _save(engine)
    empty(engine)
    monkeypatch.setattr(sqlite, "LONGEST_LOG", LONGEST)
    with _no_file_longer_than(room):
        while log.stat().st_size <= LONGEST:
            _save(engine)
        assert not caplog.messages
        _save(engine)
        assert "cannot be emptied" in caplog.text
        _save(engine)
        assert len(caplog.messages) == 1, "not at each save"
        with pytest.raises(OperationalError):  # SQLAlchemy's: answered by 503
            save_until_the_log_is_full(engine)
    for _ in range(LONGEST // SAVE):
        _save(engine)
    assert log.stat().st_size < LONGEST


def empty(engine: Engine) -> None:
    raw: Any = engine.raw_connection()
    assert raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    raw.close()


def save_until_the_log_is_full(engine: Engine) -> None:
    for _ in range(SAVES):
        _save(engine)
