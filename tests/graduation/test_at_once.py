"""However many people press at once, each step is taken once."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.core.db import db
from casework.core.errors import Conflict
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.actions import evidence
from casework.graduation.actions.steps import take
from casework.graduation.models import Evidence, Nomination, NominationEvent
from casework.graduation.policy import AlreadyNominated
from casework.graduation.queries.case import load
from casework.graduation.states import DECISIONS, NominationStatus, Step
from casework.households.models import Household
from casework.households.rules import HouseholdStatus
from casework.ledger.models import LedgerEntry, Tally
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.graduation import (
    FAMILY_SAYS,
    REASON,
    add,
    cast,
    complete,
    decide,
    nominate,
    open_all,
    state_of,
)
from tests.simultaneous import at_once

S = NominationStatus


def count(model: type, nomination_id: uuid.UUID) -> int:
    db.session.rollback()
    return (
        db.session.scalar(
            select(func.count()).select_from(model).filter_by(nomination_id=nomination_id)
        )
        or 0
    )


def test_of_fifty_decisions_one_is_made_and_counted_once(app: Flask, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    with transaction():
        colleague = UserFactory(supervisor=True, name="Ibu Rina")
    supervisors = [people.theirs, actor_for(colleague)]
    for each in supervisors:
        open_all(each, nomination_id)
    version = load(people.theirs, nomination_id).nomination.version

    def press(number: int) -> Callable[[], object]:
        return lambda: actions.decide(
            supervisors[number % 2],
            nomination_id,
            actions.Decision(DECISIONS[number % 3], REASON, version),
        )

    answers = at_once(app, [press(number) for number in range(50)])
    won = [answer for answer in answers if isinstance(answer, NominationStatus)]
    lost = [answer for answer in answers if not isinstance(answer, NominationStatus)]
    assert len(won) == 1
    assert {type(answer) for answer in lost} == {Conflict}
    assert all("Sudah diputuskan oleh" in str(answer) for answer in lost)
    approved = won[0] is S.APPROVED
    assert state_of(nomination_id) is won[0]
    assert count(NominationEvent, nomination_id) == 3
    assert count(LedgerEntry, nomination_id) == (1 if approved else 0)
    assert (db.session.scalar(select(func.sum(Tally.counted))) or 0) == (1 if approved else 0)


def test_of_fifty_approvals_one_is_counted(app: Flask, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    household_id = people.household.id
    actor = people.theirs
    open_all(actor, nomination_id)
    version = load(actor, nomination_id).nomination.version
    answers = at_once(
        app,
        [
            lambda: actions.decide(
                actor,
                nomination_id,
                actions.Decision(Step.APPROVE, REASON, version),
            )
        ]
        * 50,
    )
    assert answers.count(S.APPROVED) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 49
    assert count(LedgerEntry, nomination_id) == 1
    assert db.session.scalar(select(func.sum(Tally.counted))) == 1
    status = db.session.scalar(select(Household.status).where(Household.id == household_id))
    assert status is HouseholdStatus.APPROVED


def test_who_looked_before_somebody_else_decided_writes_nothing(db_session: Session) -> None:
    """The look and the write of one decision, with another one in between."""
    people = cast()
    nomination_id = nominate(people)
    stale = load(people.theirs, nomination_id)
    db.session.expunge_all()
    with transaction():
        colleague = UserFactory(supervisor=True, name="Ibu Rina")
    decide(actor_for(colleague), nomination_id, Step.RETURN)
    with pytest.raises(Conflict, match="Ibu Rina pukul .*: Dikembalikan") as lost, transaction():
        take(people.theirs, stale, Step.APPROVE, REASON)
    assert lost.value.status == 409
    assert state_of(nomination_id) is S.RETURNED
    assert count(NominationEvent, nomination_id) == 3


def test_a_page_from_before_it_was_returned_and_sent_again_decides_nothing(
    db_session: Session,
) -> None:
    people = cast()
    nomination_id = nominate(people)
    seen = load(people.theirs, nomination_id).nomination.version
    decide(people.theirs, nomination_id, Step.RETURN)
    add(people.hers, nomination_id, shade=9)
    with transaction():
        actions.submit(people.hers, nomination_id)
    open_all(people.theirs, nomination_id)
    with pytest.raises(Conflict, match="berubah"), transaction():
        actions.decide(
            people.theirs,
            nomination_id,
            actions.Decision(Step.APPROVE, REASON, seen),
        )
    assert state_of(nomination_id) is S.SUBMITTED


def test_a_withdrawal_and_an_approval_never_both_count(app: Flask, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    hers, theirs = people.hers, people.theirs
    open_all(theirs, nomination_id)
    version = load(theirs, nomination_id).nomination.version
    answers = at_once(
        app,
        [
            lambda: actions.withdraw(hers, nomination_id, reason=FAMILY_SAYS),
            lambda: actions.decide(
                theirs,
                nomination_id,
                actions.Decision(Step.APPROVE, REASON, version),
            ),
        ],
    )
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(refused) <= 1
    assert all(isinstance(answer, Conflict) for answer in refused)
    counted = db.session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount), 0)))
    assert counted == (1 if state_of(nomination_id) is S.APPROVED else 0)
    assert (db.session.scalar(select(func.sum(Tally.counted))) or 0) == counted


def test_of_twenty_drafts_one_is_made(app: Flask, db_session: Session) -> None:
    people = cast()
    actor, household_id = people.hers, people.household.id
    answers = at_once(app, [lambda: actions.draft(actor, household_id)] * 20)
    (made,) = [answer for answer in answers if isinstance(answer, uuid.UUID)]
    others = [answer for answer in answers if answer != made]
    assert {type(answer) for answer in others} == {AlreadyNominated}
    assert db.session.scalar(select(func.count()).select_from(Nomination)) == 1


def test_evidence_does_not_change_after_the_nomination_was_sent(
    app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She had looked before it was sent, and acts after."""
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    stale = load(people.hers, nomination_id)
    db.session.expunge_all()
    with transaction():
        actions.submit(people.hers, nomination_id)
    monkeypatch.setattr(evidence, "load", lambda *_who: stale)
    with pytest.raises(Conflict):
        add(people.hers, nomination_id, shade=9)
    with pytest.raises(Conflict), transaction():
        actions.remove_evidence(people.hers, nomination_id, stale.evidence[0].id)
    left = select(func.count()).select_from(Evidence).where(Evidence.removed_at.is_(None))
    assert db.session.scalar(left) == 3
