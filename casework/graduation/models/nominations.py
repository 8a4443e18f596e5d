from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.append_only import append_only
from casework.core.db import Base, TableKind, table
from casework.graduation.states import (
    ConsentGiven,
    EvidenceKind,
    HandIn,
    NominationStatus,
    open_statuses,
)
from casework.ledger.rules import ExitKind

_OPEN = text("status IN (" + ", ".join(f"'{s.value}'" for s in open_statuses()) + ")")
_WAITING = text(f"status = '{NominationStatus.SUBMITTED.value}'")


class Nomination(Base):
    """A family put forward for graduation: the present state; events tell the way there."""

    __tablename__ = "nomination"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "household_id"], ["household.area_id", "household.id"]),
        # Who decided, when and why: all set or none.
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (decision_reason IS NULL)",
            name="decision_whole",
        ),
        # Nobody decides on the own nomination, whatever path the decision took.
        CheckConstraint(
            "decided_by IS NULL OR (decided_by <> nominated_by"
            " AND (submitted_by IS NULL OR decided_by <> submitted_by))",
            name="not_by_the_nominator",
        ),
        Index(
            "uq_nomination_area_id_household_id_open",
            "area_id",
            "household_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index(
            "ix_nomination_area_id_waiting",
            "area_id",
            "first_submitted_at",
            "id",
            postgresql_where=_WAITING,
            sqlite_where=_WAITING,
        ),
        Index(
            "ix_nomination_waiting",
            "first_submitted_at",
            "id",
            postgresql_where=_WAITING,
            sqlite_where=_WAITING,
        ),
        Index("ix_nomination_area_id_status_updated_at", "area_id", "status", "updated_at"),
        # Of one family, and of a facilitator's: also those that are over.
        Index("ix_nomination_area_id_household_id", "area_id", "household_id"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID]
    kind: Mapped[ExitKind]
    status: Mapped[NominationStatus]
    #: Why the facilitator puts the family forward, in own words.
    note: Mapped[str] = mapped_column(String(1000), default="")
    #: The family's own word: when, how, and who asked.
    consent_on: Mapped[date | None]
    consent_given: Mapped[ConsentGiven | None]
    consent_asked_by: Mapped[str] = mapped_column(String(120), default="")
    nominated_by: Mapped[uuid.UUID]
    nominated_by_name: Mapped[str] = mapped_column(String(120))
    nominated_at: Mapped[datetime]
    submitted_by: Mapped[uuid.UUID | None]
    submitted_at: Mapped[datetime | None]
    #: Keeps the place in the queue when a returned nomination comes back.
    first_submitted_at: Mapped[datetime | None]
    #: The readiness assessment as it was at submission (`readiness.rules.Assessment`).
    readiness: Mapped[dict[str, Any] | None]
    decided_by: Mapped[uuid.UUID | None]
    decided_by_name: Mapped[str | None] = mapped_column(String(120))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None] = mapped_column(String(1000))
    updated_at: Mapped[datetime]
    #: Raised by one at every change.
    version: Mapped[int] = mapped_column(Integer, default=1)


class NominationEvent(Base):
    """One step of a nomination; only ever added."""

    __tablename__ = "nomination_event"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "nomination_id"], ["nomination.area_id", "nomination.id"]),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nomination_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Version of the nomination that this step made.
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    from_status: Mapped[NominationStatus | None]
    to_status: Mapped[NominationStatus]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    #: Of an approval: the warning signs of readiness that it was given in spite of, and why.
    warnings: Mapped[list[str] | None]
    answer: Mapped[str | None] = mapped_column(String(1000))
    actor_id: Mapped[uuid.UUID]
    actor_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


append_only(NominationEvent)


class NominationHand(Base):
    """Who ever had a hand in a nomination, in what, and since when; only ever added.

    Nobody in here decides on it: what was overwritten, taken out or sent before it was
    returned was still theirs.
    """

    __tablename__ = "nomination_hand"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "nomination_id"], ["nomination.area_id", "nomination.id"]),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nomination_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    hand_in: Mapped[HandIn] = mapped_column(primary_key=True)
    since: Mapped[datetime]


append_only(NominationHand)


class Evidence(Base):
    """A photo or PDF of a nomination; the bytes lie sealed in the file store."""

    __tablename__ = "evidence"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "nomination_id"], ["nomination.area_id", "nomination.id"]),
        Index("ix_evidence_area_id_sha256", "area_id", "sha256"),
        # The same file for a family of another regency is found too.
        Index("ix_evidence_upload_sha256", "upload_sha256"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nomination_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[EvidenceKind]
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    pages: Mapped[int] = mapped_column(SmallInteger, default=1)
    #: Of the cleaned bytes.
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    #: Of the bytes as they came; None of before this was kept.
    upload_sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    #: Of a photo as it lies (`core.files.likeness`); None of papers, and of what shows nothing.
    likeness: Mapped[bytes | None] = mapped_column(LargeBinary(128))
    added_by: Mapped[uuid.UUID]
    added_by_name: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]
    #: Replaced or taken out before submission; the row stays.
    removed_at: Mapped[datetime | None]


class EvidenceOpening(Base):
    """Who opened which evidence: a decision needs all of it opened by the one who decides."""

    __tablename__ = "evidence_opening"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(
            ["area_id", "nomination_id", "evidence_id"],
            ["evidence.area_id", "evidence.nomination_id", "evidence.id"],
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nomination_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    opened_by: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime]
