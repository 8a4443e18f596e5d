"""What the tables say of the files that are kept for their rows, so that one command can hold both
to each other (`flask files check`).

A feature that keeps files lists them as `KEPT` in its `queries/kept_files.py`; wiring collects.
Files and rows may be millions: everything here goes through them some at a time.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Row, Select, func, literal, select, tuple_

from casework.core.db import db
from casework.core.errors import Message, NotFound
from casework.core.files import FileStore
from casework.core.files.faults import Expected, Fault, fault_of
from casework.core.transaction import snapshot
from casework.core.waiting_files import WaitingFiles

_ROWS_AT_ONCE = 500


class Looked(NamedTuple):
    """A file that a row names, once it was looked at."""

    #: What it is of, without naming a person.
    what: Message
    fault: Fault | None


class Kept(Protocol):
    """The files of one table."""

    @property
    def title(self) -> Message: ...

    def amounts(self) -> Mapping[int | None, int]:
        """How many files rows name, by regency; None for what belongs to no regency."""
        ...

    def look_through(self, area_id: int | None) -> Iterator[Looked]:
        """Each of them opened, one after the other. No transaction stays open meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class FilesOfRows:
    """Files in a store, named by rows with the columns `area_id`, `id` and `size`.

    Rows that were taken out on a page count too: their files stay.
    """

    title: Message
    model: Any
    #: The column of what the files belong to: a nomination, a meeting.
    owner: Any
    store: Callable[[], FileStore]
    #: What the file of a row is of, without naming a person.
    said: Callable[[Row[Any]], Message]
    #: The column of the hash of the content as it is kept, where there is one.
    digest: Any = None
    #: What `said` asks of a row besides, and how to come by it.
    also: tuple[Any, ...] = ()
    joined: Callable[[Select[Any]], Select[Any]] = lambda query: query

    def amounts(self) -> Mapping[int | None, int]:
        query = select(self.model.area_id, func.count()).group_by(self.model.area_id)
        with snapshot() as session:
            return {row[0]: row[1] for row in session.execute(query)}

    def look_through(self, area_id: int | None) -> Iterator[Looked]:
        if area_id is None:
            return
        store = self.store()
        for row in self._rows(area_id):
            read = partial(store.get, area_id, row.owner_id, row.id)
            fault = fault_of(read, Expected(row.size, row.digest))
            yield Looked(self.said(row), fault)

    def orphans(self, area_id: int, *, written_before: datetime) -> int:
        """How many files of that number lie in the store and are in no row."""

        def known(owners: Collection[uuid.UUID]) -> Collection[uuid.UUID]:
            query = select(self.model.id).where(
                self.model.area_id == area_id, self.owner.in_(owners)
            )
            with snapshot() as session:
                return set(session.scalars(query))

        found = self.store().orphans(area_id, known, written_before=written_before)
        return sum(1 for _each in found)

    def _rows(self, area_id: int) -> Iterator[Row[Any]]:
        digest = literal(None) if self.digest is None else self.digest
        query = (
            self.joined(
                select(
                    self.owner.label("owner_id"),
                    self.model.id,
                    self.model.size,
                    digest.label("digest"),
                    *self.also,
                ).select_from(self.model)
            )
            .where(self.model.area_id == area_id)
            .order_by(self.owner, self.model.id)
            .limit(_ROWS_AT_ONCE)
        )
        after: Row[Any] | None = None
        while True:
            page = query
            if after is not None:
                last = tuple_(literal(after.owner_id), literal(after.id))
                page = query.where(tuple_(self.owner, self.model.id) > last)
            with snapshot() as session:
                rows = session.execute(page).all()
            yield from rows
            if len(rows) < _ROWS_AT_ONCE:
                return
            after = rows[-1]


@dataclass(frozen=True, slots=True)
class FilesInRows:
    """Files that wait sealed in the rows themselves: of a restore they may lack the key."""

    title: Message
    waiting: WaitingFiles
    said: Callable[[uuid.UUID], Message]
    #: The column of the hash of what waits, where there is one.
    digest: Any = None

    def amounts(self) -> Mapping[int | None, int]:
        with snapshot():
            return {None: db.session.scalar(self._filled(func.count())) or 0}

    def look_through(self, area_id: int | None) -> Iterator[Looked]:
        if area_id is not None:
            return
        digest = literal(None) if self.digest is None else self.digest
        with snapshot() as session:
            # Ids only; as many as people have uploaded in the last days.
            rows = session.execute(
                self._filled(self.waiting.model.id, digest.label("digest")).order_by(
                    self.waiting.model.id
                )
            ).all()
        for row in rows:
            try:
                with snapshot():
                    read = partial(self.waiting.content, row.id)
                    fault = fault_of(read, Expected(sha256=row.digest))
            except NotFound:  # emptied meanwhile
                fault = None
            yield Looked(self.said(row.id), fault)

    def _filled(self, *columns: Any) -> Select[Any]:
        model = self.waiting.model
        return select(*columns).select_from(model).where(model.content_sealed.is_not(None))
