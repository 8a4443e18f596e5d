from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.db import Base, TableKind, table
from casework.economics.rules import BorrowsFrom, EnterpriseKind, SupportKind


def _of_household() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["area_id", "household_id"], ["household.area_id", "household.id"])


class Observation(Base):
    """What the facilitator saw or was told about a family's economy on one day.

    Null means not asked; a correction is a new observation. Money in whole rupiah.
    """

    __tablename__ = "observation"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        _of_household(),
        Index(
            "ix_observation_area_id_household_id_observed_on",
            "area_id",
            "household_id",
            "observed_on",
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID]
    observed_on: Mapped[date]
    keeps_budget: Mapped[bool | None]
    #: What the family puts aside in a month.
    saves_per_month: Mapped[int | None] = mapped_column(BigInteger)
    #: What it has put aside by now.
    savings_total: Mapped[int | None] = mapped_column(BigInteger)
    uses_bank_account: Mapped[bool | None]
    borrows_from: Mapped[BorrowsFrom | None]
    income_per_month: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(500), default="")
    recorded_by: Mapped[uuid.UUID]
    recorded_by_name: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]
    #: Made at a follow-up visit that was corrected since: counts no more, and stays to be read.
    taken_back_at: Mapped[datetime | None]


class Enterprise(Base):
    """A business of the family."""

    __tablename__ = "enterprise"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        _of_household(),
        Index("ix_enterprise_area_id_household_id", "area_id", "household_id"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID]
    kind: Mapped[EnterpriseKind]
    name: Mapped[str] = mapped_column(String(120), default="")
    since_on: Mapped[date]
    #: Set when the family gave the business up.
    ended_on: Mapped[date | None]
    turnover_per_month: Mapped[int | None] = mapped_column(BigInteger)
    #: Values of `economics.rules.Licence` and `SalesChannel`.
    licences: Mapped[list[str]] = mapped_column(default=list)
    channels: Mapped[list[str]] = mapped_column(default=list)
    recorded_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SupportReceived(Base):
    """One of the six kinds of support that the ministries give, and from whom."""

    __tablename__ = "support_received"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        _of_household(),
        Index(
            "ix_support_received_area_id_household_id_received_on",
            "area_id",
            "household_id",
            "received_on",
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID]
    kind: Mapped[SupportKind]
    received_on: Mapped[date]
    provider: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    recorded_by: Mapped[uuid.UUID]
    recorded_by_name: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]


class AreaEconomics(Base):
    """What `queries.by_place` finds of a whole regency, as it was counted last: a province cannot
    read all its families for one page (docs/decisions/0029)."""

    __tablename__ = "area_economics"
    __table_args__ = table(TableKind.DISTRIBUTED)

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted_at: Mapped[datetime]
    households: Mapped[int]
    business: Mapped[int]
    licence: Mapped[int]
    channel: Mapped[int]
    loan: Mapped[int]
    dear: Mapped[int]
    #: `SupportKind` -> families that received it at any time.
    support: Mapped[dict[str, Any]]
