"""Many ids in one statement whose text stays the same, however many they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam

from casework.core.db import db


def among(column: Any, name: str) -> ColumnElement[bool]:
    """`column` is one of the ids bound to `name` when the statement is executed.

    PostgreSQL takes them as one array: a list of thirty placeholders would be parsed anew by
    the driver every time. SQLite has no arrays and takes the list. A statement kept in memory
    is therefore kept per dialect.
    """
    if db.engine.dialect.name == "postgresql":
        is_one: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(Uuid)))
        return is_one
    among_them: ColumnElement[bool] = column.in_(bindparam(name, type_=Uuid, expanding=True))
    return among_them
