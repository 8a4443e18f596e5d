"""All rows of all tables as they lie there: read, compared, and put back.

Nothing goes by way of the models. What is put back is to the letter what was read: on SQLite the
values of the driver; on PostgreSQL the JSON that it makes of a row itself and takes back, with
every digit of a moment and every byte of what is sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from psycopg.sql import Literal
from sqlalchemy import Column, Connection, Table

from casework.core.db import Base, db

#: Values of the primary key -> values of all columns, or their JSON.
Rows = dict[tuple[Any, ...], Any]
#: By table, of those that hold any; rows in the order in which the database gave them.
Content = dict[str, Rows]


@cache
def tables() -> tuple[Table, ...]:
    """Of an application that was made, parents before children: SQLAlchemy works it out anew each
    time it is asked, which takes as long as putting back a family."""
    return tuple(Base.metadata.sorted_tables)


def read(connection: Connection, *, but: Collection[str] = ()) -> Content:
    """What is committed, in all tables `but` those."""
    wanted = [table for table in tables() if table.name not in but]
    found = (_read_json if _speaks_json(connection) else _read_values)(connection, wanted)
    return {name: rows for name, rows in found if rows}


def _read_values(connection: Connection, wanted: list[Table]) -> Iterator[tuple[str, Rows]]:
    driver = _driver(connection)
    for table in wanted:
        key, statement = _reading(table)
        rows = driver.execute(statement)
        yield table.name, {tuple(row[at] for at in key): row for row in rows}


@cache
def _reading(table: Table) -> tuple[list[int], str]:
    """Where the primary key stands in a row, and what gives the rows."""
    columns = list(table.columns)
    key = [columns.index(column) for column in table.primary_key]
    return key, f"SELECT {_names(columns)} FROM {_name(table)}"


def everything() -> str:
    """All of it as text, to be searched for what must not be there. Ends the transaction."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return repr(read(connection))


def _read_json(connection: Connection, wanted: list[Table]) -> Iterator[tuple[str, Rows]]:
    """In one message: to go there and back for each table takes longer than all else."""
    with _driver(connection).cursor() as cursor:
        cursor.execute(
            "; ".join(
                f"SELECT {_names(table.primary_key)}, row_to_json(t)::text FROM {_name(table)} t"
                for table in wanted
            )
        )
        for table in wanted:
            yield table.name, {tuple(key): row for *key, row in cursor.fetchall()}
            cursor.nextset()


@dataclass(frozen=True)
class Change:
    """What leads from one content of the tables to another one in which nothing is missing.

    Made past SQLAlchemy, which takes longer than the database, and to which a % in a row would be
    a parameter."""

    #: Rows that were there and are different now.
    changed: Content
    new: Content

    def on(self, before: Content) -> Content:
        """The content that it leads to."""
        after = {name: dict(rows) for name, rows in before.items()}
        for name, rows in [*self.changed.items(), *self.new.items()]:
            after.setdefault(name, {}).update(rows)
        return after

    def make(self, connection: Connection) -> None:
        """In the caller's transaction. What a row lets go of, such as a family's one open
        nomination, is free before another row takes it."""
        (self._make_of_json if _speaks_json(connection) else self._make_of_values)(connection)

    def _make_of_values(self, connection: Connection) -> None:
        # A row may refer to one that comes after it.
        driver = _driver(connection)
        driver.execute("PRAGMA defer_foreign_keys = ON")
        for table, rows in _by_table(self.changed):
            driver.executemany(
                f"UPDATE {_name(table)} SET ({_names(table.columns)}) = ({_marks(table.columns)})"
                f" WHERE ({_names(table.primary_key)}) = ({_marks(table.primary_key)})",
                [(*row, *key) for key, row in rows.items()],
            )
        for table, rows in _by_table(self.new):
            driver.executemany(
                f"INSERT INTO {_name(table)} ({_names(table.columns)})"
                f" VALUES ({_marks(table.columns)})",
                list(rows.values()),
            )

    def _make_of_json(self, connection: Connection) -> None:
        if self._in_one_message:
            _driver(connection).execute(self._in_one_message)

    @cached_property
    def _in_one_message(self) -> str:
        """Written once, however often it is made."""
        statements = [
            f"UPDATE {_name(table)} t SET ({_names(table.columns)}) ="
            f" (SELECT {_names(table.columns, 'r')}) FROM {_given(table, rows)} r"
            f" WHERE ({_names(table.primary_key, 't')}) = ({_names(table.primary_key, 'r')})"
            for table, rows in _by_table(self.changed)
        ] + [
            f"INSERT INTO {_name(table)} SELECT * FROM {_given(table, rows)}"
            for table, rows in _by_table(self.new)
        ]
        return "; ".join(statements)


def change_between(before: Content, after: Content) -> Change | None:
    """None where rows have gone: from there nothing leads back by what is kept here."""
    if any(before[name].keys() - after.get(name, {}).keys() for name in before):
        return None
    changed: Content = {}
    new: Content = {}
    for name, rows in after.items():
        known = before.get(name, {})
        for key, row in rows.items():
            if key not in known:
                new.setdefault(name, {})[key] = row
            elif row != known[key]:
                changed.setdefault(name, {})[key] = row
    return Change(changed, new)


def _speaks_json(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _by_table(content: Content) -> Iterator[tuple[Table, Rows]]:
    for table in tables():
        if table.name in content:
            yield table, content[table.name]


def _given(table: Table, rows: Rows) -> str:
    array = Literal(f"[{','.join(rows.values())}]").as_string()
    return f"json_populate_recordset(null::{_name(table)}, {array})"


def _name(table: Table) -> str:
    return f'"{table.name}"'


def _names(columns: Iterable[Column[Any]], of: str = "") -> str:
    return ", ".join(f'{of}."{column.name}"' if of else f'"{column.name}"' for column in columns)


def _marks(columns: Iterable[Column[Any]]) -> str:
    return ", ".join("?" for _ in columns)
