"""The totals of meetings, counted anew from the marks."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, case, func, or_, select, update

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core.db import db
from casework.meetings.models import Attendance, Meeting
from casework.meetings.queries.claims import claims_of, differing_of
from casework.meetings.rules import Presence


class Figures(NamedTuple):
    present: int
    total: int
    differing: int
    #: Since when the oldest difference stands.
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A meeting whose stored totals are not what its marks add up to."""

    meeting_id: uuid.UUID
    held_on: date
    stored: Figures
    counted: Figures


def differences(area_id: int) -> list[Difference]:
    """Every meeting of an area whose stored totals are wrong, in one statement, and one more for
    each of which something differs."""
    since = _differ_since(area_id)
    present = func.count(case((Attendance.presence == Presence.PRESENT, 1)))
    differing = func.count(case((Attendance.presence == Presence.NOT_MARKED, 1)))
    total = func.count(Attendance.household_id) - differing
    rows = db.session.execute(
        select(
            Meeting.id,
            Meeting.held_on,
            Meeting.present,
            Meeting.total,
            Meeting.differing,
            Meeting.differs_since,
            present.label("counted_present"),
            total.label("counted_total"),
            differing.label("counted_differing"),
        )
        .outerjoin(
            Attendance,
            and_(Attendance.area_id == area_id, Attendance.meeting_id == Meeting.id),
        )
        .where(Meeting.area_id == area_id)
        .group_by(
            Meeting.area_id,
            Meeting.id,
            Meeting.held_on,
            Meeting.present,
            Meeting.total,
            Meeting.differing,
            Meeting.differs_since,
        )
        .having(
            or_(
                Meeting.present != present,
                Meeting.total != total,
                Meeting.differing != differing,
                Meeting.id.in_(list(since)),
            )
        )
        .order_by(Meeting.held_on, Meeting.id)
    )
    found = [
        Difference(
            row.id,
            row.held_on,
            Figures(row.present, row.total, row.differing, row.differs_since),
            Figures(
                row.counted_present,
                row.counted_total,
                row.counted_differing,
                since.get(row.id),
            ),
        )
        for row in rows
    ]
    return [each for each in found if each.stored != each.counted]


def _differ_since(area_id: int) -> dict[uuid.UUID, datetime | None]:
    """Of each meeting of which something differs, or is said to: since when, by its claims."""
    rows = db.session.execute(
        select(Meeting.id, Meeting.is_head_differing, Attendance.household_id)
        .outerjoin(
            Attendance,
            and_(
                Attendance.area_id == area_id,
                Attendance.meeting_id == Meeting.id,
                Attendance.presence == Presence.NOT_MARKED,
            ),
        )
        .where(
            Meeting.area_id == area_id,
            or_(
                Meeting.differs_since.is_not(None),
                Meeting.is_head_differing,
                Attendance.household_id.is_not(None),
            ),
        )
    ).all()
    families: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for row in rows:
        families[row.id] |= {row.household_id} - {None}
    heads = {row.id: row.is_head_differing for row in rows}
    return {
        meeting: differing_of(claims_of(area_id, meeting)).only(keys, head=heads[meeting]).since
        for meeting, keys in families.items()
    }


def repair(actor: Actor, area_id: int) -> Sequence[Difference]:
    """Write the counted totals where they differ; gives what was wrong."""
    wrong = differences(area_id)
    for each in wrong:
        db.session.execute(
            update(Meeting)
            .where(Meeting.area_id == area_id, Meeting.id == each.meeting_id)
            .values(
                present=each.counted.present,
                total=each.counted.total,
                differing=each.counted.differing,
                differs_since=each.counted.since,
            )
        )
    if wrong:
        record_audit(
            actor,
            Tag.MEETINGS_RECOUNTED,
            subject_type="area",
            subject_id=str(area_id),
            area_id=area_id,
            differences=len(wrong),
        )
    return wrong
