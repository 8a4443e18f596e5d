from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.db import Base, TableKind, table
from casework.readiness.rules import Verdict


class ReadinessCheck(Base):
    """The facilitator's answers to the questions of one instrument on one day."""

    __tablename__ = "readiness_check"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "household_id"], ["household.area_id", "household.id"]),
        Index(
            "ix_readiness_check_area_id_household_id_answered_on",
            "area_id",
            "household_id",
            "answered_on",
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID]
    instrument: Mapped[str] = mapped_column(String(60))
    answered_on: Mapped[date]
    #: Question id -> true or false; an unanswered question is not in it.
    answers: Mapped[dict[str, Any]]
    answered_by: Mapped[uuid.UUID]
    answered_by_name: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]


class Readiness(Base):
    """The latest verdict on a household, kept up in the transaction that changes its facts.

    Lists read it; `flask readiness recompute` must find the same. The page of one household
    shows the reasons, computed afresh.
    """

    __tablename__ = "readiness"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "household_id"], ["household.area_id", "household.id"]),
        Index("ix_readiness_area_id_verdict", "area_id", "verdict"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    household_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    verdict: Mapped[Verdict]
    #: 0..100
    score: Mapped[int] = mapped_column(SmallInteger)
    #: Rungs reached on the ladder of the economics module, 0..4.
    ladder: Mapped[int] = mapped_column(SmallInteger)
    #: Of the last twelve months those with a P2K2 register for the household, and with it present.
    held: Mapped[int] = mapped_column(SmallInteger)
    attended: Mapped[int] = mapped_column(SmallInteger)
    #: Meetings missed one after the other, counted back from the latest.
    missed_running: Mapped[int] = mapped_column(SmallInteger)
    as_of: Mapped[date]
    rule_version: Mapped[str] = mapped_column(String(60))
    computed_at: Mapped[datetime]
