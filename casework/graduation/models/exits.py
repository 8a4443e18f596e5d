from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.db import Base, TableKind, table
from casework.ledger.rules import ExitKind

_STANDS = text("reversed_at IS NULL")


class HouseholdExit(Base):
    """A family that left the programme in another way than graduasi mandiri, who recorded it,
    and whether it was taken back. Counted while it stands, whatever becomes of the family later.
    """

    __tablename__ = "household_exit"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "household_id"], ["household.area_id", "household.id"]),
        # Graduasi mandiri has no way around the nomination.
        CheckConstraint("kind <> 'independent'", name="not_by_nomination"),
        CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)"
            " AND (reversed_at IS NULL) = (reversed_by_name IS NULL)"
            " AND (reversed_at IS NULL) = (reversal_reason IS NULL)",
            name="reversal_whole",
        ),
        # Nobody takes back what they recorded, whatever path it takes.
        CheckConstraint(
            "reversed_by IS NULL OR reversed_by <> recorded_by", name="not_by_the_recorder"
        ),
        # A family leaves with one stage once.
        Index(
            "uq_household_exit_area_id_household_id_stage",
            "area_id",
            "household_id",
            "stage",
            unique=True,
            postgresql_where=_STANDS,
            sqlite_where=_STANDS,
        ),
        Index("ix_household_exit_area_id_household_id", "area_id", "household_id"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID]
    kind: Mapped[ExitKind]
    #: Payment stage from which the family is out ("2027-1").
    stage: Mapped[str] = mapped_column(String(6))
    #: When it died, moved, was found out, or the letter or roster said so.
    happened_on: Mapped[date]
    #: In the recorder's own words; empty where the kind says enough.
    reason: Mapped[str] = mapped_column(String(1000), default="")
    #: Number of the letter that says so, where there is one.
    letter: Mapped[str] = mapped_column(String(80), default="")
    recorded_by: Mapped[uuid.UUID]
    recorded_by_name: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]
    reversed_by: Mapped[uuid.UUID | None]
    reversed_by_name: Mapped[str | None] = mapped_column(String(120))
    reversed_at: Mapped[datetime | None]
    reversal_reason: Mapped[str | None] = mapped_column(String(1000))

    @property
    def stands(self) -> bool:
        return self.reversed_at is None
