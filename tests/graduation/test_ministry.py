"""Batches to the ministry, what it answers, and reversal."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, NotFound, Refused
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.counts.queries import proof
from casework.graduation import actions
from casework.graduation.actions import Answer
from casework.graduation.models import BatchEntry, MinistryBatch, Nomination, NominationEvent
from casework.graduation.queries.case import load
from casework.graduation.states import NominationStatus, Step, WhyNot
from casework.households.models import Household
from casework.households.rules import HouseholdStatus
from casework.ledger.models import LedgerEntry, Tally
from casework.ledger.queries import differences
from casework.ledger.rules import CountedState, ExitKind, states_of
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.graduation import (
    FAMILY_SAYS,
    MINISTRY_SAYS,
    MISTAKEN,
    Cast,
    answer,
    batch_of,
    cast,
    decide,
    forward,
    next_stage,
    nominate,
    state_of,
)
from tests.factories.places import BITUNG, BUNAKEN, MANADO, NORTH_SULAWESI
from tests.fingerprint import nothing_changes
from tests.graduation.conftest import MORNING
from tests.simultaneous import at_once

S = NominationStatus
#: A morning in Manado (WITA), in the fourth stage of its year.


def household_status(people: Cast) -> HouseholdStatus | None:
    db.session.rollback()
    return db.session.scalar(
        select(Household.status).where(
            Household.area_id == people.household.area_id, Household.id == people.household.id
        )
    )


def counted() -> dict[CountedState, int]:
    """By the tally, and by the ledger: both must say the same."""
    db.session.rollback()
    tally = dict(
        db.session.execute(select(Tally.state, func.sum(Tally.counted)).group_by(Tally.state)).all()
    )
    ledger = dict(
        db.session.execute(
            select(LedgerEntry.state, func.sum(LedgerEntry.amount)).group_by(LedgerEntry.state)
        ).all()
    )
    assert tally == ledger
    return {state: int(number) for state, number in tally.items() if number}


def assert_proven(people: Cast) -> None:
    area_id = people.household.area_id
    assert proof.uncounted_decisions(area_id) == []
    assert differences(area_id) == []


def events(nomination_id: uuid.UUID) -> list[NominationEvent]:
    return list(
        db.session.scalars(
            select(NominationEvent)
            .where(NominationEvent.nomination_id == nomination_id)
            .order_by(NominationEvent.version)
        )
    )


# The batch


def test_approved_ones_are_gathered_under_one_letter_in_the_order_given(
    db_session: Session,
) -> None:
    first, second = cast(), cast()
    ids = [nominate(each, S.APPROVED) for each in (first, second)]
    batch_id = forward(first.office, ids[1], ids[0])
    rows = db.session.execute(
        select(BatchEntry.nomination_id, BatchEntry.position).order_by(BatchEntry.position)
    ).all()
    assert [tuple(row) for row in rows] == [(ids[1], 1), (ids[0], 2)]
    batch = db.session.scalars(select(MinistryBatch)).one()
    assert (batch.number, batch.letter_number) == (1, "460/123/PKH")
    assert batch.year == clock.today("Asia/Makassar").year
    for nomination_id in ids:
        assert state_of(nomination_id) is S.FORWARDED
        assert [e.to_status for e in events(nomination_id)][-2:] == [S.APPROVED, S.FORWARDED]
        assert (
            load(first.office, nomination_id).nomination.version
            == events(nomination_id)[-1].version
        )
    lines = db.session.scalars(
        select(AuditEntry.tag).where(AuditEntry.subject_id.in_([str(batch_id), *map(str, ids)]))
    ).all()
    assert lines.count(Tag.NOMINATION_FORWARDED) == 2
    assert lines.count(Tag.BATCH_MADE) == 1
    assert counted() == {CountedState.APPROVED: 2}
    assert household_status(first) is HouseholdStatus.APPROVED
    assert_proven(first)


def test_batches_are_numbered_in_each_regency_and_year_of_the_letter(db_session: Session) -> None:
    numbers = []
    for letter_on in (date(2025, 12, 30), date(2026, 1, 5), date(2026, 1, 6)):
        people = cast()
        nomination_id = nominate(people, S.APPROVED)
        with clock.at(MORNING), transaction():
            actions.make_batch(
                people.office,
                people.household.area_id,
                [nomination_id],
                batch_id=new_id(),
                letter_number="460/1",
                letter_on=letter_on,
            )
        row = db.session.scalars(select(MinistryBatch).order_by(MinistryBatch.id.desc())).first()
        assert row is not None
        numbers.append((row.number, row.year))
    assert numbers == [(1, 2025), (1, 2026), (2, 2026)]


def test_the_same_form_sent_twice_makes_one_batch(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.APPROVED)
    batch_id = new_id()
    for _time in range(2):
        with transaction():
            made = actions.make_batch(
                people.office,
                people.household.area_id,
                [nomination_id],
                batch_id=batch_id,
                letter_number="460/1",
                letter_on=clock.today("Asia/Makassar"),
            )
        assert made == batch_id
    assert db.session.scalar(select(func.count()).select_from(MinistryBatch)) == 1
    assert len(events(nomination_id)) == 4


@pytest.mark.parametrize("status", [status for status in S if status is not S.APPROVED])
def test_one_that_is_not_approved_keeps_the_whole_batch_back_and_is_named(
    db_session: Session, status: S
) -> None:
    fine = cast()
    ready = nominate(fine, S.APPROVED)
    wrong = nominate(cast(caretaker_name="IBU CONTOH"), status)
    db.session.rollback()
    with nothing_changes():
        with pytest.raises(Conflict, match="IBU CONTOH: "):
            forward(fine.office, ready, wrong)
        assert state_of(ready) is S.APPROVED
        assert state_of(wrong) is status


def test_a_family_that_left_otherwise_is_not_forwarded(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.APPROVED)
    with transaction() as session:
        session.get_one(
            Household, (people.household.area_id, people.household.id)
        ).status = HouseholdStatus.EXITED
    with pytest.raises(Conflict, match=people.household.caretaker_name):
        forward(people.office, nomination_id)
    assert state_of(nomination_id) is S.APPROVED


@pytest.mark.parametrize(
    ("letter", "on", "field"),
    [
        ("  ", date(2026, 11, 12), "letter_number"),
        ("x" * 81, date(2026, 11, 12), "letter_number"),
        ("460/1", date(2026, 11, 13), "letter_on"),
        ("460/1", date(2016, 11, 12), "letter_on"),
    ],
)
def test_a_letter_has_a_number_and_a_likely_date(
    db_session: Session, letter: str, on: date, field: str
) -> None:
    people = cast()
    nomination_id = nominate(people, S.APPROVED)
    with clock.at(MORNING), pytest.raises(Invalid) as refused, transaction():
        actions.make_batch(
            people.office,
            people.household.area_id,
            [nomination_id],
            batch_id=new_id(),
            letter_number=letter,
            letter_on=on,
        )
    assert list(refused.value.fields) == [field]
    assert state_of(nomination_id) is S.APPROVED


def test_in_another_regency_neither_nomination_nor_batch_exists(db_session: Session) -> None:
    people = cast()
    waiting, sent = nominate(people, S.APPROVED), nominate(cast(), S.FORWARDED)
    with transaction():
        stranger = actor_for(UserFactory(administrator=True, region=BITUNG))
    with pytest.raises(NotFound):
        forward(stranger, waiting)
    with pytest.raises(NotFound):
        answer(stranger, sent)
    with pytest.raises(NotFound), transaction():
        actions.reverse(stranger, sent, reason=MISTAKEN)
    assert (state_of(waiting), state_of(sent)) == (S.APPROVED, S.FORWARDED)


def test_the_province_may_and_a_district_may_not(db_session: Session) -> None:
    one, two = nominate(cast(), S.APPROVED), nominate(cast(), S.APPROVED)
    with transaction():
        province = actor_for(UserFactory(administrator=True, region=NORTH_SULAWESI))
        district = actor_for(UserFactory(administrator=True, region=BUNAKEN))
    forward(province, one)
    assert state_of(one) is S.FORWARDED
    with pytest.raises(Refused):
        forward(district, two)
    with pytest.raises(Refused):
        answer(district, one)
    assert (state_of(one), state_of(two)) == (S.FORWARDED, S.APPROVED)


# What comes back


def test_only_what_is_established_graduates_and_is_counted_so_on_the_day(
    db_session: Session,
) -> None:
    people = cast()
    nomination_id = nominate(people, S.FORWARDED)
    # 16.30 UTC is the next year's first half hour in Manado.
    with clock.at(datetime(2027, 12, 31, 16, 30, tzinfo=UTC)):
        assert answer(people.office, nomination_id, stage="2028-2") == 1
    assert state_of(nomination_id) is S.ESTABLISHED
    assert household_status(people) is HouseholdStatus.GRADUATED
    entry = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.state == CountedState.ESTABLISHED)
    ).one()
    assert (entry.year, entry.counted_on, entry.amount) == (2028, date(2028, 1, 1), 1)
    assert counted() == {CountedState.APPROVED: 1, CountedState.ESTABLISHED: 1}
    line = db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.NOMINATION_ESTABLISHED.value)
    ).one()
    assert line.data["stage"] == "2028-2"
    assert_proven(people)


def test_a_refusal_takes_the_count_back_and_the_family_may_be_nominated_again(
    db_session: Session,
) -> None:
    people = cast()
    nomination_id = nominate(people, S.FORWARDED)
    answer(people.office, nomination_id, refusal=MINISTRY_SAYS)
    assert state_of(nomination_id) is S.REFUSED
    assert events(nomination_id)[-1].reason == MINISTRY_SAYS
    assert household_status(people) is HouseholdStatus.ACTIVE
    assert counted() == {}
    assert_proven(people)
    assert state_of(nominate(people)) is S.SUBMITTED


def test_a_refusal_needs_the_ministrys_reason(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.FORWARDED)
    with pytest.raises(Invalid) as refused:
        answer(people.office, nomination_id, refusal="  ")
    assert list(refused.value.fields) == ["reason"]


@pytest.mark.parametrize(
    ("stage", "is_possible"),
    [
        ("2026-3", False),  # before the supervisor approved
        ("2026-4", True),
        ("2027-1", True),
        ("2027-4", True),
        ("2028-1", False),
        ("2027-5", False),
        ("27-1", False),
        ("", False),
    ],
)
def test_it_takes_effect_between_the_approval_and_a_year_from_now(
    db_session: Session, stage: str, is_possible: bool
) -> None:
    people = cast()
    with clock.at(MORNING):
        nomination_id = nominate(people, S.FORWARDED)
        if is_possible:
            assert answer(people.office, nomination_id, stage=stage) == 1
        else:
            with pytest.raises(Invalid) as refused, transaction():
                actions.record_outcomes(
                    people.office, batch_of(nomination_id), [Answer(nomination_id, stage)]
                )
            assert list(refused.value.fields) == ["stage"]
    assert state_of(nomination_id) is (S.ESTABLISHED if is_possible else S.FORWARDED)


@pytest.mark.parametrize("says", [{"stage": "2027-1"}, {"refusal": MINISTRY_SAYS}])
def test_an_answer_given_twice_changes_nothing(db_session: Session, says: dict[str, str]) -> None:
    people = cast()
    with clock.at(MORNING):
        nomination_id = nominate(people, S.FORWARDED)
        assert answer(people.office, nomination_id, **says) == 1
        steps, sums = len(events(nomination_id)), counted()
        lines = db.session.scalar(select(func.count()).select_from(AuditEntry))
        assert answer(people.other_office, nomination_id, **says) == 0
    assert (len(events(nomination_id)), counted()) == (steps, sums)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == lines


def test_another_answer_is_told_who_recorded_the_first(db_session: Session) -> None:
    people = cast(caretaker_name="IBU CONTOH")
    with clock.at(MORNING):
        nomination_id = nominate(people, S.FORWARDED)
        answer(people.office, nomination_id, stage="2027-1")
        with pytest.raises(Conflict) as lost:
            answer(people.other_office, nomination_id, refusal=MINISTRY_SAYS)
    assert people.administrator.name in str(lost.value)
    assert "IBU CONTOH" in str(lost.value)
    assert state_of(nomination_id) is S.ESTABLISHED


def test_one_that_cannot_be_recorded_keeps_all_back(db_session: Session) -> None:
    first, second = cast(), cast(caretaker_name="IBU CONTOH")
    ids = [nominate(each, S.APPROVED) for each in (first, second)]
    batch_id = forward(first.office, *ids)
    with transaction():
        actions.withdraw(second.hers, ids[1], reason=FAMILY_SAYS)
    with clock.at(MORNING), pytest.raises(Conflict, match="IBU CONTOH"), transaction():
        actions.record_outcomes(
            first.office, batch_id, [Answer(each, refusal=MINISTRY_SAYS) for each in ids]
        )
    assert (state_of(ids[0]), state_of(ids[1])) == (S.FORWARDED, S.WITHDRAWN)


def test_an_answer_on_a_nomination_of_another_batch_does_not_exist(db_session: Session) -> None:
    one, two = nominate(cast(), S.FORWARDED), nominate(cast(), S.FORWARDED)
    people = cast()
    with pytest.raises(NotFound), transaction():
        actions.record_outcomes(people.office, batch_of(one), [Answer(two, refusal=MINISTRY_SAYS)])
    assert state_of(two) is S.FORWARDED


def test_the_family_withdraws_while_the_ministry_has_it(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.FORWARDED)
    with transaction():
        actions.withdraw(people.hers, nomination_id, reason=FAMILY_SAYS)
    assert household_status(people) is HouseholdStatus.ACTIVE
    assert counted() == {}
    assert_proven(people)
    with pytest.raises(Conflict):
        answer(people.office, nomination_id)


# Reversal


def test_a_reversal_counts_in_neither_and_the_family_is_back(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.ESTABLISHED)
    with transaction():
        actions.reverse(people.other_office, nomination_id, reason=MISTAKEN)
    assert state_of(nomination_id) is S.REVERSED
    assert household_status(people) is HouseholdStatus.ACTIVE
    assert counted() == {}
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 4
    assert events(nomination_id)[-1].reason == MISTAKEN
    assert_proven(people)
    assert state_of(nominate(people)) is S.SUBMITTED


def test_nobody_reverses_what_they_recorded(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.ESTABLISHED)
    with pytest.raises(Refused), transaction():
        actions.reverse(people.office, nomination_id, reason=MISTAKEN)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(
            update(BatchEntry).values(
                reversed_by=people.administrator.id,
                reversed_by_name="x",
                reversed_at=clock.now(),
                reversal_reason=MISTAKEN,
            )
        )
    assert state_of(nomination_id) is S.ESTABLISHED


def test_a_reversed_answer_in_the_same_file_again_changes_nothing(db_session: Session) -> None:
    people = cast()
    with clock.at(MORNING):
        nomination_id = nominate(people, S.FORWARDED)
        answer(people.office, nomination_id, stage="2027-1")
        with transaction():
            actions.reverse(people.other_office, nomination_id, reason=MISTAKEN)
        assert answer(people.office, nomination_id, stage="2027-1") == 0
    assert state_of(nomination_id) is S.REVERSED


# The proof


@pytest.mark.parametrize("status", [S.FORWARDED, S.ESTABLISHED, S.REFUSED, S.REVERSED])
def test_a_state_that_the_ledger_does_not_bear_out_is_found(db_session: Session, status: S) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    assert_proven(people)
    forged = S.REFUSED if status in (S.FORWARDED, S.ESTABLISHED) else S.ESTABLISHED
    with transaction() as session:
        session.execute(
            update(Nomination).where(Nomination.id == nomination_id).values(status=forged)
        )
    states = {each.state for each in proof.uncounted_decisions(people.household.area_id)}
    assert states == (
        {CountedState.APPROVED} if status is S.FORWARDED else set(states_of(ExitKind.INDEPENDENT))
    )


# At once


def test_of_two_batches_at_once_one_takes_the_nomination(app: Flask, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.APPROVED)
    area_id, today = people.household.area_id, clock.today("Asia/Makassar")
    offices = [people.office, people.other_office]
    answers = at_once(
        app,
        [
            lambda who=who: actions.make_batch(  # type: ignore[misc]
                who,
                area_id,
                [nomination_id],
                batch_id=new_id(),
                letter_number="460/1",
                letter_on=today,
            )
            for who in offices * 4
        ],
    )
    lost = [each for each in answers if isinstance(each, Exception)]
    assert len(lost) == 7
    assert {type(each) for each in lost} == {Conflict}
    winner = db.session.scalar(select(MinistryBatch.made_by_name))
    assert all(str(winner) in str(each) for each in lost)
    assert len(events(nomination_id)) == 4


def test_batches_made_at_once_are_numbered_one_after_the_other(
    app: Flask, db_session: Session
) -> None:
    people = cast()
    ids = [nominate(people, S.APPROVED), *(nominate(cast(), S.APPROVED) for _ in range(3))]
    office, area_id, today = people.office, people.household.area_id, clock.today("Asia/Makassar")
    answers = at_once(
        app,
        [
            lambda each=each: actions.make_batch(  # type: ignore[misc]
                office,
                area_id,
                [each],
                batch_id=new_id(),
                letter_number="460/1",
                letter_on=today,
            )
            for each in ids
        ],
    )
    assert [each for each in answers if isinstance(each, Exception)] == []
    assert sorted(db.session.scalars(select(MinistryBatch.number))) == [1, 2, 3, 4]


def test_of_different_answers_at_once_one_is_recorded(app: Flask, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.FORWARDED)
    batch_id = batch_of(nomination_id)
    office, other = people.office, people.other_office
    stage = f"{clock.today('Asia/Makassar').year + 1}-1"
    answers = at_once(
        app,
        [
            lambda: actions.record_outcomes(office, batch_id, [Answer(nomination_id, stage)]),
            lambda: actions.record_outcomes(
                other, batch_id, [Answer(nomination_id, refusal=MINISTRY_SAYS)]
            ),
        ]
        * 4,
    )
    lost = [each for each in answers if isinstance(each, Exception)]
    assert answers.count(1) == 1
    assert {type(each) for each in lost} == {Conflict}
    assert len(lost) == 4
    assert_proven(people)
    assert counted() in ({}, {CountedState.APPROVED: 1, CountedState.ESTABLISHED: 1})


def test_a_withdrawal_and_an_establishment_never_both_hold(app: Flask, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.FORWARDED)
    batch_id = batch_of(nomination_id)
    hers, office = people.hers, people.office
    stage = f"{clock.today('Asia/Makassar').year + 1}-1"
    answers = at_once(
        app,
        [
            lambda: actions.withdraw(hers, nomination_id, reason=FAMILY_SAYS),
            lambda: actions.record_outcomes(office, batch_id, [Answer(nomination_id, stage)]),
        ],
    )
    assert sum(isinstance(each, Conflict) for each in answers) == 1
    is_established = state_of(nomination_id) is S.ESTABLISHED
    assert household_status(people) is (
        HouseholdStatus.GRADUATED if is_established else HouseholdStatus.ACTIVE
    )
    assert_proven(people)


def test_a_decision_on_what_was_forwarded_is_told_by_whom(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.FORWARDED)
    with pytest.raises(Conflict, match=people.administrator.name):
        decide(people.theirs, nomination_id, Step.REJECT)


def test_who_documented_a_nomination_never_records_its_outcome(app: Flask) -> None:
    """A facilitator who has become an administrator."""
    with app.app_context():
        people = cast()
        nomination_id = nominate(people, S.FORWARDED)
        with transaction() as session:
            user = session.get_one(User, people.facilitator.id)
            user.role, user.region_code = Role.ADMINISTRATOR, MANADO
        own = actor_for(user)
        for refused_by in (
            partial(actions.check_outcome, own, nomination_id),
            partial(_recorded, own, nomination_id),
        ):
            for said in ({"stage": next_stage(own)}, {"refusal": MINISTRY_SAYS}):
                with pytest.raises(Refused) as refused:
                    refused_by(Answer(nomination_id, **said))
                assert refused.value.code == WhyNot.HAD_HAND
                assert people.household.caretaker_name in str(refused.value)
        assert state_of(nomination_id) is S.FORWARDED


def _recorded(actor: Actor, nomination_id: uuid.UUID, said: Answer) -> None:
    with transaction():
        actions.record_outcomes(actor, batch_of(nomination_id), [said])
