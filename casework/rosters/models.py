from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.db import Base, TableKind, table
from casework.core.waiting_files import FILE_NAME_LENGTH
from casework.rosters.rules import ImportStatus


class RosterImport(Base):
    """A roster file that somebody checked, and perhaps applied.

    The file waits sealed in the row itself, so that any application server can apply what
    another one checked; it is emptied once nothing is left to apply or to hand back.
    """

    __tablename__ = "roster_import"
    __table_args__ = table(
        TableKind.LOCAL,
        Index("ix_roster_import_uploaded_by_uploaded_at", "uploaded_by", "uploaded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    status: Mapped[ImportStatus]
    stage: Mapped[str] = mapped_column(String(6))
    file_name: Mapped[str] = mapped_column(String(FILE_NAME_LENGTH))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: How many: keys rows, added, moved_here, changed, unchanged, outdated, bad, missing.
    summary: Mapped[dict[str, Any]]
    #: The first of what is wrong, numbers masked: keys row, column, label, value, code, params.
    problems: Mapped[list[dict[str, Any]]]
    #: Whom it leaves out: number of a regency -> ids of households; null in rows from before.
    missing: Mapped[dict[str, Any] | None]
    uploaded_by: Mapped[uuid.UUID]
    uploaded_by_name: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
