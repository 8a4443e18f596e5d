"""INSERT that becomes an UPDATE where the key exists, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Connection, String, Table, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from casework.core.db import Base, db

Insert = postgresql.Insert | sqlite.Insert


def insert_into(model: type[Base]) -> Insert:
    """An insert of the running database's dialect: both know `on_conflict_do_update` and
    `on_conflict_do_nothing` with the same words. Pass moments as values, never `now()`."""
    if db.engine.dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)


class ManyRows:
    """Rows of one table that are inserted, or updated where they are, in one statement.

    On PostgreSQL each column travels as one array, so that the statement has the same text for
    any number of rows and is parsed and planned once a connection; elsewhere the statement is
    executed many times.
    """

    def __init__(
        self,
        model: type[Base],
        *,
        key: Collection[str],
        same: Sequence[str],
        each: Sequence[str],
        unless_equal: Collection[str] = (),
    ) -> None:
        """`same` are the columns with one value for all the rows, `each` those with one for
        each; together they are all that is written. A row that exists with these values in the
        columns `unless_equal` stays untouched."""
        self._table = cast(Table, model.__table__)
        self._key, self._same, self._each = key, same, each
        self._written = [name for name in (*same, *each) if name not in key]
        self._unless_equal = unless_equal

    def write(self, same: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
        """Values in the order of the columns; in the caller's transaction."""
        if not rows:
            return
        connection = db.session.connection()
        if connection.dialect.name == "postgresql":
            self._write_arrays(connection, same, rows)
            return
        head = dict(zip(self._same, same, strict=True))
        connection.execute(
            self._one_by_one, [{**head, **dict(zip(self._each, row, strict=True))} for row in rows]
        )

    def _write_arrays(
        self, connection: Connection, same: Sequence[Any], rows: Sequence[Sequence[Any]]
    ) -> None:
        statement, of_same, of_each = self._arrays
        columns = zip(*rows, strict=True)
        values = (
            *map(_processed, of_same, same),
            *(
                array_text(map(process, column) if process else column)
                for process, column in zip(of_each, columns, strict=True)
            ),
        )
        connection.exec_driver_sql(statement, values)

    @cached_property
    def _one_by_one(self) -> sqlite.Insert:
        statement = sqlite.insert(self._table)
        new = statement.excluded
        differs = [self._table.c[name].is_distinct_from(new[name]) for name in self._unless_equal]
        return statement.on_conflict_do_update(
            index_elements=list(self._key),
            set_={name: new[name] for name in self._written},
            where=or_(*differs) if differs else None,
        )

    @cached_property
    def _arrays(self) -> tuple[str, list[_Process | None], list[_Process | None]]:
        dialect = db.engine.dialect
        table, names = self._table.name, [*self._same, *self._each]
        selected = ", ".join([*["%s"] * len(self._same), *(f"new.{name}" for name in self._each)])
        arrays = ", ".join(f"CAST(%s AS {self._array_type(name, dialect)})" for name in self._each)
        statement = (
            f"INSERT INTO {table} ({', '.join(names)})"  # noqa: S608 - names of the model
            f" SELECT {selected} FROM unnest({arrays}) AS new ({', '.join(self._each)})"
            f" ON CONFLICT ({', '.join(self._key)}) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in self._written)
        )
        if self._unless_equal:
            statement += " WHERE " + " OR ".join(
                f"{table}.{name} IS DISTINCT FROM excluded.{name}" for name in self._unless_equal
            )
        of_same = [self._processor(name, dialect) for name in self._same]
        return statement, of_same, [self._processor(name, dialect) for name in self._each]

    def _array_type(self, name: str, dialect: Dialect) -> str:
        of_type = self._table.c[name].type.dialect_impl(dialect)
        # An explicit cast to VARCHAR(9) would cut a longer text instead of refusing it.
        return "TEXT[]" if isinstance(of_type, String) else f"{of_type.compile(dialect)}[]"

    def _processor(self, name: str, dialect: Dialect) -> _Process | None:
        return self._table.c[name].type.dialect_impl(dialect).bind_processor(dialect)


_Process = Callable[[Any], Any]


def _processed(process: _Process | None, value: Any) -> Any:
    return process(value) if process else value


def array_text(values: Iterable[Any]) -> str:
    """A one-dimensional array as PostgreSQL reads it; a third of the time that the driver takes
    to write one."""
    return "{" + ",".join(["NULL" if each is None else _quoted(str(each)) for each in values]) + "}"


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
