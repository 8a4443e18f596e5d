"""What whoever judges a family by its attendance is told of the registers behind it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from casework.core import clock
from casework.core.transaction import transaction
from casework.households.models import Group, Membership
from casework.meetings.models import Meeting
from casework.meetings.queries.oddities import oddities
from casework.meetings.rules import (
    BACKDATING_DAYS,
    MeetingStatus,
    Oddities,
    Presence,
    RegisterSaved,
    oddities_of,
)
from tests.factories.households import GroupFactory, MembershipFactory
from tests.factories.meetings import meeting_with
from tests.fixtures.statements import Statements

MAKASSAR = "Asia/Makassar"
AS_OF = date(2026, 11, 12)
HELD = date(2026, 9, 3)
#: 23.59 of the last day in Makassar.
LAST_MOMENT = datetime(2026, 9, 3, 15, 59, 59, tzinfo=UTC) + timedelta(days=BACKDATING_DAYS)
SENT, DRAFT, CALLED_OFF = MeetingStatus.SENT, MeetingStatus.DRAFT, MeetingStatus.CALLED_OFF


def saved(
    held_on: date = HELD, status: MeetingStatus = SENT, at: datetime = LAST_MOMENT
) -> RegisterSaved:
    return RegisterSaved(held_on, status, at)


@pytest.mark.parametrize(
    ("registers", "told"),
    [
        ([], Oddities()),
        ([saved()], Oddities(1)),
        ([saved(at=LAST_MOMENT + timedelta(seconds=1))], Oddities(1, saved_late=1)),
        ([saved(), saved(date(2026, 9, 30))], Oddities(2, doubled_months=1)),
        (
            [saved(), saved(date(2026, 9, 4)), saved(date(2026, 9, 5))],
            Oddities(3, doubled_months=1),
        ),
        ([saved(), saved(date(2025, 9, 3), at=datetime(2025, 9, 3, tzinfo=UTC))], Oddities(2)),
        ([saved(status=DRAFT), saved(date(2026, 9, 4))], Oddities(1)),
        ([saved(status=CALLED_OFF), saved(date(2026, 9, 4))], Oddities(1, called_off=1)),
    ],
)
def test_what_is_told_of_registers(registers: list[RegisterSaved], told: Oddities) -> None:
    assert oddities_of(registers, MAKASSAR) == told
    assert told.is_none == (told[1:] == (0, 0, 0))


@pytest.fixture
def group(db_session: Session) -> Group:
    with transaction():
        group: Group = GroupFactory()
        MembershipFactory.create_batch(2, group=group)
    return group


@pytest.fixture
def household(group: Group, db_session: Session) -> uuid.UUID:
    return db_session.query(Membership.household_id).filter_by(group_id=group.id).first()[0]


def told(group: Group, household: uuid.UUID) -> Oddities:
    return oddities(group.area_id, household, as_of=AS_OF, time_zone=MAKASSAR)


def hold(group: Group, held_on: date, marks: dict[uuid.UUID, Presence], **more: object) -> Meeting:
    """Saved on its day."""
    with clock.at(datetime(held_on.year, held_on.month, held_on.day, 3, tzinfo=UTC)):
        return meeting_with(group, held_on, marks, **more)


def test_those_of_twelve_months_and_attended_lessons_of_economics(
    group: Group, household: uuid.UUID, statements: Statements
) -> None:
    here, away = {household: Presence.PRESENT}, {household: Presence.ABSENT}
    with transaction():
        hold(group, date(2025, 11, 30), here)  # the thirteenth month, and no such lesson
        hold(group, date(2025, 12, 1), away)
        hold(group, date(2024, 3, 5), here, lessons=(5,))
        hold(group, date(2024, 4, 5), away, lessons=(6,))
        hold(group, date(2026, 11, 13), here)  # tomorrow
        hold(group, date(2026, 8, 3), {})
    area_id = group.area_id
    statements.reset()
    found = oddities(area_id, household, as_of=AS_OF, time_zone=MAKASSAR)
    assert statements.count == 1
    assert found == Oddities(2)


def test_one_that_was_saved_again_long_after_is_late(group: Group, household: uuid.UUID) -> None:
    with transaction():
        hold(group, date(2026, 3, 3), {household: Presence.PRESENT})
        meeting = hold(group, date(2026, 2, 3), {household: Presence.ABSENT})
    assert told(group, household) == Oddities(2)
    with transaction():
        meeting.recorded_at = datetime(2026, 11, 12, tzinfo=UTC)
    assert told(group, household) == Oddities(2, saved_late=1)
