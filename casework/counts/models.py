from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.append_only import append_only
from casework.core.db import Base, TableKind, table
from casework.ledger.rules import ExitKind


class Target(Base):
    """How many graduations of a kind a region is to reach in a year: what holds today, for the
    pages that join it. Who set it, and what held before, stands in its settings."""

    __tablename__ = "target"
    __table_args__ = table(
        TableKind.REFERENCE, CheckConstraint("households >= 0", name="not_negative")
    )

    #: `rules.NATION` for the whole nation, since it is part of the key.
    region_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[ExitKind] = mapped_column(primary_key=True)
    households: Mapped[int] = mapped_column(Integer)


class TargetSetting(Base):
    """A target as somebody set it or took it back, of a region or of one facilitator; only ever
    added. Of a facilitator the last one holds; without any, the default does."""

    __tablename__ = "target_setting"
    __table_args__ = table(
        TableKind.REFERENCE,
        CheckConstraint("(region_code IS NULL) = (facilitator_id IS NOT NULL)", name="one_subject"),
        # The programme sets facilitators a target of graduasi mandiri only.
        CheckConstraint("facilitator_id IS NULL OR kind = 'independent'", name="mandiri_only"),
        CheckConstraint("households >= 0", name="not_negative"),
        Index("ix_target_setting_region_code_year_set_at", "region_code", "year", "set_at"),
        Index("ix_target_setting_facilitator_id_year_set_at", "facilitator_id", "year", "set_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: As in `Target`; null for a facilitator's.
    region_code: Mapped[str | None] = mapped_column(String(13))
    facilitator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[ExitKind]
    #: Null where the target was taken back.
    households: Mapped[int | None] = mapped_column(Integer)
    set_by: Mapped[uuid.UUID]
    set_by_name: Mapped[str] = mapped_column(String(120))
    set_at: Mapped[datetime]


append_only(TargetSetting)
