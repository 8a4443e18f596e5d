"""Ending one stay and beginning the next: a household in a group, a group in somebody's care."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from casework.core.db import db
from casework.households.models import Assignment, Membership
from casework.households.rules import Stay, Step, step_to

Kept = TypeVar("Kept", bound=Membership | Assignment)


@dataclass(frozen=True, slots=True)
class Moved:
    #: Where it stayed until then; None for nowhere.
    before: uuid.UUID | None


def stay(row: Membership | Assignment) -> Stay:
    place = row.group_id if isinstance(row, Membership) else row.facilitator_id
    return Stay(place, row.from_on, row.to_on)


def move(rows: Sequence[Kept], begin: Kept) -> Moved | None:
    """Let the stay `begin` follow `rows`, which are all there ever were of the same one, read
    after it was locked; None when it is there already. Raises: Overlap.
    """
    new = stay(begin)
    step = step_to([stay(row) for row in rows], new.place, new.from_on)
    if step is Step.NOTHING:
        return None
    before = next((row for row in rows if row.to_on is None), None)
    moved = Moved(None if before is None else stay(before).place)
    if before is not None and step is Step.REPLACE:
        _set_place(before, new.place)
    else:
        if before is not None:
            before.to_on = new.from_on
            # First the end, then the beginning: only one row may be open.
            db.session.flush()
        db.session.add(begin)
    db.session.flush()
    return moved


def _set_place(row: Membership | Assignment, place: uuid.UUID) -> None:
    if isinstance(row, Membership):
        row.group_id = place
    else:
        row.facilitator_id = place
