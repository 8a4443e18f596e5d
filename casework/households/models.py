from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.db import Base, TableKind, table
from casework.households.rules import HouseholdStatus


class Household(Base):
    """A beneficiary family (KPM) as the latest payment roster describes it.

    The caretaker (pengurus) stands for the family. NIK, No KK and address are sealed
    (`core.crypto`); the blind indexes find a number without telling it.
    """

    __tablename__ = "household"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        Index("ix_household_area_id_nik_index", "area_id", "nik_index"),
        Index("ix_household_area_id_no_kk_index", "area_id", "no_kk_index"),
        Index("ix_household_area_id_village_code_id", "area_id", "village_code", "id"),
        Index("ix_household_area_id_caretaker_name_id", "area_id", "caretaker_name", "id"),
    )

    area_id: Mapped[int] = mapped_column(
        ForeignKey("area.id"), primary_key=True, autoincrement=False
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    status: Mapped[HouseholdStatus]
    caretaker_name: Mapped[str] = mapped_column(String(120))
    caretaker_born_on: Mapped[date | None]
    nik_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    nik_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    no_kk_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    no_kk_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    village_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    #: Street, hamlet, RT/RW in one sealed text.
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Components of the Final Closing: how many members make the family eligible, by kind.
    pregnant: Mapped[int] = mapped_column(SmallInteger, default=0)
    early_childhood: Mapped[int] = mapped_column(SmallInteger, default=0)
    primary_school: Mapped[int] = mapped_column(SmallInteger, default=0)
    junior_school: Mapped[int] = mapped_column(SmallInteger, default=0)
    senior_school: Mapped[int] = mapped_column(SmallInteger, default=0)
    disability: Mapped[int] = mapped_column(SmallInteger, default=0)
    elderly: Mapped[int] = mapped_column(SmallInteger, default=0)
    rights_violation_victim: Mapped[int] = mapped_column(SmallInteger, default=0)
    #: Payment stages ("2026-1") of the first and the latest roster that named the family.
    first_stage: Mapped[str] = mapped_column(String(6))
    last_stage: Mapped[str] = mapped_column(String(6))
    #: Year the family joined PKH, where somebody has recorded it: no roster has it.
    member_since_year: Mapped[int | None] = mapped_column(SmallInteger)
    #: The row that a move to this regency closed; both set or none.
    moved_from_area_id: Mapped[int | None]
    moved_from_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RegisteredNik(Base):
    """Whose a caretaker's NIK is, in the whole country: of all rows that no move has closed,
    one. Blind, as everywhere; no foreign key, so that it can be spread by its own key.
    """

    __tablename__ = "nik_registry"
    __table_args__ = table(TableKind.NATIONAL)

    nik_index: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    area_id: Mapped[int]
    household_id: Mapped[uuid.UUID]


class Group(Base):
    """10-30 households that meet monthly (kelompok)."""

    __tablename__ = "group_of_households"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        Index("uq_group_area_id_village_code_name", "area_id", "village_code", "name", unique=True),
    )

    area_id: Mapped[int] = mapped_column(
        ForeignKey("area.id"), primary_key=True, autoincrement=False
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    village_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    #: Where it usually meets ("Rumah Ibu Sarah, Lingkungan III").
    meeting_place: Mapped[str] = mapped_column(String(120), default="")
    #: The group's leader (ketua kelompok), herself a caretaker in it.
    leader_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    closed_on: Mapped[date | None]


_PRESENT = text("to_on IS NULL OR by_exit")


class Membership(Base):
    """A household in a group from a day (inclusive) to a day (exclusive; null: still).

    On any day a household is in at most one group: the open row is unique, and
    `actions.memberships` refuses overlaps in the past. The row that an exit ended stays
    the household's last one: whoever looks after that group goes on seeing the family.
    """

    __tablename__ = "membership"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "household_id"], ["household.area_id", "household.id"]),
        ForeignKeyConstraint(
            ["area_id", "group_id"], ["group_of_households.area_id", "group_of_households.id"]
        ),
        CheckConstraint("to_on IS NULL OR to_on > from_on", name="ends_after_start"),
        Index(
            "uq_membership_area_id_household_id_open",
            "area_id",
            "household_id",
            unique=True,
            postgresql_where=_PRESENT,
            sqlite_where=_PRESENT,
        ),
        Index("ix_membership_area_id_group_id", "area_id", "group_id", "to_on"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    household_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    group_id: Mapped[uuid.UUID]
    to_on: Mapped[date | None]
    #: `to_on` is the first day of the payment stage from which the family is out of the
    #: programme, graduated or otherwise; it may lie ahead.
    by_exit: Mapped[bool] = mapped_column(default=False, server_default=false())


class Assignment(Base):
    """A group in a facilitator's care from a day (inclusive) to a day (exclusive)."""

    __tablename__ = "assignment"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(
            ["area_id", "group_id"], ["group_of_households.area_id", "group_of_households.id"]
        ),
        CheckConstraint("to_on IS NULL OR to_on > from_on", name="ends_after_start"),
        Index(
            "uq_assignment_area_id_group_id_open",
            "area_id",
            "group_id",
            unique=True,
            postgresql_where=text("to_on IS NULL"),
            sqlite_where=text("to_on IS NULL"),
        ),
        Index("ix_assignment_area_id_facilitator_id", "area_id", "facilitator_id", "to_on"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    to_on: Mapped[date | None]
