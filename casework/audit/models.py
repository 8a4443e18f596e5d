from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.append_only import append_only
from casework.core.db import Base, TableKind, table

#: `area_id` of what belongs to no regency: sign-ins, national exports.
NO_AREA = 0


#: Of an id, on pages and in the index below: enough to tell two apart. The beginning is the time.
END_LENGTH = 8

#: For both databases, and word for word in the index and in what is asked of it. Filled up in
#: front, because SQLite counts a beginning before the first letter from the other end.
SUBJECT_END = f"substr('{'_' * END_LENGTH}' || subject_id, length(subject_id) + 1)"


class AuditEntry(Base):
    """One act. No foreign keys: the trail outlives what it speaks of."""

    __tablename__ = "audit_entry"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        Index("ix_audit_entry_area_id_at", "area_id", "at"),
        Index("ix_audit_entry_area_id_actor_id_at", "area_id", "actor_id", "at"),
        # By the end of the id, which is what pages show and people type; whoever knows the whole
        # id asks for both (`queries.subjects`).
        Index("ix_audit_entry_area_id_subject_end", "area_id", text(SUBJECT_END)),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID]
    actor_name: Mapped[str] = mapped_column(String(120))
    actor_role: Mapped[str] = mapped_column(String(32))
    tag: Mapped[str] = mapped_column(String(48))
    subject_type: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]


append_only(AuditEntry)
