"""Statements that are built once and executed at every request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CursorResult, Executable

from casework.core.db import db


class Kept:
    """A statement, from the function that builds it; values go in as parameters.

    Building one costs more than running it, so that is done once for either database. Then
    SQLAlchemy would still find the SQL of it by the hash of all its parts, worked out at every
    execution, which for the facts of readiness takes as long as reading ten rows.
    """

    def __init__(self, build: Callable[[], Executable]) -> None:
        self._build = build
        #: By the name of the dialect: arrays and upserts are written differently.
        self._built: dict[str, _Built] = {}

    def execute(self, given: Mapping[str, Any]) -> CursorResult[Any]:
        """On the connection: the session's own way would look for objects to build. As there, what
        was changed in objects is written first."""
        db.session.flush()
        connection = db.session.connection()
        name = connection.dialect.name
        if name not in self._built:
            self._built[name] = _Built(self._build())
        built = self._built[name]
        return connection.execute(built.statement, given, execution_options=built.options)


@dataclass(slots=True)
class _Built:
    statement: Executable
    options: dict[str, Any] = field(default_factory=lambda: {"compiled_cache": _OneText()})


class _OneText:
    """What SQLAlchemy takes for its cache: the SQL of one statement for the engine that asked
    last. Its keys are (dialect, parts, names of the values, ...)."""

    def __init__(self) -> None:
        self._last: tuple[Any, Any, Any] | None = None

    def get(self, key: tuple[Any, ...]) -> Any:
        last = self._last
        return last[2] if last and last[0] is key[0] and last[1] == key[2:] else None

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._last = key[0], key[2:], compiled
