"""From rows to facts, in one statement."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg import _queries
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from casework.economics.rules import BorrowsFrom, EnterpriseFacts, EnterpriseKind, Licence
from casework.economics.rules import LessonAttended as Lesson
from casework.households.models import Household
from casework.meetings.queries.facts import attendance_facts
from casework.meetings.rules import LessonAttended, MeetingStatus, Presence, Understanding
from casework.readiness.queries.facts import known_of
from casework.readiness.rules import Components
from tests.factories.households import GroupFactory, HouseholdFactory, MembershipFactory, group_with
from tests.fixtures.statements import Statements
from tests.readiness.records import RECORDED_AT, answered, hold_meeting, observe, trade

PRESENT, SICK, ABSENT = Presence.PRESENT, Presence.SICK, Presence.ABSENT
TODAY = date(2026, 11, 12)
CHANGED_AT = RECORDED_AT + timedelta(hours=1)


def test_attendance_counts_the_twelve_months_and_what_was_missed_since(
    db_session: Session,
) -> None:
    with transaction():
        group = group_with(None, households=0)
        one = MembershipFactory(group=group).household_id
        other = MembershipFactory(group=group).household_id
        family, neighbour = (
            db_session.get_one(Household, (group.area_id, h)) for h in (one, other)
        )
        hold_meeting(group, date(2025, 11, 30), {family: PRESENT, neighbour: PRESENT})
        hold_meeting(group, date(2025, 12, 1), {family: PRESENT, neighbour: PRESENT})
        hold_meeting(group, date(2026, 9, 1), {family: SICK, neighbour: PRESENT})
        hold_meeting(group, date(2026, 10, 1), {family: ABSENT})
        hold_meeting(group, date(2026, 10, 2), {family: PRESENT}, status=MeetingStatus.DRAFT)
        hold_meeting(group, date(2026, 11, 13), {family: PRESENT})
    found = attendance_facts(group.area_id, [one, other], as_of=TODAY)
    assert (found[one].held, found[one].attended, found[one].missed_running) == (3, 1, 2)
    assert found[one].last_present_on == date(2025, 12, 1)
    assert (found[other].held, found[other].attended, found[other].missed_running) == (2, 2, 0)


def test_a_family_that_never_came_has_missed_every_meeting(db_session: Session) -> None:
    with transaction():
        group = group_with(None, households=0)
        family = MembershipFactory(group=group).household_id
        household = db_session.get_one(Household, (group.area_id, family))
        for month in (1, 2, 3):
            hold_meeting(group, date(2024, month, 5), {household: ABSENT})
    found = attendance_facts(group.area_id, [family], as_of=TODAY)[family]
    assert (found.held, found.missed_running, found.last_present_on) == (0, 3, None)


def test_a_lesson_counts_from_its_first_day_with_its_best_understanding(
    db_session: Session,
) -> None:
    with transaction():
        group = group_with(None, households=0)
        family = MembershipFactory(group=group).household_id
        household = db_session.get_one(Household, (group.area_id, family))
        hold_meeting(group, date(2023, 5, 1), {household: (PRESENT, Understanding.POOR)}, (5, 6))
        hold_meeting(group, date(2024, 5, 1), {household: (PRESENT, Understanding.VERY_GOOD)}, (5,))
        hold_meeting(group, date(2024, 6, 1), {household: ABSENT}, (7,))
    lessons = attendance_facts(group.area_id, [family], as_of=TODAY)[family].lessons
    assert lessons == {
        5: LessonAttended(date(2023, 5, 1), Understanding.VERY_GOOD),
        6: LessonAttended(date(2023, 5, 1), Understanding.POOR),
    }
    known = known_of(group.area_id, [family], as_of=TODAY)[family]
    assert set(known.facts().lessons) == {
        Lesson(5, date(2023, 5, 1), True),
        Lesson(6, date(2023, 5, 1), False),
    }


def test_registers_of_a_former_group_still_count(db_session: Session) -> None:
    with transaction():
        former, present = GroupFactory(), GroupFactory()
        household = HouseholdFactory()
        MembershipFactory(
            household=household, group=former, from_on=date(2026, 1, 1), to_on=date(2026, 6, 1)
        )
        MembershipFactory(household=household, group=present, from_on=date(2026, 6, 1))
        hold_meeting(former, date(2026, 5, 3), {household: PRESENT})
        hold_meeting(present, date(2026, 7, 3), {household: PRESENT})
    found = attendance_facts(household.area_id, [household.id], as_of=TODAY)[household.id]
    assert (found.held, found.attended) == (2, 2)


def test_every_kind_of_record_arrives_with_its_household(db_session: Session) -> None:
    with transaction():
        first = HouseholdFactory(pregnant=1, elderly=2, senior_school=1, member_since_year=None)
        second = HouseholdFactory(disability=1)
        observe(first, date(2026, 3, 1), keeps_budget=False, savings_total=3_000_000_000)
        observe(first, date(2026, 4, 1), borrows_from=BorrowsFrom.MONEYLENDER)
        trade(
            first,
            date(2024, 2, 1),
            ended_on=date(2026, 2, 1),
            licences=["nib", "halal"],
            updated_at=CHANGED_AT,
        )
        answered(first, date(2026, 5, 5), steady_work=True, productive_asset=False)
    known = known_of(first.area_id, [first.id, second.id], as_of=TODAY)
    facts = known[first.id].facts()
    assert facts.components == Components(pregnant=1, elderly=2, others=2)
    assert facts.member_since_year is None
    by_day = sorted(facts.observations, key=lambda each: each.observed_on)
    assert [(each.keeps_budget, each.savings_total) for each in by_day] == [
        (False, 3_000_000_000),
        (None, None),
    ]
    assert by_day[1].borrows_from is BorrowsFrom.MONEYLENDER
    assert by_day[0].recorded_at == RECORDED_AT
    assert facts.enterprises == (
        EnterpriseFacts(
            EnterpriseKind.FOOD_STALL,
            date(2024, 2, 1),
            date(2026, 2, 1),
            frozenset({Licence.NIB, Licence.HALAL}),
            RECORDED_AT,
            CHANGED_AT,
        ),
    )
    assert {q: a.value for q, a in known[first.id].answers(TODAY).items()} == {
        "steady_work": True,
        "productive_asset": False,
    }
    assert known[second.id].is_blank
    assert known[second.id].facts().components == Components(disability=1, others=1)


@pytest.mark.usefixtures("db_session")
def test_nobody_asked_about_costs_nothing() -> None:
    assert known_of(1, [], as_of=TODAY) == {}
    assert attendance_facts(1, [], as_of=TODAY) == {}


def test_times_are_compared_in_utc(db_session: Session) -> None:
    with transaction():
        household = HouseholdFactory()
        observe(household, TODAY, keeps_budget=True, recorded_at=datetime(2026, 11, 12, tzinfo=UTC))
    known = known_of(household.area_id, [household.id], as_of=TODAY)[household.id]
    assert known.observations[0].recorded_at.tzinfo is not None


def test_the_driver_remembers_how_it_read_the_statement(
    db_session: Session, statements: Statements
) -> None:
    household = HouseholdFactory()
    db_session.flush()
    statements.reset()
    known_of(household.area_id, [household.id], as_of=TODAY)
    (text,) = statements.sent
    # Whatever is longer it reads anew with every save of a register.
    assert len(text) <= _queries.MAX_CACHED_STATEMENT_LENGTH
