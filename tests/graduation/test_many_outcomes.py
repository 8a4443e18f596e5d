"""Answers of the ministry on a whole batch at once."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy.orm import Session

from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.states import NominationStatus
from casework.households.models import Group, Membership
from casework.ledger.queries import differences
from tests.factories.graduation import (
    MINISTRY_SAYS,
    Cast,
    another_household,
    batch_of,
    cast,
    forward,
    next_stage,
    nominate,
    state_of,
)
from tests.fixtures.statements import Statements

S = NominationStatus


def forwarded(number: int) -> tuple[Cast, list[uuid.UUID]]:
    """So many families of one group, each with a nomination in one batch."""
    people = cast()
    group = db.session.scalars(
        db.select(Group)
        .join(Membership, (Membership.area_id == Group.area_id) & (Membership.group_id == Group.id))
        .where(Membership.household_id == people.household.id)
    ).one()
    nominations = [nominate(people, S.APPROVED)]
    for _ in range(number - 1):
        with transaction():
            household = another_household(group)
        nominations.append(nominate(replace(people, household=household), S.APPROVED))
    forward(people.office, *nominations)
    return people, nominations


def test_answers_on_many_families_take_as_many_statements_as_on_few(
    db_session: Session, statements: Statements
) -> None:
    taken = []
    for number in (2, 6):
        people, nominations = forwarded(number)
        stage = next_stage(people.office)
        half = number // 2
        answers = [
            *(actions.Answer(each, stage) for each in nominations[:half]),
            *(actions.Answer(each, refusal=MINISTRY_SAYS) for each in nominations[half:]),
        ]
        statements.reset()
        with transaction():
            actions.record_outcomes(people.office, batch_of(nominations[0]), answers)
        taken.append(statements.count)
        assert [state_of(each) for each in nominations] == [S.ESTABLISHED] * half + [
            S.REFUSED
        ] * half
        assert differences(people.household.area_id) == []
    assert taken[0] == taken[1]
