from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.append_only import append_only
from casework.core.db import Base, TableKind, table
from casework.ledger.rules import CountedState, ExitKind

_TAKEN_BACK = text("amount < 0")


class LedgerEntry(Base):
    """One household counted, or a count taken back; only ever added."""

    __tablename__ = "ledger_entry"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        CheckConstraint("amount IN (-1, 1)", name="one_household"),
        # A nomination counts as graduasi mandiri, any other exit as its own kind: whatever path
        # it takes, the one never adds to the other.
        CheckConstraint(
            "(kind = 'independent') = (nomination_id IS NOT NULL)"
            " AND (kind = 'independent') = (exit_id IS NULL)"
            " AND (kind = 'independent') = (state <> 'recorded')",
            name="kind_by_cause",
        ),
        CheckConstraint("(nomination_id IS NULL) = (nominated_by IS NULL)", name="nominated"),
        # The same nomination, or exit, is counted once in each state (and taken back once).
        Index(
            "uq_ledger_entry_area_id_nomination_id_state_amount",
            "area_id",
            "nomination_id",
            "state",
            "amount",
            unique=True,
        ),
        Index(
            "uq_ledger_entry_area_id_exit_id_state_amount",
            "area_id",
            "exit_id",
            "state",
            "amount",
            unique=True,
        ),
        # What is behind a figure, the latest first; its sums are read from the index alone.
        Index(
            "ix_ledger_entry_behind",
            *("area_id", "year", "kind", "state", "entered_at", "id"),
            postgresql_include=["village_code", "nominated_by", "amount"],
        ),
        # What a person has reached, wherever she worked.
        Index(
            "ix_ledger_entry_nominated_by_year_state",
            *("nominated_by", "year", "state"),
            postgresql_include=["amount"],
        ),
        # What was taken back since a day, in the whole country.
        Index(
            "ix_ledger_entry_taken_back",
            "entered_at",
            postgresql_where=_TAKEN_BACK,
            sqlite_where=_TAKEN_BACK,
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Year of the count, in the regency's own time zone.
    year: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[ExitKind]
    state: Mapped[CountedState]
    amount: Mapped[int] = mapped_column(SmallInteger)
    household_id: Mapped[uuid.UUID]
    #: What is counted: a nomination, or an exit of another kind.
    nomination_id: Mapped[uuid.UUID | None]
    #: Who nominated, as the nomination says and for ever: what a person has reached, and what is
    #: behind a figure, is added up here without it. None for another exit.
    nominated_by: Mapped[uuid.UUID | None]
    exit_id: Mapped[uuid.UUID | None]
    village_code: Mapped[str] = mapped_column(String(13))
    counted_on: Mapped[date]
    entered_by: Mapped[uuid.UUID]
    entered_at: Mapped[datetime]


append_only(LedgerEntry)


class Tally(Base):
    """Sum of the ledger by regency, year, kind and state; `flask counts verify` compares."""

    __tablename__ = "tally"
    __table_args__ = table(
        TableKind.DISTRIBUTED, Index("ix_tally_year_kind_state", "year", "kind", "state")
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[ExitKind] = mapped_column(primary_key=True)
    state: Mapped[CountedState] = mapped_column(primary_key=True)
    counted: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime]


class MonthTally(Base):
    """The same by month, of the day of the decision. A year's twelve rows are its row above:
    kept twice, because ten years of months are too many to add up for each page."""

    __tablename__ = "tally_month"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        Index("ix_tally_month_year_month_kind_state", "year", "month", "kind", "state"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[ExitKind] = mapped_column(primary_key=True)
    state: Mapped[CountedState] = mapped_column(primary_key=True)
    counted: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime]
