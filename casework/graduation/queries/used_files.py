"""Whether a file stands for another family already."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, select

from casework.core.db import db
from casework.core.files import are_one
from casework.graduation.models import Evidence, Nomination
from casework.graduation.states import EvidenceKind, NominationStatus


class Use(NamedTuple):
    """Where else a file stands."""

    household_id: uuid.UUID
    added_by: uuid.UUID


class Known(NamedTuple):
    """What a file of a nomination is known by."""

    kind: EvidenceKind
    upload_sha256: bytes | None
    #: In as many positions as are to be looked for.
    likenesses: Collection[bytes]


def use_elsewhere(area_id: int, household_id: uuid.UUID, file: Known) -> Use | None:
    """Of the same file, in the whole country; of a photo that is all but the same, in the regency:
    those are compared one by one (docs/decisions/0024)."""
    if file.upload_sha256 is not None:
        same = Evidence.upload_sha256 == file.upload_sha256
        found = db.session.execute(_used(household_id, same).limit(1)).first()
        if found is not None:
            return Use(found.household_id, found.added_by)
    if not file.likenesses:
        return None
    alike = and_(Evidence.area_id == area_id, Evidence.likeness.is_not(None))
    for row in db.session.execute(_used(household_id, alike)):
        if any(are_one(each, row.likeness) for each in file.likenesses):
            return Use(row.household_id, row.added_by)
    return None


def known_of(nomination: Nomination) -> Sequence[Known]:
    """Of every file that it has now."""
    rows = db.session.execute(
        select(Evidence.kind, Evidence.upload_sha256, Evidence.likeness)
        .where(
            Evidence.area_id == nomination.area_id,
            Evidence.nomination_id == nomination.id,
            Evidence.removed_at.is_(None),
        )
        .order_by(Evidence.added_at, Evidence.id)
    )
    return [Known(kind, upload, [likeness] if likeness else []) for kind, upload, likeness in rows]


def _used(household_id: uuid.UUID, which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A file that was taken out again, or whose nomination was given up before anybody had seen
    it, is free: families have similar names, and a slip is mended that way."""
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
            which,
            Evidence.removed_at.is_(None),
            Nomination.household_id != household_id,
            ~was_given_up,
        )
    )
