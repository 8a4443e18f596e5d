"""Nobody decides on what they made, sent or documented, whatever path leads there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.models import User
from casework.core.clock import now, today
from casework.core.db import db
from casework.core.errors import Refused
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.economics import actions as economics
from casework.economics.rules import EnterpriseKind
from casework.graduation import actions
from casework.graduation.models import Nomination
from casework.graduation.queries.case import load
from casework.graduation.states import DECISIONS, EvidenceKind, NominationStatus, Step
from casework.households.actions.entry_year import record_entry_year
from casework.households.models import Assignment
from casework.readiness import actions as readiness
from casework.readiness.instruments import current
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.graduation import (
    NOTE,
    REASON,
    Cast,
    add,
    cast,
    complete,
    decide,
    nominate,
    observe,
    open_all,
    state,
    state_of,
)
from tests.factories.places import MANADO

S = NominationStatus


def promote(user_id: uuid.UUID) -> None:
    """The facilitator becomes the regency's supervisor."""
    with transaction() as session:
        user = session.get_one(User, user_id)
        user.role, user.region_code, user.role_since = Role.SUPERVISOR, MANADO, now()


def hand_over(people: Cast) -> User:
    """Another facilitator looks after the group from now on."""
    with transaction() as session:
        other: User = UserFactory()
        session.execute(
            update(Assignment)
            .where(Assignment.facilitator_id == people.facilitator.id)
            .values(facilitator_id=other.id)
        )
        return other


def made_it(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    """The nominator; everything else was done by the one who came after."""
    nomination_id = nominate(people, S.DRAFT)
    other = actor_for(hand_over(people))
    complete(other, nomination_id)
    with transaction():
        actions.submit(other, nomination_id)
    return people.facilitator.id, nomination_id


def sent_it(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    other = hand_over(people)
    with transaction():
        actions.submit(actor_for(other), nomination_id)
    return other.id, nomination_id


def sent_it_once(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    """It was returned, and a third one sent it again: the columns know only the latest."""
    sender, nomination_id = sent_it(people)
    decide(people.theirs, nomination_id, Step.RETURN)
    third = hand_over(replace(people, facilitator=_user(sender)))
    with transaction():
        actions.submit(actor_for(third), nomination_id)
    return sender, nomination_id


def documented_it(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    other = hand_over(people)
    add(actor_for(other), nomination_id, EvidenceKind.HOUSE_OR_BUSINESS_PHOTO, shade=7)
    third = hand_over(replace(people, facilitator=other))
    with transaction():
        actions.submit(actor_for(third), nomination_id)
    return other.id, nomination_id


def documented_it_once(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    """What was taken out again was still recorded by somebody."""
    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    other = hand_over(people)
    extra = add(actor_for(other), nomination_id, EvidenceKind.SIGNING_PHOTO, shade=8)
    with transaction():
        actions.remove_evidence(actor_for(other), nomination_id, extra)
    third = hand_over(replace(people, facilitator=other))
    with transaction():
        actions.submit(actor_for(third), nomination_id)
    return other.id, nomination_id


def asked_the_family(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    """Only the statement was recorded by another; the rest by who had the group before."""
    return _one_act_of_another(people, state)


def gave_the_reasons(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    return _one_act_of_another(
        people, lambda actor, nomination_id: actions.write_note(actor, nomination_id, NOTE)
    )


def asked_the_family_first(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    """The statement was written anew since: the row tells only of the latest."""
    other, nomination_id = asked_the_family(people)
    return other, _all_anew(people, other, nomination_id)


def gave_the_first_reasons(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    other, nomination_id = gave_the_reasons(people)
    return other, _all_anew(people, other, nomination_id)


def took_a_file_out(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    """What is missing says as much about a family as what is there."""

    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    other = hand_over(people)
    first = load(actor_for(other), nomination_id).evidence[0]
    with transaction():
        actions.remove_evidence(actor_for(other), nomination_id, first.id)
    third = actor_for(hand_over(replace(people, facilitator=other)))
    add(third, nomination_id, first.kind, shade=9)
    with transaction():
        actions.submit(third, nomination_id)
    return other.id, nomination_id


def write_when_it_joined(actor: Actor, household_id: uuid.UUID) -> None:
    record_entry_year(actor, household_id, 2019)


def observed_the_family(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    return _recorded_before(people, observe)


def wrote_when_it_joined(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    return _recorded_before(people, write_when_it_joined)


def recorded_the_business(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    return _recorded_before(people, record_business)


def corrected_the_business(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    """The row names who recorded it first."""
    enterprise_id = new_id()
    with transaction():
        record_business(people.hers, people.household.id, enterprise_id)

    def act(actor: Actor, household_id: uuid.UUID) -> None:
        larger = replace(WARUNG, turnover_per_month=4_000_000)
        economics.change_enterprise(actor, household_id, enterprise_id, larger)

    return _recorded_before(people, act)


def answered_the_questions(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    return _recorded_before(people, answer)


def answered_while_it_was_returned(people: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    nomination_id = nominate(people, S.RETURNED)
    other = hand_over(people)
    with transaction():
        answer(actor_for(other), people.household.id)
    third = hand_over(replace(people, facilitator=other))
    with transaction():
        actions.submit(actor_for(third), nomination_id)
    return other.id, nomination_id


WARUNG = economics.Business(EnterpriseKind.FOOD_STALL, since_on=date(2025, 3, 1))


def record_business(
    actor: Actor, household_id: uuid.UUID, enterprise_id: uuid.UUID | None = None
) -> None:
    economics.record_enterprise(
        actor, household_id, WARUNG, enterprise_id=enterprise_id or new_id()
    )


def answer(actor: Actor, household_id: uuid.UUID) -> None:
    first = current().questions[0].id
    readiness.answer(actor, household_id, answered_on=today(actor.time_zone), answers={first: True})


def _recorded_before(
    people: Cast, act: Callable[[Actor, uuid.UUID], None]
) -> tuple[uuid.UUID, uuid.UUID]:
    """By another, who had the group before there was a nomination."""
    other = hand_over(people)
    with transaction():
        act(actor_for(other), people.household.id)
    third = hand_over(replace(people, facilitator=other))
    return other.id, nominate(replace(people, facilitator=third))


def _all_anew(people: Cast, other: uuid.UUID, nomination_id: uuid.UUID) -> uuid.UUID:
    """Returned, written anew and sent by a fourth one."""
    decide(people.theirs, nomination_id, Step.RETURN)
    third = db.session.scalars(select(Assignment.facilitator_id)).one()
    fourth = actor_for(hand_over(replace(people, facilitator=_user(third))))
    with transaction():
        state(fourth, nomination_id)
        actions.write_note(fourth, nomination_id, f"{NOTE} Sudah diperiksa lagi.")
        actions.submit(fourth, nomination_id)
    return nomination_id


def _one_act_of_another(
    people: Cast, act: Callable[[Actor, uuid.UUID], None]
) -> tuple[uuid.UUID, uuid.UUID]:
    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    other = hand_over(people)
    with transaction():
        act(actor_for(other), nomination_id)
    third = hand_over(replace(people, facilitator=other))
    with transaction():
        actions.submit(actor_for(third), nomination_id)
    return other.id, nomination_id


def _user(user_id: uuid.UUID) -> User:
    return db.session.get_one(User, user_id)


Path = Callable[[Cast], tuple[uuid.UUID, uuid.UUID]]
PATHS: list[Path] = [
    made_it,
    sent_it,
    sent_it_once,
    documented_it,
    documented_it_once,
    asked_the_family,
    gave_the_reasons,
    asked_the_family_first,
    gave_the_first_reasons,
    took_a_file_out,
    observed_the_family,
    wrote_when_it_joined,
    recorded_the_business,
    corrected_the_business,
    answered_the_questions,
    answered_while_it_was_returned,
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_who_had_a_hand_in_it_never_decides_even_as_a_supervisor(
    db_session: Session, path: Path
) -> None:
    user_id, nomination_id = path(cast())
    promote(user_id)
    actor = actor_for(_user(user_id))
    open_all(actor, nomination_id)
    version = load(actor, nomination_id).nomination.version
    for step in DECISIONS:
        with pytest.raises(Refused, match="sendiri"), transaction():
            actions.decide(actor, nomination_id, actions.Decision(step, REASON, version))
    assert state_of(nomination_id) is S.SUBMITTED


@pytest.mark.parametrize("act", [observe, record_business, answer], ids=lambda act: act.__name__)
def test_what_is_recorded_after_it_was_sent_is_no_hand_in_it(
    db_session: Session, act: Callable[[Actor, uuid.UUID], None]
) -> None:
    """The decision is on the readiness that was sent; looking at evidence is no hand either."""
    people = cast()
    nomination_id = nominate(people)
    other = hand_over(people)
    with transaction():
        act(actor_for(other), people.household.id)
    open_all(actor_for(other), nomination_id)
    promote(other.id)
    decide(actor_for(_user(other.id)), nomination_id, Step.APPROVE)
    assert state_of(nomination_id) is S.APPROVED


def test_a_hand_in_one_nomination_is_none_in_another(db_session: Session) -> None:
    first, second = cast(), cast()
    nominate(first, S.WITHDRAWN)
    nomination_id = nominate(second)
    promote(first.facilitator.id)
    decide(actor_for(_user(first.facilitator.id)), nomination_id, Step.RETURN)
    assert state_of(nomination_id) is S.RETURNED


def test_a_direct_post_by_the_nominator_is_refused_in_words(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    user_id, nomination_id = made_it(cast())
    promote(user_id)
    actor = sign_in(client, _user(user_id))
    open_all(actor, nomination_id)
    version = load(actor, nomination_id).nomination.version
    page = client.get(f"/nominations/{nomination_id}").text
    assert "Usulan ini Anda buat sendiri. Harus diputuskan Supervisor lain." in page
    assert 'name="step"' not in page
    answer = client.post(
        f"/nominations/{nomination_id}/decide",
        data={"step": "approve", "reason": REASON, "version": version, "confirmed": "yes"},
    )
    assert answer.status_code == 403
    assert "Usulan ini Anda buat sendiri." in answer.text
    assert state_of(nomination_id) is S.SUBMITTED


@pytest.mark.parametrize("column", ["nominated_by", "submitted_by"])
def test_the_database_itself_refuses_a_decision_by_the_author(
    db_session: Session, column: str
) -> None:
    user_id, nomination_id = (made_it if column == "nominated_by" else sent_it)(cast())
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(
            update(Nomination)
            .where(Nomination.id == nomination_id)
            .values(decided_by=user_id, decided_at=now(), decision_reason=REASON)
        )


def test_a_facilitator_who_was_a_supervisor_decides_nothing(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    with pytest.raises(Refused):
        decide(people.hers, nomination_id, Step.APPROVE)
    assert state_of(nomination_id) is S.SUBMITTED


def test_nothing_is_decided_before_all_evidence_was_opened_by_this_supervisor(
    db_session: Session,
) -> None:
    people = cast()
    nomination_id = nominate(people)
    with transaction():
        colleague = UserFactory(supervisor=True)
    open_all(actor_for(colleague), nomination_id)
    files = load(people.theirs, nomination_id).evidence
    version = load(people.theirs, nomination_id).nomination.version
    for left in range(len(files), 0, -1):
        with pytest.raises(Refused, match=f"{left} belum dibuka"), transaction():
            actions.decide(
                people.theirs,
                nomination_id,
                actions.Decision(Step.RETURN, REASON, version),
            )
        with transaction():
            actions.open_evidence(people.theirs, nomination_id, files[-left].id)
    with transaction():
        actions.decide(
            people.theirs,
            nomination_id,
            actions.Decision(Step.RETURN, REASON, version),
        )
    assert state_of(nomination_id) is S.RETURNED
