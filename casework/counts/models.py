from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.db import Base, TableKind, table
from casework.ledger.rules import ExitKind


class Target(Base):
    """How many graduations of a kind a region is to reach in a year."""

    __tablename__ = "target"
    __table_args__ = table(
        TableKind.REFERENCE, CheckConstraint("households >= 0", name="not_negative")
    )

    #: `rules.NATION` for the whole nation, since it is part of the key.
    region_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[ExitKind] = mapped_column(primary_key=True)
    households: Mapped[int] = mapped_column(Integer)
    set_by: Mapped[uuid.UUID]
    set_by_name: Mapped[str] = mapped_column(String(120))
    set_at: Mapped[datetime]
