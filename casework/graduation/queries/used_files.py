"""Whether a file stands for another family already."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, select

from casework.core.files import Sought
from casework.core.kept import Kept
from casework.graduation.models import Evidence, Nomination
from casework.graduation.queries.evidence import Known
from casework.graduation.states import NominationStatus


class Use(NamedTuple):
    """Where else a file stands."""

    household_id: uuid.UUID
    added_by: uuid.UUID
    #: The file itself, not a photo that is like it.
    is_same: bool


def use_elsewhere(area_id: int, household_id: uuid.UUID, file: Known) -> Use | None:
    """Of the same file, as it came in the whole country and as it is kept in the regency; of a
    photo that is all but the same, in the regency: those are compared one by one
    (docs/decisions/0024)."""
    family = {"area_id": area_id, "household_id": household_id}
    for same, value in ((_kept_alike, file.sha256), (_came_alike, file.upload_sha256)):
        found = None if value is None else same.execute(family | {"sha256": value}).first()
        if found is not None:
            return Use(found.household_id, found.added_by, is_same=True)
    if not file.likenesses:
        return None
    sought = Sought(file.likenesses)
    for row in _with_likeness.execute(family):
        if sought.is_like(row.likeness):
            return Use(row.household_id, row.added_by, is_same=False)
    return None


@Kept
def _kept_alike() -> Select[*tuple[Any, ...]]:
    return _used(Evidence.area_id == _AREA, Evidence.sha256 == bindparam("sha256")).limit(1)


@Kept
def _came_alike() -> Select[*tuple[Any, ...]]:
    return _used(Evidence.upload_sha256 == bindparam("sha256")).limit(1)


@Kept
def _with_likeness() -> Select[*tuple[Any, ...]]:
    return _used(Evidence.area_id == _AREA, Evidence.likeness.is_not(None))


_AREA = bindparam("area_id", type_=Integer)


def _used(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Of another family than `household_id`. A file that was taken out again, or whose nomination
    was given up before anybody had seen it, is free: families have similar names, and a slip is
    mended that way."""
    was_given_up = and_(
        Nomination.status == NominationStatus.WITHDRAWN, Nomination.first_submitted_at.is_(None)
    )
    return (
        select(Evidence.likeness, Nomination.household_id, Evidence.added_by)
        .join(
            Nomination,
            and_(Nomination.area_id == Evidence.area_id, Nomination.id == Evidence.nomination_id),
        )
        .where(
            *which,
            Evidence.removed_at.is_(None),
            Nomination.household_id != bindparam("household_id"),
            ~was_given_up,
        )
    )
