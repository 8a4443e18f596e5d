"""Meetings with their registers, as rows: for tests of what is computed from them.

Use within `with transaction():`, or commit afterwards.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from casework.core.db import db
from casework.core.ids import meeting_id
from casework.curriculum.rules import to_mask
from casework.households.models import Group
from casework.meetings.models import Attendance, Meeting
from casework.meetings.rules import MarkedHow, MeetingStatus, Presence, Understanding, settle

RECORDED_BY = uuid.UUID(int=7)


def meeting_with(
    group: Group,
    held_on: date,
    marks: Mapping[uuid.UUID, Presence | Understanding],
    *,
    lessons: tuple[int, ...] = (1,),
    status: MeetingStatus = MeetingStatus.SENT,
) -> Meeting:
    """A meeting of that group; each household's mark is a presence, or how well it understood
    (it was present then)."""
    at = datetime.combine(held_on, time(3), tzinfo=UTC)
    presences = {
        household_id: mark if isinstance(mark, Presence) else Presence.PRESENT
        for household_id, mark in marks.items()
    }
    meeting = Meeting(
        area_id=group.area_id,
        id=meeting_id(group.id, held_on),
        group_id=group.id,
        held_on=held_on,
        starts_at=time(9),
        ends_at=time(11),
        place=group.meeting_place,
        lesson_mask=to_mask(lessons),
        status=status,
        present=sum(presence is Presence.PRESENT for presence in presences.values()),
        total=len(marks),
        recorded_by=RECORDED_BY,
        recorded_at=at,
    )
    db.session.add(meeting)
    db.session.flush()
    for household_id, mark in marks.items():
        understanding = mark if isinstance(mark, Understanding) else None
        db.session.add(
            Attendance(
                area_id=group.area_id,
                meeting_id=meeting.id,
                household_id=household_id,
                presence=presences[household_id],
                understanding=settle(presences[household_id], understanding),
                assessed_how=MarkedHow.SINGLE if understanding else None,
                marked_how=MarkedHow.SINGLE,
                marked_by=RECORDED_BY,
                marked_at=at,
            )
        )
    db.session.flush()
    return meeting
