"""Whatever happened, in whatever order: what is stored is what the facts say."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.economics import actions as economics
from casework.economics.actions import Business, Seen
from casework.economics.rules import BorrowsFrom, EnterpriseKind, Licence
from casework.households.models import Group, Membership
from casework.meetings.actions.record import record_meeting
from casework.meetings.rules import Mark, Presence, Understanding
from casework.readiness import actions
from casework.readiness.instruments import current
from casework.readiness.models import Readiness
from casework.readiness.queries.recomputing import wrong
from casework.readiness.rules import Verdict
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import HouseholdFactory, group_with
from tests.readiness.records import observe

START = datetime(2025, 2, 3, 3, tzinfo=UTC)


def live(chance: random.Random, actor: Actor, group: Group, families: list[Any]) -> None:
    """One act of a facilitator's day, anything she may do."""
    today = clock.today(actor.time_zone)
    family = chance.choice(families)
    past = today - timedelta(days=chance.choice([0, 0, 1, 9, 40]))
    act = chance.choice(["meet", "meet", "observe", "trade", "answer"])
    if act == "meet":
        marks = {}
        for each in families:
            presence = chance.choice([Presence.PRESENT, Presence.PRESENT, Presence.ABSENT])
            grasp = chance.choice([None, *Understanding])
            marks[each] = (
                Mark(presence, grasp)
                if presence is Presence.PRESENT
                else Mark(presence, Understanding.NOT_ASSESSABLE)
            )
        record_meeting(actor, group.id, held_on=today, lessons=[chance.randint(1, 8)], marks=marks)
    elif act == "observe":
        economics.record_observation(
            actor,
            family,
            Seen(
                observed_on=past,
                keeps_budget=chance.choice([True, False, None]),
                saves_per_month=chance.choice([0, 50_000, None]),
                savings_total=chance.choice([1_000_000, 9_000_000, None]),
                uses_bank_account=chance.choice([True, False, None]),
                borrows_from=chance.choice([*BorrowsFrom, None]),
                income_per_month=chance.choice([1_000_000, 5_000_000]),
            ),
            observation_id=new_id(),
        )
    elif act == "trade":
        enterprise_id = new_id()
        business = Business(
            chance.choice(list(EnterpriseKind)),
            past - timedelta(days=chance.randint(1, 900)),
            licences=frozenset(chance.sample(list(Licence), 2)),
        )
        economics.record_enterprise(actor, family, business, enterprise_id=enterprise_id)
        if chance.random() < 0.5:
            economics.change_enterprise(
                actor,
                family,
                enterprise_id,
                Business(business.kind, business.since_on, ended_on=today),
            )
    else:
        answers = {each.id: chance.random() < 0.7 for each in current().questions}
        actions.answer(actor, family, answered_on=past, answers=answers)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_history_leaves_right_verdicts(
    db_session: Session, run_command: Callable[..., Any], seed: int
) -> None:
    chance = random.Random(seed)
    with transaction():
        facilitator = UserFactory()
        actor = actor_for(facilitator)
        group = group_with(facilitator, households=4)
        families = list(
            db_session.scalars(
                select(Membership.household_id).where(Membership.group_id == group.id)
            )
        )
    for step in range(30):
        with clock.at(START + timedelta(days=step * 14)), transaction():
            live(chance, actor, group, families)
    assert wrong(group.area_id, families) == []
    verdicts = set(db_session.scalars(select(Readiness.verdict)))
    assert verdicts <= set(Verdict)
    db_session.rollback()
    assert run_command("readiness", "recompute", "--check").exit_code == 0

    renewed = run_command("readiness", "recompute", "--area", "71.71")
    assert renewed.exit_code == 0, renewed.output
    assert "4 households computed" in renewed.output
    assert run_command("readiness", "recompute", "--check").exit_code == 0


def a_family_with_a_fact(db_session: Session) -> tuple[int, Any]:
    with transaction():
        actor = actor_for(UserFactory())
        household = HouseholdFactory()
        observe(household, date(2026, 1, 5), income_per_month=4_000_000)
        actions.refresh(actor, household.area_id, [household.id])
    return household.area_id, household.id


def test_a_stored_row_that_was_tampered_with_is_named(
    db_session: Session, run_command: Callable[..., Any]
) -> None:
    _area, household_id = a_family_with_a_fact(db_session)
    with transaction():
        db_session.execute(update(Readiness).values(score=99))
    found = run_command("readiness", "recompute", "--check")
    assert found.exit_code == 1
    assert str(household_id) in found.output
    assert run_command("readiness", "recompute").exit_code == 0
    assert run_command("readiness", "recompute", "--check").exit_code == 0


def test_a_row_that_is_missing_is_wrong_once_something_is_recorded(
    db_session: Session, run_command: Callable[..., Any]
) -> None:
    a_family_with_a_fact(db_session)
    with transaction():
        HouseholdFactory()
        db_session.execute(delete(Readiness))
    found = run_command("readiness", "recompute", "--check")
    assert found.exit_code == 1
    assert "1 of 2" in found.output


def test_checking_changes_nothing_and_renewing_leaves_a_trace(
    db_session: Session, run_command: Callable[..., Any]
) -> None:
    a_family_with_a_fact(db_session)
    with transaction():
        db_session.execute(update(Readiness).values(score=99))
    run_command("readiness", "recompute", "--check")
    assert db_session.scalars(select(Readiness.score)).one() == 99
    run_command("readiness", "recompute")
    db_session.rollback()
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.READINESS_RECOMPUTED.value)
    ).one()
    assert entry.data["changed"] == 1


def test_a_place_that_is_no_regency_is_refused(
    db_session: Session, run_command: Callable[..., Any]
) -> None:
    found = run_command("readiness", "recompute", "--area", "99.99")
    assert found.exit_code == 2
    assert "99.99" in found.output
