"""The only place that commits, and how one moment is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework.core.db import db
from casework.core.errors import Busy
from casework.core.reading import TRANSACTING, WRITING

#: Key in `Session.info`: set while a request that must not change anything is served.
READ_ONLY = "casework_read_only"

#: serialization_failure, deadlock_detected, lock_not_available.
_RETRYABLE = {"40001", "40P01", "55P03"}


class WriteInReadOnlyRequest(RuntimeError):
    """A GET tried to write: links are followed by phones, previews and crawlers."""


@contextmanager
def transaction() -> Iterator[Session]:
    """One act of one person: all of it, or nothing.

    What was read before is let go of first, so that the writing transaction begins as such
    (SQLite: BEGIN IMMEDIATE) and decides on fresh rows.

    Raises: Busy when the database asks for another try; nothing was written then.
    """
    session = db.session()
    if session.info.get(READ_ONLY):
        raise WriteInReadOnlyRequest("this request may only read; use POST")
    if session.info.get(WRITING):
        raise RuntimeError("a transaction is open already; the outermost caller opens it")
    session.rollback()
    session.info[WRITING] = True
    try:
        session.info[TRANSACTING] = session.connection(execution_options={WRITING: True})
        yield session
        session.commit()
    except DBAPIError as error:
        session.rollback()
        if _may_be_tried_again(error):
            raise Busy(code="database") from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITING, None)
        session.info.pop(TRANSACTING, None)


@contextmanager
def snapshot() -> Iterator[Session]:
    """Everything that is read inside is of one moment, while others go on writing; nothing can be
    written. For what compares many rows, one statement after the other."""
    session = db.session()
    if session.info.get(WRITING):
        raise RuntimeError("a transaction is open: what it reads may have been changed by itself")
    session.rollback()
    # On SQLite every transaction reads one moment.
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options=_ONE_MOMENT)
    try:
        yield session
    finally:
        session.rollback()


_ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _may_be_tried_again(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRYABLE or "database is locked" in str(error.orig)
