"""The totals of meetings, counted anew from the marks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, func, or_, select, update

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core.db import db
from casework.meetings.models import Attendance, Meeting
from casework.meetings.rules import Presence


@dataclass(frozen=True, slots=True)
class Difference:
    """A meeting whose stored totals are not what its marks add up to."""

    meeting_id: uuid.UUID
    held_on: date
    stored: tuple[int, int, int]
    #: Present, total and differing.
    counted: tuple[int, int, int]


def differences(area_id: int) -> list[Difference]:
    """Every meeting of an area whose stored totals are wrong, in one statement."""
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
        )
        .having(
            or_(
                Meeting.present != present,
                Meeting.total != total,
                Meeting.differing != differing,
            )
        )
        .order_by(Meeting.held_on, Meeting.id)
    )
    return [
        Difference(
            row.id,
            row.held_on,
            (row.present, row.total, row.differing),
            (row.counted_present, row.counted_total, row.counted_differing),
        )
        for row in rows
    ]


def repair(actor: Actor, area_id: int) -> Sequence[Difference]:
    """Write the counted totals where they differ; gives what was wrong."""
    wrong = differences(area_id)
    for each in wrong:
        db.session.execute(
            update(Meeting)
            .where(Meeting.area_id == area_id, Meeting.id == each.meeting_id)
            .values(present=each.counted[0], total=each.counted[1], differing=each.counted[2])
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
