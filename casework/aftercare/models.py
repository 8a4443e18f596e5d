from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.aftercare.states import Livelihood, NextStep, Unable
from casework.core.db import Base, TableKind, table

_STANDING = text("is_slipping AND is_current")


class FollowUpVisit(Base):
    """A visit to a family after its graduation, or a try of one.

    A correction is a row of its own that names the one it takes the place of; that one stays.
    What was seen of the family's money is an observation of economics, where all of it stands.
    """

    __tablename__ = "follow_up_visit"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "household_id"], ["household.area_id", "household.id"]),
        ForeignKeyConstraint(["area_id", "nomination_id"], ["nomination.area_id", "nomination.id"]),
        ForeignKeyConstraint(
            ["area_id", "observation_id"], ["observation.area_id", "observation.id"]
        ),
        # Either the family was spoken with, or it is said why not.
        CheckConstraint(
            "(unable IS NULL) = (livelihood IS NOT NULL)"
            " AND (unable IS NULL) = (next_step IS NOT NULL)",
            name="met_or_unable",
        ),
        Index(
            "ix_follow_up_visit_area_id_nomination_id_visited_on",
            "area_id",
            "nomination_id",
            "visited_on",
        ),
        # Of two who correct the same row at once, one is told.
        Index("uq_follow_up_visit_area_id_corrects_id", "area_id", "corrects_id", unique=True),
        Index(
            "ix_follow_up_visit_area_id_slipping",
            "area_id",
            "visited_on",
            "id",
            postgresql_where=_STANDING,
            sqlite_where=_STANDING,
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID]
    #: The graduation that it follows.
    nomination_id: Mapped[uuid.UUID]
    #: For which visit it counts: that of so many months after the graduation.
    months: Mapped[int] = mapped_column(SmallInteger)
    visited_on: Mapped[date]
    unable: Mapped[Unable | None]
    livelihood: Mapped[Livelihood | None]
    #: Values of `aftercare.states.Shock`.
    shocks: Mapped[list[str]] = mapped_column(default=list)
    observation_id: Mapped[uuid.UUID | None]
    next_step: Mapped[NextStep | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    #: `rules.Seen` of the day on which it was recorded, with the limits of that day.
    signs: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    #: Whether there are any signs, for lists.
    is_slipping: Mapped[bool]
    corrects_id: Mapped[uuid.UUID | None]
    #: No other row takes its place.
    is_current: Mapped[bool]
    recorded_by: Mapped[uuid.UUID]
    recorded_by_name: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]
