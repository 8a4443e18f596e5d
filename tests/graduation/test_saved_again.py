"""What is saved again as it stands leaves no second line, so that nothing buries the trail."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.clock import today
from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import NominationHand
from casework.graduation.queries.case import load
from casework.graduation.states import ConsentGiven, HandIn, NominationStatus
from tests.factories.accounts import actor_for
from tests.factories.graduation import NOTE, Cast, cast, nominate
from tests.graduation.test_four_eyes import hand_over

S = NominationStatus
Save = Callable[[Actor, uuid.UUID], None]


def note(text: str = NOTE) -> Save:
    return lambda actor, nomination_id: actions.write_note(actor, nomination_id, text)


def statement(
    days_ago: int = 0, given: ConsentGiven = ConsentGiven.SIGNATURE, asked_by: str = "Ibu Rina"
) -> Save:
    def save(actor: Actor, nomination_id: uuid.UUID) -> None:
        on = today(actor.time_zone) - timedelta(days=days_ago)
        actions.record_consent(actor, nomination_id, on=on, given=given, asked_by=asked_by)

    return save


#: What is saved, the same as it may come again, what differs, and what the trail calls it.
FORMS = {
    "note": (note(), note(f"  {NOTE}\n"), [note(f"{NOTE} Sudah diperiksa.")], Tag.NOMINATION_NOTED),
    "statement": (
        statement(),
        statement(asked_by=" Ibu  Rina "),
        [statement(1), statement(1, ConsentGiven.THUMBPRINT), statement(asked_by="Pak Budi")],
        Tag.NOMINATION_CONSENT_RECORDED,
    ),
}


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast()


def lines(tag: Tag) -> list[uuid.UUID | None]:
    """Who left one."""
    db.session.rollback()
    found = select(AuditEntry.actor_id).where(AuditEntry.tag == tag.value)
    return list(db.session.scalars(found.order_by(AuditEntry.at, AuditEntry.id)))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [S.DRAFT, S.RETURNED])
def test_the_same_once_more_changes_nothing_and_leaves_no_line(
    people: Cast, form: str, status: S
) -> None:
    save, same, others, tag = FORMS[form]
    nomination_id = nominate(people, status)
    with transaction():
        save(people.hers, nomination_id)
    before, stood = lines(tag), load(people.hers, nomination_id).nomination
    version, changed = stood.version, stood.updated_at
    for again in (save, same, save):
        with transaction():
            again(people.hers, nomination_id)
    stands = load(people.hers, nomination_id).nomination
    assert (lines(tag), stands.version, stands.updated_at) == (before, version, changed)
    for number, other in enumerate(others, start=1):
        with transaction():
            other(people.hers, nomination_id)
        assert len(lines(tag)) == len(before) + number


@pytest.mark.parametrize(
    ("form", "hand_in"), [("note", HandIn.NOTE), ("statement", HandIn.STATEMENT)]
)
def test_who_saves_the_words_of_another_answers_for_them_once(
    people: Cast, form: str, hand_in: HandIn
) -> None:
    save, same, _others, tag = FORMS[form]
    nomination_id = nominate(people, S.DRAFT)
    with transaction():
        save(people.hers, nomination_id)
    other = actor_for(hand_over(people))
    for again in (same, save, same):
        with transaction():
            again(other, nomination_id)
    assert lines(tag) == [people.hers.user_id, other.user_id]
    hands = select(NominationHand.user_id).where(NominationHand.hand_in == hand_in)
    assert set(db.session.scalars(hands)) == {people.hers.user_id, other.user_id}
