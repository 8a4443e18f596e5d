"""Graduations that the ministry established and nobody has reversed."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Row, Select, Subquery, bindparam, select

from casework.core.kept import Kept
from casework.graduation.models import BatchEntry, Nomination
from casework.graduation.scope import ITS_ENTRY
from casework.graduation.states import COUNTS_AS_ESTABLISHED


def established(*, name: str = "established") -> Subquery:
    """One row for each family that has graduated, for lists to join on area_id and household_id.

    Columns: area_id, nomination_id, household_id, stage (from which it is established), outcome_at
    (when that was recorded).
    """
    return (
        select(
            Nomination.area_id,
            Nomination.id.label("nomination_id"),
            Nomination.household_id,
            BatchEntry.stage,
            BatchEntry.outcome_at,
        )
        .join(BatchEntry, ITS_ENTRY)
        .where(Nomination.status.in_(COUNTS_AS_ESTABLISHED))
        .subquery(name)
    )


def graduation_of(area_id: int, household_id: uuid.UUID) -> Row[Any] | None:
    """The columns of `established` of one family. The caller has got it through `scope`."""
    given = {"area_id": area_id, "household_id": household_id}
    return _of_one_family.execute(given).one_or_none()


@Kept
def _of_one_family() -> Select[*tuple[Any, ...]]:
    found = established()
    return select(found).where(
        found.c.area_id == bindparam("area_id"), found.c.household_id == bindparam("household_id")
    )
