"""Every state x step x role: what is listed may happen, everything else is refused."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import Base, db
from casework.core.errors import CaseworkError, Conflict, Invalid, Refused
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation import actions, policy
from casework.graduation.actions import Answer
from casework.graduation.actions.steps import TAGS, take
from casework.graduation.models import Nomination, NominationEvent
from casework.graduation.queries.case import load
from casework.graduation.states import (
    STEPS,
    ImpossibleStep,
    NominationStatus,
    Reason,
    Step,
    next_status,
    steps_from,
)
from casework.households.models import Household
from casework.households.rules import HouseholdStatus, stage_of
from casework.ledger.models import LedgerEntry, Tally
from casework.readiness.rules import thaw
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.graduation import (
    DECISION_TO,
    FAMILY_SAYS,
    MISTAKEN,
    REASON,
    Cast,
    batch_of,
    cast,
    complete,
    decide,
    nominate,
    open_all,
    state_of,
)

S = NominationStatus

#: (state, step) -> the only role that may take it. Whatever is not here is refused to all.
ALLOWED = {
    (S.DRAFT, Step.SUBMIT): Role.FACILITATOR,
    (S.RETURNED, Step.SUBMIT): Role.FACILITATOR,
    (S.SUBMITTED, Step.APPROVE): Role.SUPERVISOR,
    (S.SUBMITTED, Step.RETURN): Role.SUPERVISOR,
    (S.SUBMITTED, Step.REJECT): Role.SUPERVISOR,
    (S.DRAFT, Step.WITHDRAW): Role.FACILITATOR,
    (S.SUBMITTED, Step.WITHDRAW): Role.FACILITATOR,
    (S.RETURNED, Step.WITHDRAW): Role.FACILITATOR,
    (S.APPROVED, Step.WITHDRAW): Role.FACILITATOR,
    (S.FORWARDED, Step.WITHDRAW): Role.FACILITATOR,
    (S.APPROVED, Step.FORWARD): Role.ADMINISTRATOR,
    (S.FORWARDED, Step.ESTABLISH): Role.ADMINISTRATOR,
    (S.FORWARDED, Step.REFUSE): Role.ADMINISTRATOR,
    (S.ESTABLISHED, Step.REVERSE): Role.ADMINISTRATOR,
}


def attempt(actor: Actor, nomination_id: uuid.UUID, step: Step) -> None:
    with transaction():
        if step is Step.SUBMIT:
            actions.submit(actor, nomination_id)
        elif step is Step.WITHDRAW:
            actions.withdraw(actor, nomination_id, reason=FAMILY_SAYS)
        elif step is Step.FORWARD:
            actions.make_batch(
                actor,
                load(actor, nomination_id).nomination.area_id,
                [nomination_id],
                batch_id=new_id(),
                letter_number="460/7/PKH",
                letter_on=clock.today(actor.time_zone),
            )
        elif step in (Step.ESTABLISH, Step.REFUSE):
            says = Answer(nomination_id, stage_of(clock.today(actor.time_zone)))
            if step is Step.REFUSE:
                says = Answer(nomination_id, refusal="Data ganda di daerah lain.")
            policy.check_can_answer(actor, load(actor, nomination_id))
            actions.record_outcomes(actor, batch_of(nomination_id), [says])
        elif step is Step.REVERSE:
            actions.reverse(actor, nomination_id, reason=MISTAKEN)
        else:
            version = load(actor, nomination_id).nomination.version
            actions.decide(actor, nomination_id, actions.Decision(step, REASON, version))


def prepare(
    people: Cast, nomination_id: uuid.UUID, status: NominationStatus, *others: Actor
) -> None:
    """Let nothing but state and role stand in the way."""
    if status is S.DRAFT:
        complete(people.hers, nomination_id)
    for each in (people.theirs, *others):
        if each.may(Permission.EVIDENCE_OPEN):
            open_all(each, nomination_id)


@pytest.mark.parametrize("status", S)
def test_no_role_takes_a_step_that_is_not_listed(
    db_session: Session, status: NominationStatus
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    with transaction():
        users = [UserFactory(administrator=True), UserFactory(viewer=True)]
    others = [actor_for(user) for user in users]
    everybody = [people.hers, people.theirs, *others]
    prepare(people, nomination_id, status, people.hers, *others)
    for who in everybody:
        for step in Step:
            if ALLOWED.get((status, step)) is who.role:
                continue
            with pytest.raises((Refused, Conflict)) as refused:
                attempt(who, nomination_id, step)
            assert str(refused.value), (status, step, who.role)
            assert state_of(nomination_id) is status


@pytest.mark.parametrize(("status", "step"), ALLOWED)
def test_the_listed_role_takes_the_step(
    db_session: Session, status: NominationStatus, step: Step
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    prepare(people, nomination_id, status)
    who_may = {
        Role.FACILITATOR: people.hers,
        Role.SUPERVISOR: people.theirs,
        Role.ADMINISTRATOR: people.other_office,
    }
    attempt(who_may[ALLOWED[status, step]], nomination_id, step)
    assert state_of(nomination_id) is STEPS[status, step].to


def test_the_table_of_steps_is_the_list_of_who_may() -> None:
    assert set(STEPS) == set(ALLOWED)


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("step", Step)
def test_a_step_that_the_table_lacks_is_impossible(status: S, step: Step) -> None:
    if (status, step) in STEPS:
        assert next_status(status, step) is STEPS[status, step].to
        assert step in steps_from(status)
    else:
        assert step not in steps_from(status)
        with pytest.raises(ImpossibleStep):
            next_status(status, step)


@pytest.mark.parametrize(("status", "step"), [at for at, way in STEPS.items() if way.needs_reason])
def test_no_step_is_taken_without_the_reason_that_the_table_asks_for(
    db_session: Session, status: S, step: Step
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    actor = {Step.WITHDRAW: people.hers, Step.REFUSE: people.office}.get(step, people.theirs)
    told = {"batch": "1/2026"} if step in (Step.REFUSE, Step.REVERSE) else {}
    too_little = ["", " \n" * 30]
    if STEPS[status, step].reason is Reason.OWN_WORDS:
        too_little += ["x" * 40, "sudah   baik    sekali   ", "setuju setuju setuju setuju"]
    steps = count_of(NominationEvent)
    for words in too_little:
        with pytest.raises(Invalid) as refused, transaction():
            take(actor, load(actor, nomination_id), step, words, told=told)
        assert list(refused.value.fields) == ["reason"]
        assert state_of(nomination_id) is status
    assert count_of(NominationEvent) == steps


def count_of(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_closed_nominations_lead_nowhere() -> None:
    for status in (S.REJECTED, S.WITHDRAWN, S.REFUSED, S.REVERSED):
        assert steps_from(status) == ()


def test_each_step_leaves_an_event_and_a_line_of_the_trail(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.RETURNED)
    with transaction():
        actions.submit(people.hers, nomination_id)
    decide(people.theirs, nomination_id, Step.APPROVE, "Sekarang lengkap, usaha sudah dilihat.")
    events = db.session.scalars(
        select(NominationEvent)
        .where(NominationEvent.nomination_id == nomination_id)
        .order_by(NominationEvent.version)
    ).all()
    assert [(e.from_status, e.to_status, e.reason) for e in events] == [
        (None, S.DRAFT, ""),
        (S.DRAFT, S.SUBMITTED, ""),
        (S.SUBMITTED, S.RETURNED, REASON),
        (S.RETURNED, S.SUBMITTED, ""),
        (S.SUBMITTED, S.APPROVED, "Sekarang lengkap, usaha sudah dilihat."),
    ]
    assert [e.actor_id for e in events] == [
        *[people.facilitator.id] * 2,
        people.supervisor.id,
        people.facilitator.id,
        people.supervisor.id,
    ]
    tags = db.session.scalars(
        select(AuditEntry.tag)
        .where(AuditEntry.subject_id == str(nomination_id))
        .order_by(AuditEntry.id)
    ).all()
    steps = {tag.value for tag in TAGS.values()}
    assert [tag for tag in tags if tag in steps] == [
        Tag.NOMINATION_SUBMITTED,
        Tag.NOMINATION_RETURNED,
        Tag.NOMINATION_SUBMITTED,
        Tag.NOMINATION_APPROVED,
    ]


def test_a_returned_nomination_keeps_its_place_and_the_earlier_decision_stays_in_the_events(
    db_session: Session,
) -> None:
    people = cast()
    nomination_id = nominate(people, S.RETURNED)
    before = load(people.hers, nomination_id).nomination.first_submitted_at
    with transaction():
        actions.submit(people.hers, nomination_id)
    nomination = load(people.hers, nomination_id).nomination
    assert nomination.first_submitted_at == before
    assert nomination.submitted_at is not None
    assert before is not None
    assert nomination.submitted_at > before
    assert nomination.decided_by is None


def test_submission_freezes_the_readiness_of_the_day(db_session: Session) -> None:
    people = cast(elderly=1, primary_school=0)
    nomination_id = nominate(people)
    frozen = load(people.theirs, nomination_id).nomination.readiness
    assert frozen is not None
    assessment = thaw(frozen)
    assert assessment.as_of == clock.today("Asia/Makassar")
    assert [caution.value for caution in assessment.cautions] == ["only_elderly"]


def ledger_of(nomination_id: uuid.UUID) -> list[tuple[int, int]]:
    return [
        (row.year, row.amount)
        for row in db.session.execute(
            select(LedgerEntry.year, LedgerEntry.amount)
            .where(LedgerEntry.nomination_id == nomination_id)
            .order_by(LedgerEntry.id)
        )
    ]


def tally() -> int:
    return db.session.scalar(select(func.coalesce(func.sum(Tally.counted), 0))) or 0


def status_of(household: Household) -> HouseholdStatus | None:
    db.session.rollback()
    return db.session.scalar(
        select(Household.status).where(
            Household.area_id == household.area_id, Household.id == household.id
        )
    )


@pytest.mark.parametrize("status", DECISION_TO)
def test_only_an_approval_counts_and_changes_the_household(
    db_session: Session, status: NominationStatus
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    approved = status is S.APPROVED
    assert tally() == (1 if approved else 0)
    assert len(ledger_of(nomination_id)) == (1 if approved else 0)
    assert status_of(people.household) is (
        HouseholdStatus.APPROVED if approved else HouseholdStatus.ACTIVE
    )


def test_the_year_is_the_regencys_own_at_new_year(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    # 16.30 UTC is 0.30 of the next day in Manado (WITA, UTC+8).
    with clock.at(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):
        decide(people.theirs, nomination_id, Step.APPROVE)
    assert ledger_of(nomination_id) == [(2027, 1)]
    entry = db.session.scalars(select(LedgerEntry)).one()
    assert entry.counted_on == date(2027, 1, 1)


def test_withdrawing_an_approval_takes_the_count_back_where_it_was_counted(
    db_session: Session,
) -> None:
    people = cast()
    nomination_id = nominate(people)
    with clock.at(datetime(2026, 12, 30, 3, tzinfo=UTC)):
        decide(people.theirs, nomination_id, Step.APPROVE)
    with clock.at(datetime(2027, 1, 9, 3, tzinfo=UTC)), transaction():
        actions.withdraw(people.hers, nomination_id, reason=FAMILY_SAYS)
    assert ledger_of(nomination_id) == [(2026, 1), (2026, -1)]
    assert tally() == 0
    assert status_of(people.household) is HouseholdStatus.ACTIVE
    again = nominate(people)
    assert state_of(again) is S.SUBMITTED


def test_a_household_that_left_otherwise_is_not_brought_back_by_withdrawing(
    db_session: Session,
) -> None:
    people = cast()
    nomination_id = nominate(people, S.APPROVED)
    with transaction() as session:
        session.get_one(
            Household, (people.household.area_id, people.household.id)
        ).status = HouseholdStatus.EXITED
    with transaction():
        actions.withdraw(people.hers, nomination_id, reason=FAMILY_SAYS)
    assert status_of(people.household) is HouseholdStatus.EXITED
    assert tally() == 0


def test_a_household_that_left_is_not_approved_any_more(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    with transaction() as session:
        session.get_one(
            Household, (people.household.area_id, people.household.id)
        ).status = HouseholdStatus.EXITED
    with pytest.raises(Conflict):
        decide(people.theirs, nomination_id, Step.APPROVE)
    assert state_of(nomination_id) is S.SUBMITTED
    assert tally() == 0
    decide(people.theirs, nomination_id, Step.REJECT)


def test_a_family_has_one_open_nomination(db_session: Session) -> None:
    people = cast()
    first = nominate(people, S.DRAFT)
    with pytest.raises(CaseworkError, match="usulan|nomination") as refused, transaction():
        actions.draft(people.hers, people.household.id)
    assert refused.value.nomination_id == first  # type: ignore[attr-defined]
    assert db.session.scalar(select(func.count()).select_from(Nomination)) == 1


@pytest.mark.parametrize("status", [S.REJECTED, S.WITHDRAWN])
def test_a_closed_nomination_leaves_room_for_another(
    db_session: Session, status: NominationStatus
) -> None:
    people = cast()
    nominate(people, status)
    assert state_of(nominate(people, S.DRAFT)) is S.DRAFT


@pytest.mark.parametrize("status", [HouseholdStatus.GRADUATED, HouseholdStatus.EXITED])
def test_only_an_active_family_is_nominated(db_session: Session, status: HouseholdStatus) -> None:
    people = cast(status=status)
    with pytest.raises(Refused):
        nominate(people, S.DRAFT)
