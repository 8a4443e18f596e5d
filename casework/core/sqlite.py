"""How SQLite is used: durable, many readers, and one writer whom the others wait for."""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

logger = logging.getLogger(__name__)

#: Seconds that an act waits for the writers before it, and then tells the person to try again.
PATIENCE = 15
#: Seconds between two looks whether the place of the writer is free: a fraction of a save.
_LOOKS = (0.001, 0.006)
#: Bytes of the -wal file from which on the next writer empties it. While readers follow closely on
#: one another SQLite's own checkpoints never come to their end, and the file grew to 883 MB in
#: ten minutes (benchmarks/sqlite_writers.py; the goal, scale.md 10, is 128 MB).
LONGEST_LOG = 32 * 2**20
#: Seconds that emptying it waits for those who read or write just then; else the one after tries.
_WAIT_TO_EMPTY = 0.2
#: In `Connection.info`: how long the log was when this one could not empty it.
_IN_VAIN_AT = "casework_log_not_emptied_at"


def prepare(dbapi_connection: Any) -> None:
    """Settings of a new connection."""
    # The driver must not begin transactions by itself: `begin` decides which kind.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    # busy_timeout first: switching to WAL needs a lock itself.
    for pragma in (
        f"busy_timeout = {int(PATIENCE * 1000)}",
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged sheet survives a power cut
        "foreign_keys = ON",
        "temp_store = MEMORY",
        # To this SQLite cuts a log that a long reader let grow, when it next begins at the front.
        # Twice, so that one a little longer than usual is not cut only to grow again.
        f"journal_size_limit = {2 * LONGEST_LOG}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: Connection, *, writing: bool) -> None:
    """A transaction that reads first and writes later fails at once when another one writes
    (SQLITE_BUSY, whatever the timeout); one that says so at its beginning waits its turn."""
    if not writing:
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.dbapi_connection
    try:
        _keep_log_short(connection, driver)
        driver.execute("PRAGMA busy_timeout = 0")
        if not _got_turn(driver):
            # SQLAlchemy's way, for its kind of error: the place is taken still, or something broke.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        # What a commit or a checkpoint waits for is short: there SQLite's own way is right.
        driver.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")


def _keep_log_short(connection: Connection, driver: Any) -> None:
    """Empty the -wal file once it is long: all of it, or nothing while somebody reads on."""
    log = Path(f"{connection.engine.url.database}-wal")
    try:
        size = log.stat().st_size
    except FileNotFoundError:  # nobody has written yet, or the database is not in a file
        return
    in_vain_at: int = connection.info.get(_IN_VAIN_AT, 0)
    if size < in_vain_at:  # another one has emptied it
        in_vain_at = 0
    # Beside a reader who takes minutes, as an export does, not every save should wait in vain,
    # but one in some hundred: so many fill a quarter. That long the log may stay as it is after
    # the reader has left.
    if size > max(LONGEST_LOG, in_vain_at + LONGEST_LOG // 4):
        connection.info[_IN_VAIN_AT] = 0 if _emptied(driver) else size


def _emptied(driver: Any) -> bool:
    driver.execute(f"PRAGMA busy_timeout = {int(_WAIT_TO_EMPTY * 1000)}")
    try:
        is_in_vain, *_pages = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        # A full disk, above all. Everything is in the log still, and there may be room for this
        # act in it: where there is not, saving fails in its own way and nothing is saved.
        logger.error("the log of SQLite cannot be emptied: %s", error)
        return False
    return not is_in_vain


def _got_turn(driver: Any) -> bool:
    """Wait for the place of the writer with the same chance as everybody who waits.

    SQLite itself looks ever more rarely the longer it has waited, at last ten times a second:
    whoever came last found the place free, and whoever had waited longest went on waiting, up to
    eight seconds among sixteen writers (benchmarks/sqlite_writers.py).
    """
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
            time.sleep(random.uniform(*_LOOKS))  # noqa: S311 - no secret, only not in step
        else:
            return True
    return False
