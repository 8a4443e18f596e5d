"""Thousands of rows into a table at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table, insert

from casework.core.database_errors import as_elsewhere
from casework.core.db import Base, db


def insert_many(model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns, in the caller's transaction.

    On PostgreSQL by COPY, which takes a third of the time of as many inserts, and while the
    rows are still being made; defaults of the model do not apply there, so name every column
    that needs a value.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    rows = chain([first], rows)
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, model, list(first), rows)
    else:
        connection.execute(insert(model), list(rows))


def _copy(
    connection: Connection,
    model: type[Base],
    names: list[str],
    rows: Iterable[Mapping[str, Any]],
) -> None:
    table = cast(Table, model.__table__)
    dialect = connection.dialect
    processors = [
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
    ]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(
                    [process(row[name]) if process else row[name] for name, process in processors]
                )
    except psycopg.Error as error:
        # `transaction` knows what may be tried again, and the web what to answer.
        raise as_elsewhere(error, statement.as_string(None), dialect) from error
    finally:
        cursor.close()
