"""Scenes: what a factory does is played once, and what it left is put back from then on.

To walk a family to its approval takes thirty transactions of the product and a quarter of a
second, for each of a thousand tests. So the first test of a worker that asks a factory marked
with `@scene` has it played, and what it has written is noted as it lies in the tables and in the
folder of sealed files. For whoever asks for the same from the same beginning that is put back
within milliseconds, and what the factory gave is found by its ids. Rows and files are thus always
those that the product wrote, in this run and for this database.

Something is put back only where playing it would leave the same:

- the tables were empty and have seen nothing but scenes since. Each scene leads on from where
  the one before it ended; after any other commit, everything is played.
- It is given the same, on the same day in all of Indonesia, or at the same moment where
  `clock.at` has stopped the clock.
- Nothing is patched: from its first patch on, a test with `monkeypatch` plays. `pytest --play`
  plays everything.

A scene commits by itself, and gives what holds rows, ids, plain values and dataclasses of them.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import inspect
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import Engine, event
from sqlalchemy import inspect as inspect_row
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from casework.core import clock
from casework.core.db import Base, db
from casework.core.reading import WRITING
from casework.core.transaction import transaction
from tests.table_rows import Change, Content, change_between, read

F = TypeVar("F", bound=Callable[..., Any])

#: Hours before UTC of the clocks in Indonesia, and of those that know of none.
_ZONES = (0, 7, 8, 9)


def scene(factory: F) -> F:
    """Mark a factory as one whose work may be put back."""

    signature = inspect.signature(factory)

    @functools.wraps(factory)
    def played_or_put_back(*args: Any, **kwargs: Any) -> Any:
        stage: Stage | None = current_app.extensions.get(Stage.NAME)
        if stage is None or not stage.is_set:
            return factory(*args, **kwargs)
        try:
            given = _noted(_bound(signature, args, kwargs))
        except _NotToBeNoted:
            return factory(*args, **kwargs)
        return stage.have(
            (factory.__module__, factory.__qualname__, _day(), given),
            lambda: factory(*args, **kwargs),
        )

    return played_or_put_back  # type: ignore[return-value]


def _bound(signature: inspect.Signature, args: Any, kwargs: Any) -> dict[str, Any]:
    """By name, so that it is the same whether a default is left out or said."""
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.arguments


def _day() -> object:
    stopped = clock._fixed.get()
    return stopped or tuple((clock.now() + timedelta(hours=zone)).date() for zone in _ZONES)


@dataclass(frozen=True)
class _Place:
    """Where the tables stand after some scenes."""

    before: _Place | None
    change: Change
    scenes: dict[Any, _Scene] = field(default_factory=dict)

    def content(self) -> Content:
        return self.change.on(self.before.content() if self.before else {})


@dataclass(frozen=True)
class _Scene:
    leads_to: _Place
    gave: Any
    files: dict[Path, bytes]


class Stage:
    """The tables of one application and the scenes that are known there."""

    #: Key in `app.extensions`.
    NAME = "scenes"

    def __init__(self, engine: Engine, folder: Path, kept: set[str]) -> None:
        """`folder`: where it seals files; `kept`: the tables that come filled and stay so."""
        self._engine, self._folder, self._kept = engine, folder, kept
        self.forget()
        #: None where something happened that was no scene.
        self._here: _Place | None = None
        self._is_patched: Callable[[], bool] = bool
        self._is_scene = False
        event.listen(engine, "commit", self._note_commit)

    def forget(self) -> None:
        """No scene is known any more."""
        self._beginning = _Place(None, Change({}, {}))

    def open(self, is_patched: Callable[[], bool]) -> None:
        """A test begins, with empty tables. `is_patched`: whether it has patched anything."""
        self._here, self._is_patched = self._beginning, is_patched

    def close(self) -> None:
        """The test is over, and with it the files it made."""
        self._here = None
        for path in self._folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _note_commit(self, _connection: object) -> None:
        if not self._is_scene:
            self._here = None

    @property
    def is_set(self) -> bool:
        """Whether it is known where the tables stand; within a transaction nobody knows."""
        is_writing = db.session().info.get(WRITING, False)
        return self._here is not None and not is_writing and not self._is_patched()

    def have(self, key: Any, play: Callable[[], Any]) -> Any:
        here = self._here
        assert here is not None
        if key not in here.scenes:
            return self._play(here, key, play)
        known = here.scenes[key]
        self._put_back(known)
        return _found(known.gave, db.session())

    def _play(self, here: _Place, key: Any, play: Callable[[], Any]) -> Any:
        files = self._files()
        given = play()
        with self._engine.connect() as connection:
            change = change_between(here.content(), read(connection, but=self._kept))
        if change is None:
            return given
        try:
            gave = _noted(given)
        except _NotToBeNoted:
            return given
        new = {path: path.read_bytes() for path in self._files() - files}
        here.scenes[key] = _Scene(_Place(here, change), gave, new)
        self._here = here.scenes[key].leads_to
        return given

    def _put_back(self, known: _Scene) -> None:
        self._is_scene = True
        try:
            with transaction() as session:
                known.leads_to.change.make(session.connection())
        finally:
            self._is_scene = False
        for path, content in known.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self._here = known.leads_to

    def _files(self) -> set[Path]:
        return {path for path in self._folder.rglob("*") if path.is_file()}


class _NotToBeNoted(Exception):
    """Something that cannot be found again, or cannot be compared."""


@dataclass(frozen=True)
class _Object:
    """A row as the factories give it, by its key."""

    model: type[Base]
    key: tuple[Any, ...]


@dataclass(frozen=True)
class _Made:
    """A collection or a dataclass, by what it is made of."""

    kind: type
    parts: tuple[Any, ...]


def _noted(value: Any) -> Any:
    """What outlives the test; the same for the same. Raises: _NotToBeNoted."""
    if value is None or isinstance(value, (bool, int, str, bytes, date, uuid.UUID, enum.Enum)):
        return type(value), value
    if isinstance(value, Base):
        key = inspect_row(value).identity
        if key is None:
            raise _NotToBeNoted
        return _Object(type(value), tuple(key))
    if isinstance(value, dict):
        return _Made(dict, tuple((name, _noted(value[name])) for name in sorted(value)))
    if isinstance(value, (list, tuple)):
        return _Made(type(value), tuple(map(_noted, value)))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [each.name for each in dataclasses.fields(value)]
        return _Made(type(value), tuple((name, _noted(getattr(value, name))) for name in fields))
    raise _NotToBeNoted


def _found(noted: Any, session: Session) -> Any:
    if isinstance(noted, _Object):
        return _row(noted, session)
    if not isinstance(noted, _Made):
        return noted[1]
    if issubclass(noted.kind, (list, tuple)):
        return noted.kind(_found(part, session) for part in noted.parts)
    return noted.kind(**{name: _found(part, session) for name, part in noted.parts})


def _row(noted: _Object, session: Session) -> Base:
    """As after a commit: nothing is read before somebody asks for it."""
    known = session.identity_map.get(identity_key(noted.model, noted.key))
    if known is not None:
        return known
    columns = inspect_row(noted.model).primary_key
    names = [inspect_row(noted.model).get_property_by_column(column).key for column in columns]
    row = noted.model(**dict(zip(names, noted.key, strict=True)))
    make_transient_to_detached(row)
    session.add(row)
    return row
