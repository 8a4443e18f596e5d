from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.db import Base, TableKind, table
from casework.regions.rules import RegionLevel


class Area(Base):
    """A regency under a number that never changes, whatever becomes of its official code.

    The number leads every key of case rows. Codes, names and provinces change when regencies
    and provinces split (34 provinces became 38 in 2022); the number does not.
    """

    __tablename__ = "area"
    __table_args__ = table(TableKind.REFERENCE)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(5), unique=True)
    province_code: Mapped[str] = mapped_column(String(2), index=True)
    name: Mapped[str] = mapped_column(String(100))
    #: IANA name of WIB, WITA or WIT: where a month ends depends on it.
    time_zone: Mapped[str] = mapped_column(String(40))


class Region(Base):
    """Any of the four levels, by its dotted Kemendagri code (PP.RR.DD.VVVV)."""

    __tablename__ = "region"
    __table_args__ = table(
        TableKind.REFERENCE,
        Index("ix_region_parent_code_name", "parent_code", "name"),
        Index("ix_region_level_code", "level", "code"),
    )

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    level: Mapped[RegionLevel]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    name: Mapped[str] = mapped_column(String(100))
    #: The regency this lies in; null for provinces.
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    valid_from: Mapped[date]
    #: Set when the code disappears from the official list; codes are never deleted.
    valid_to: Mapped[date | None]
