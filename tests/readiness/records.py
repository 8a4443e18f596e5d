"""Registers and observations as they lie in the database, for tests of what is computed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from casework.core.db import db
from casework.core.ids import meeting_id, new_id
from casework.curriculum.rules import to_mask
from casework.economics.models import Enterprise, Observation
from casework.economics.rules import EnterpriseKind
from casework.households.models import Group, Household
from casework.meetings.models import Attendance, Meeting
from casework.meetings.rules import MarkedHow, MeetingStatus, Presence, Understanding
from casework.readiness.instruments import current
from casework.readiness.models import ReadinessCheck

NOBODY = new_id()
RECORDED_AT = datetime(2026, 11, 12, 3, tzinfo=UTC)

Mark = Presence | tuple[Presence, Understanding | None]


def hold_meeting(
    group: Group,
    held_on: date,
    marks: Mapping[Household, Mark],
    lessons: tuple[int, ...] = (),
    status: MeetingStatus = MeetingStatus.SENT,
    **changes: Any,
) -> Meeting:
    """A meeting with its register, as it lies in the tables."""
    marked = {
        household: mark if isinstance(mark, tuple) else (mark, None)
        for household, mark in marks.items()
    }
    meeting = Meeting(
        area_id=group.area_id,
        id=meeting_id(group.id, held_on),
        group_id=group.id,
        held_on=held_on,
        lesson_mask=to_mask(lessons),
        status=status,
        present=sum(presence is Presence.PRESENT for presence, _ in marked.values()),
        total=len(marked),
        recorded_by=NOBODY,
        recorded_at=RECORDED_AT,
        **changes,
    )
    db.session.add(meeting)
    db.session.flush()
    for household, (presence, understanding) in marked.items():
        away = None if presence is Presence.PRESENT else Understanding.NOT_ASSESSABLE
        db.session.add(
            Attendance(
                area_id=group.area_id,
                meeting_id=meeting.id,
                household_id=household.id,
                presence=presence,
                understanding=understanding or away,
                marked_how=MarkedHow.SINGLE,
                marked_by=NOBODY,
                marked_at=RECORDED_AT,
            )
        )
    db.session.flush()
    return meeting


def observe(household: Household, observed_on: date, **seen: Any) -> Observation:
    values = {"note": "", "recorded_at": RECORDED_AT, "recorded_by": NOBODY} | seen
    row = Observation(
        area_id=household.area_id,
        id=new_id(),
        household_id=household.id,
        observed_on=observed_on,
        recorded_by_name="Sarah Lumentut",
        **values,
    )
    db.session.add(row)
    db.session.flush()
    return row


def trade(household: Household, since_on: date, **changes: Any) -> Enterprise:
    values = {
        "kind": EnterpriseKind.FOOD_STALL,
        "name": "Warung",
        "licences": [],
        "channels": [],
        "recorded_at": RECORDED_AT,
        "updated_at": RECORDED_AT,
    }
    row = Enterprise(
        area_id=household.area_id,
        id=new_id(),
        household_id=household.id,
        since_on=since_on,
        recorded_by=NOBODY,
        **(values | changes),
    )
    db.session.add(row)
    db.session.flush()
    return row


def answered(household: Household, answered_on: date, **answers: bool) -> ReadinessCheck:
    row = ReadinessCheck(
        area_id=household.area_id,
        id=new_id(),
        household_id=household.id,
        instrument=current().id,
        answered_on=answered_on,
        answers=dict(answers),
        answered_by=NOBODY,
        answered_by_name="Sarah Lumentut",
        recorded_at=RECORDED_AT,
    )
    db.session.add(row)
    db.session.flush()
    return row
