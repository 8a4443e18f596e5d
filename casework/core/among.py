"""Many keys in one statement whose text stays the same, however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam

from casework.core.db import db

Key = TypeVar("Key")

#: SQLite takes 32,766 values in one statement.
MOST = 30_000


def among(column: Any, name: str, kind: Any = Uuid) -> ColumnElement[bool]:
    """`column` is one of the ids bound to `name` when the statement is executed.

    PostgreSQL takes them as one array: a list of thirty placeholders would be parsed anew by
    the driver every time. SQLite has no arrays and takes the list. A statement kept in memory
    is therefore kept per dialect. `kind`: the type of the column, where it is no id.
    """
    if db.engine.dialect.name == "postgresql":
        is_one: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(kind)))
        return is_one
    among_them: ColumnElement[bool] = column.in_(bindparam(name, type_=kind, expanding=True))
    return among_them


def portions(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """As many at a time as one statement takes."""
    rest = iter(keys)
    while portion := list(islice(rest, MOST)):
        yield portion
