"""Whether a piece of work has left the database as it was: every row of every table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from casework.core.db import db
from tests.table_rows import tables


def content_of_database(*, but: str = "") -> str:
    """A fingerprint of what is committed, in all tables `but` one."""
    digest = hashlib.sha256()
    with db.engine.connect() as connection:
        for table in tables():
            if table.name == but:
                continue
            # As the driver gives them: twice as fast as by way of the models' types.
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table.name}"').all()
            digest.update(f"{table.name}{sorted(map(repr, rows))}".encode())
    return digest.hexdigest()


@contextmanager
def nothing_changes(*, but: str = "") -> Iterator[None]:
    """For a table of cases that share one world: none of them may find what another one did.
    `but`: the one table in which they may."""
    before = content_of_database(but=but)
    yield
    after = content_of_database(but=but)
    assert after == before, "one of the cases has changed what the others find"
