"""INSERT that becomes an UPDATE where the key exists, on both databases."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from casework.core.db import Base, db

Insert = postgresql.Insert | sqlite.Insert


def insert_into(model: type[Base]) -> Insert:
    """An insert of the running database's dialect: both know `on_conflict_do_update` and
    `on_conflict_do_nothing` with the same words. Pass moments as values, never `now()`."""
    if db.engine.dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)
