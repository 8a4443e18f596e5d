from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.db import Base, TableKind, table
from casework.core.waiting_files import FILE_NAME_LENGTH
from casework.graduation.states import OutcomeFileStatus


class MinistryBatch(Base):
    """Approved nominations of a regency that went to the ministry under one letter."""

    __tablename__ = "ministry_batch"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        Index("uq_ministry_batch_area_id_year_number", "area_id", "year", "number", unique=True),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Of the letter.
    year: Mapped[int] = mapped_column(SmallInteger)
    #: 1, 2, ... in each regency and year.
    number: Mapped[int] = mapped_column(SmallInteger)
    letter_number: Mapped[str] = mapped_column(String(80))
    letter_on: Mapped[date]
    made_by: Mapped[uuid.UUID]
    made_by_name: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]


class BatchEntry(Base):
    """A nomination in its batch, what the ministry answered, and whether that was reversed.

    A nomination goes to the ministry once: after a refusal or a reversal the family is nominated
    anew.
    """

    __tablename__ = "batch_entry"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "nomination_id"], ["nomination.area_id", "nomination.id"]),
        ForeignKeyConstraint(
            ["area_id", "batch_id"], ["ministry_batch.area_id", "ministry_batch.id"]
        ),
        # Who recorded it and when: all set or none; a stage or a reason, as the answer is.
        CheckConstraint(
            "(outcome_at IS NULL) = (outcome_by IS NULL)"
            " AND (outcome_at IS NULL) = (outcome_by_name IS NULL)"
            " AND (outcome_at IS NULL) = (stage IS NULL AND refusal IS NULL)"
            " AND (stage IS NULL OR refusal IS NULL)",
            name="outcome_whole",
        ),
        CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)"
            " AND (reversed_at IS NULL) = (reversal_reason IS NULL)"
            " AND (reversed_at IS NULL OR stage IS NOT NULL)",
            name="reversal_whole",
        ),
        # Nobody reverses what they recorded, whatever path it takes.
        CheckConstraint(
            "reversed_by IS NULL OR reversed_by <> outcome_by", name="not_by_the_recorder"
        ),
        Index(
            "uq_batch_entry_area_id_batch_id_position",
            "area_id",
            "batch_id",
            "position",
            unique=True,
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nomination_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[uuid.UUID]
    #: Its number in the batch's list.
    position: Mapped[int] = mapped_column(SmallInteger)
    #: Established from this payment stage on ("2027-1").
    stage: Mapped[str | None] = mapped_column(String(6))
    #: Refused by the ministry, and why.
    refusal: Mapped[str | None] = mapped_column(String(1000))
    outcome_by: Mapped[uuid.UUID | None]
    outcome_by_name: Mapped[str | None] = mapped_column(String(120))
    outcome_at: Mapped[datetime | None]
    reversed_by: Mapped[uuid.UUID | None]
    reversed_by_name: Mapped[str | None] = mapped_column(String(120))
    reversed_at: Mapped[datetime | None]
    reversal_reason: Mapped[str | None] = mapped_column(String(1000))


class OutcomeFile(Base):
    """A file of the ministry's outcomes that somebody checked, and perhaps applied.

    It waits sealed in the row, as roster files do, and is emptied once it is applied.
    """

    __tablename__ = "outcome_file"
    __table_args__ = table(
        TableKind.LOCAL,
        Index("ix_outcome_file_uploaded_by_uploaded_at", "uploaded_by", "uploaded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    area_id: Mapped[int]
    batch_id: Mapped[uuid.UUID]
    status: Mapped[OutcomeFileStatus]
    file_name: Mapped[str] = mapped_column(String(FILE_NAME_LENGTH))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    uploaded_by: Mapped[uuid.UUID]
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    #: How many nominations it changed; null until it is applied.
    changed: Mapped[int | None] = mapped_column(Integer)
