"""The stored verdict follows the facts, in few statements."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.core import clock
from casework.core.db import db
from casework.core.signals import household_facts_changed
from casework.core.transaction import transaction
from casework.households.models import Household, Membership
from casework.meetings.rules import Presence
from casework.readiness.models import Readiness
from casework.readiness.queries.assessment import assess_household
from casework.readiness.queries.current import readiness_rows
from casework.readiness.rules import Verdict
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import HouseholdFactory, group_with
from tests.fixtures.statements import Statements
from tests.readiness.records import answered, hold_meeting, observe, trade

NOW = datetime(2026, 11, 12, 3, tzinfo=UTC)
TODAY = date(2026, 11, 12)


def stored(household: Household) -> Readiness:
    return db.session.scalars(
        select(Readiness)
        .where(Readiness.area_id == household.area_id, Readiness.household_id == household.id)
        .execution_options(populate_existing=True)
    ).one()


def test_what_is_stored_is_what_the_page_computes(db_session: Session) -> None:
    with clock.at(NOW):
        with transaction():
            actor = actor_for(UserFactory())
            household = HouseholdFactory(member_since_year=2018)
            observe(household, TODAY, income_per_month=4_000_000, savings_total=6_000_000)
            trade(household, date(2024, 1, 1), licences=["nib"])
            answered(household, TODAY, family_is_ready=True, productive_asset=True)
            household_facts_changed.send(
                actor, area_id=household.area_id, household_ids=[household.id]
            )
        row = stored(household)
        result = assess_household(household.area_id, household.id, as_of=TODAY)
    assert (row.verdict, row.score, row.ladder) == (
        result.verdict,
        result.score,
        result.ladder.reached,
    )
    # Business 15, income 15 + 5, savings 10, licence 3, asset 7, own word 5, years 5.
    assert row.score == 65
    assert (row.as_of, row.rule_version) == (TODAY, result.rule_version)
    assert row.computed_at == NOW


def test_a_changed_fact_replaces_the_stored_verdict(db_session: Session) -> None:
    with transaction():
        actor = actor_for(UserFactory())
        household = HouseholdFactory()
    for income, score in ((4_000_000, 15 + 5), (1_000_000, 0)):
        with transaction():
            observe(household, date(2026, 1, 1), income_per_month=income)
            db_session.flush()
            with clock.at(NOW):
                household_facts_changed.send(
                    actor, area_id=household.area_id, household_ids={household.id}
                )
        assert stored(household).score == score
        with transaction():
            db_session.execute(db.text("DELETE FROM observation"))


def test_a_group_of_thirty_takes_at_most_three_statements(
    db_session: Session, statements: Statements
) -> None:
    with transaction():
        facilitator = UserFactory()
        actor = actor_for(facilitator)
        group = group_with(facilitator, households=30)
        of_group = select(Membership.household_id).where(Membership.group_id == group.id)
        families = list(db_session.scalars(select(Household).where(Household.id.in_(of_group))))
        for month in range(1, 12):
            hold_meeting(
                group, date(2026, month, 3), dict.fromkeys(families, Presence.PRESENT), (5,)
            )
    ids = [each.id for each in families]
    area_id = group.area_id
    with clock.at(NOW), transaction():
        statements.reset()
        household_facts_changed.send(actor, area_id=area_id, household_ids=ids)
        assert statements.count <= 3
    rows = db_session.execute(select(readiness_rows())).all()
    assert {(row.held, row.attended, row.missed_running) for row in rows} == {(11, 11, 0)}
    assert {row.verdict for row in rows} == {Verdict.TOO_LITTLE_KNOWN}
    assert len(rows) == 30


def test_nobody_changed_nothing_is_written(db_session: Session, statements: Statements) -> None:
    with transaction():
        actor = actor_for(UserFactory())
        statements.reset()
        household_facts_changed.send(actor, area_id=7171, household_ids=[])
        assert statements.count == 0
