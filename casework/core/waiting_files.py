"""Files that wait sealed in a row of their table until somebody goes on with them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from casework.core import clock
from casework.core.crypto import current_keyring
from casework.core.db import db
from casework.core.errors import NotFound

#: Of a name only so much is kept: by it a person knows the own file again.
FILE_NAME_LENGTH = 120

_FIELD = "content"


@dataclass(frozen=True, slots=True)
class WaitingFiles:
    """The contents in a table with the columns `id` and `content_sealed`; emptied rows stay."""

    model: Any
    #: The column of the moment at which a file came.
    came_at: Any
    #: A file that nobody went on with is personal data that nobody needs.
    kept_for: timedelta

    def seal(self, file_id: uuid.UUID, data: bytes) -> bytes:
        """Bound to its row: moved to another one, it does not open."""
        return current_keyring().seal(
            data, table=self.model.__tablename__, row=str(file_id), field=_FIELD
        )

    def content(self, file_id: uuid.UUID, *also: ColumnElement[bool]) -> bytes:
        """The file as it came. Raises: NotFound once it is no longer kept."""
        sealed = db.session.scalar(
            select(self.model.content_sealed).where(self.model.id == file_id, *also)
        )
        if sealed is None:
            raise NotFound
        return current_keyring().open(
            sealed, table=self.model.__tablename__, row=str(file_id), field=_FIELD
        )

    def empty_old(self) -> int:
        """Gives how many were emptied."""
        emptied: Any = db.session.execute(
            update(self.model)
            .where(
                self.model.content_sealed.is_not(None),
                self.came_at < clock.now() - self.kept_for,
            )
            .values(content_sealed=None)
        )
        return int(emptied.rowcount)
