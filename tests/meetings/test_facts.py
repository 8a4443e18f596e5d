"""What the registers tell of a household, counted in one statement."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from casework.households.models import Group, Membership
from casework.meetings.queries.facts import attendance_facts
from casework.meetings.rules import (
    AttendanceFacts,
    LessonAttended,
    MeetingStatus,
    Presence,
    Understanding,
)
from tests.factories.households import GroupFactory, MembershipFactory
from tests.factories.meetings import meeting_with
from tests.fixtures.statements import Statements

AS_OF = date(2026, 11, 12)
HERE, AWAY, SICK = Presence.PRESENT, Presence.ABSENT, Presence.SICK


@pytest.fixture
def group(db_session: Session) -> Group:
    with transaction():
        group: Group = GroupFactory()
        MembershipFactory.create_batch(2, group=group)
        db_session.flush()
        db_session.refresh(group)
    return group


@pytest.fixture
def household(group: Group, db_session: Session) -> uuid.UUID:
    return db_session.query(Membership.household_id).filter_by(group_id=group.id).first()[0]


def facts(group: Group, household: uuid.UUID, as_of: date = AS_OF) -> AttendanceFacts:
    return attendance_facts(group.area_id, [household], as_of=as_of)[household]


def test_a_household_without_marks_has_no_facts(group: Group, household: uuid.UUID) -> None:
    assert facts(group, household) == AttendanceFacts()


def test_nobody_asked_about_needs_no_statement(group: Group, statements: Statements) -> None:
    area_id = group.area_id
    statements.reset()
    assert attendance_facts(area_id, [], as_of=AS_OF) == {}
    assert statements.count == 0


def test_missed_running_counts_back_to_the_last_time_present(
    group: Group, household: uuid.UUID
) -> None:
    with transaction():
        for month, mark in ((7, AWAY), (8, HERE), (9, SICK), (10, AWAY), (11, AWAY)):
            meeting_with(group, date(2026, month, 3), {household: mark})
    found = facts(group, household)
    assert (found.held, found.attended) == (5, 1)
    assert found.missed_running == 3
    assert found.last_present_on == date(2026, 8, 3)


def test_who_was_never_present_has_missed_all_of_them(group: Group, household: uuid.UUID) -> None:
    with transaction():
        for month in (9, 10):
            meeting_with(group, date(2026, month, 3), {household: AWAY})
    assert facts(group, household).missed_running == 2


@pytest.mark.parametrize(
    ("held_on", "counts"),
    [
        (date(2025, 11, 30), False),  # of the thirteenth month
        (date(2025, 12, 1), True),
        (date(2026, 11, 12), True),
        (date(2026, 11, 13), False),
    ],
)
def test_twelve_months_end_on_the_day_and_begin_with_the_first_of_a_month(
    group: Group, household: uuid.UUID, held_on: date, counts: bool
) -> None:
    with transaction():
        meeting_with(group, held_on, {household: HERE})
    assert facts(group, household).held == int(counts)


def test_a_month_counts_once_however_often_the_group_met_in_it(
    group: Group, household: uuid.UUID
) -> None:
    with transaction():
        for day in (3, 4, 5):
            meeting_with(group, date(2026, 9, day), {household: HERE})
        for day, mark in ((6, AWAY), (7, HERE), (8, SICK)):
            meeting_with(group, date(2026, 10, day), {household: mark})
        for day in (9, 10):
            meeting_with(group, date(2026, 11, day), {household: AWAY})
    found = facts(group, household)
    assert (found.held, found.attended, found.missed_running) == (3, 2, 3)


def test_a_draft_tells_nothing(group: Group, household: uuid.UUID) -> None:
    with transaction():
        meeting_with(
            group, date(2026, 11, 3), {household: HERE}, lessons=(5,), status=MeetingStatus.DRAFT
        )
    assert facts(group, household) == AttendanceFacts()


def test_economics_lessons_count_over_all_time_at_their_first_and_best(
    group: Group, household: uuid.UUID
) -> None:
    with transaction():
        meeting_with(group, date(2023, 1, 9), {household: Understanding.POOR}, lessons=(5, 1))
        meeting_with(group, date(2024, 1, 9), {household: Understanding.VERY_GOOD}, lessons=(5,))
        meeting_with(group, date(2025, 1, 9), {household: Understanding.GOOD}, lessons=(5,))
        meeting_with(group, date(2026, 1, 9), {household: HERE}, lessons=(6,))
        meeting_with(group, date(2026, 2, 9), {household: SICK}, lessons=(7,))
        meeting_with(
            group, date(2026, 3, 9), {household: Understanding.NOT_ASSESSABLE}, lessons=(6,)
        )
    assert facts(group, household).lessons == {
        5: LessonAttended(date(2023, 1, 9), Understanding.VERY_GOOD),
        6: LessonAttended(date(2026, 1, 9), None),
    }
    assert facts(group, household, date(2023, 12, 31)).lessons == {
        5: LessonAttended(date(2023, 1, 9), Understanding.POOR)
    }


def test_marks_of_a_former_group_are_the_household_s_own(
    group: Group, household: uuid.UUID, db_session: Session
) -> None:
    with transaction():
        meeting_with(group, date(2026, 3, 9), {household: HERE})
        membership = db_session.query(Membership).filter_by(household_id=household).one()
        membership.to_on = date(2026, 4, 1)
        other = GroupFactory()
        db_session.add(
            Membership(
                area_id=group.area_id,
                household_id=household,
                from_on=date(2026, 4, 1),
                group_id=other.id,
            )
        )
        db_session.flush()
        meeting_with(other, date(2026, 4, 9), {household: AWAY})
    found = facts(group, household)
    assert (found.held, found.attended, found.missed_running) == (2, 1, 1)


def test_who_comes_back_to_a_group_is_not_counted_twice(
    group: Group, household: uuid.UUID, db_session: Session
) -> None:
    with transaction():
        membership = db_session.query(Membership).filter_by(household_id=household).one()
        membership.to_on = date(2026, 4, 1)
        db_session.flush()
        db_session.add(
            Membership(
                area_id=group.area_id,
                household_id=household,
                from_on=date(2026, 5, 1),
                group_id=group.id,
            )
        )
        db_session.flush()
        meeting_with(group, date(2026, 6, 9), {household: HERE})
    assert facts(group, household).held == 1


def test_many_households_cost_one_statement(
    group: Group, db_session: Session, statements: Statements
) -> None:
    with transaction():
        MembershipFactory.create_batch(28, group=group)
        members = [
            row[0] for row in db_session.query(Membership.household_id).filter_by(group_id=group.id)
        ]
        meeting_with(group, date(2026, 6, 9), dict.fromkeys(members, HERE))
    area_id = group.area_id
    statements.reset()
    found = attendance_facts(area_id, members, as_of=AS_OF)
    assert len(found) == 30
    assert {each.attended for each in found.values()} == {1}
    assert statements.count == 1
