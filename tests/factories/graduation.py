"""Nominations in any state, brought there by the acts that lead there."""

from __future__ import annotations

import hashlib
import io
import uuid
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.core.clock import today
from casework.core.db import db
from casework.core.files import CleanFile, Purpose, check_and_clean
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.economics import actions as economics
from casework.graduation import actions
from casework.graduation.evidence_files import current_store
from casework.graduation.models import BatchEntry, Nomination
from casework.graduation.queries.case import load
from casework.graduation.rules import CHECKLIST
from casework.graduation.states import ConsentGiven, EvidenceKind, NominationStatus, Step
from casework.households.models import Group, Household
from casework.households.rules import stage_of
from tests import pictures
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import (
    AssignmentFactory,
    GroupFactory,
    HouseholdFactory,
    MembershipFactory,
)
from tests.scenes import scene

NOTE = "Warung sudah berjalan dua tahun dan penghasilan cukup."
REASON = "Usaha stabil, keluarga sendiri yang meminta."
FAMILY_SAYS = "Suami kehilangan pekerjaan, kami belum siap."

MINISTRY_SAYS = "NIK tidak padan dengan data kependudukan."
MISTAKEN = "Keluarga lain yang ditetapkan, baris ini salah dibaca."

COMES_AFTER = {
    NominationStatus.WITHDRAWN: NominationStatus.DRAFT,
    NominationStatus.SUBMITTED: NominationStatus.DRAFT,
    NominationStatus.RETURNED: NominationStatus.SUBMITTED,
    NominationStatus.REJECTED: NominationStatus.SUBMITTED,
    NominationStatus.APPROVED: NominationStatus.SUBMITTED,
    NominationStatus.FORWARDED: NominationStatus.APPROVED,
    NominationStatus.REFUSED: NominationStatus.FORWARDED,
    NominationStatus.ESTABLISHED: NominationStatus.FORWARDED,
    NominationStatus.REVERSED: NominationStatus.ESTABLISHED,
}

DECISION_TO = {
    NominationStatus.APPROVED: Step.APPROVE,
    NominationStatus.RETURNED: Step.RETURN,
    NominationStatus.REJECTED: Step.REJECT,
}


@lru_cache
def a_file(shade: int = 1) -> CleanFile:
    """A photo that went through the checks; another shade is another photo."""
    return check_and_clean(io.BytesIO(pictures.photo(64 + shade, 48)), Purpose.PHOTO)


@dataclass(frozen=True)
class Cast:
    """The people around one household; users are committed."""

    facilitator: User
    supervisor: User
    household: Household
    administrator: User
    colleague: User

    @property
    def hers(self) -> Actor:
        return actor_for(self.facilitator)

    @property
    def theirs(self) -> Actor:
        return actor_for(self.supervisor)

    @property
    def office(self) -> Actor:
        """The administrator who forwards and records outcomes."""
        return actor_for(self.administrator)

    @property
    def other_office(self) -> Actor:
        """Another administrator, who may reverse."""
        return actor_for(self.colleague)


@scene
def cast(**household: object) -> Cast:
    """A household of a group with its facilitator, and the regency's supervisor."""
    with transaction():
        facilitator = UserFactory()
        group = GroupFactory()
        AssignmentFactory(group=group, facilitator=facilitator)
        member = another_household(group, **household)
        return Cast(
            facilitator,
            UserFactory(supervisor=True),
            member,
            UserFactory(administrator=True),
            UserFactory(administrator=True),
        )


def another_household(group: Group, **changes: object) -> Household:
    """In that group since long ago."""
    household: Household = HouseholdFactory(**changes)
    MembershipFactory(group=group, household=household)
    return household


@scene
def complete(actor: Actor, nomination_id: uuid.UUID) -> None:
    """Everything a draft needs; each an act of its own."""
    with transaction():
        state(actor, nomination_id)
    for shade, kind in enumerate(CHECKLIST):
        add(actor, nomination_id, kind, shade)
    with transaction():
        actions.write_note(actor, nomination_id, NOTE)


def state(actor: Actor, nomination_id: uuid.UUID) -> None:
    """The family's own word, written down today."""
    actions.record_consent(
        actor,
        nomination_id,
        on=today(actor.time_zone),
        given=ConsentGiven.SIGNATURE,
        asked_by=actor.name,
    )


def observe(actor: Actor, household_id: uuid.UUID) -> None:
    seen = economics.Seen(today(actor.time_zone), saves_per_month=50_000)
    economics.record_observation(actor, household_id, seen, observation_id=new_id())


def add(
    actor: Actor,
    nomination_id: uuid.UUID,
    kind: EvidenceKind = EvidenceKind.SIGNED_STATEMENT,
    shade: int = 1,
) -> uuid.UUID:
    """As if every family had a photo of its own of each kind: what the tests draw is one photo to
    the product."""
    drawn = a_file(shade)
    # Behind the end of the picture, where nobody looks.
    content = drawn.content + nomination_id.bytes + kind.encode()
    own = hashlib.sha256(content).hexdigest()
    file = replace(drawn, content=content, upload_sha256=own, sha256=own, likenesses=())
    with transaction():
        return actions.add_evidence(
            actor, nomination_id, kind=kind, file=file, store=current_store()
        )


@scene
def open_all(actor: Actor, nomination_id: uuid.UUID) -> None:
    for file in load(actor, nomination_id).unopened:
        with transaction():
            actions.open_evidence(actor, nomination_id, file.id)


def decide(actor: Actor, nomination_id: uuid.UUID, step: Step, reason: str = REASON) -> None:
    """As somebody does who has looked at everything first."""
    open_all(actor, nomination_id)
    version = load(actor, nomination_id).nomination.version
    with transaction():
        actions.decide(actor, nomination_id, actions.Decision(step, reason, version))


def forward(actor: Actor, *nomination_ids: uuid.UUID) -> uuid.UUID:
    """In a batch of their own; gives its id."""
    area_id = db.session.scalar(
        db.select(Nomination.area_id).where(Nomination.id == nomination_ids[0])
    )
    assert area_id is not None
    with transaction():
        return actions.make_batch(
            actor,
            area_id,
            list(nomination_ids),
            batch_id=new_id(),
            letter_number="460/123/PKH",
            letter_on=today(actor.time_zone),
        )


def batch_of(nomination_id: uuid.UUID) -> uuid.UUID:
    found = db.session.scalar(
        db.select(BatchEntry.batch_id).where(BatchEntry.nomination_id == nomination_id)
    )
    assert found is not None
    return found


def next_stage(actor: Actor) -> str:
    day = today(actor.time_zone)
    return stage_of(date(day.year + day.month // 10, (day.month + 2) % 12 + 1, 1))


def answer(
    actor: Actor, nomination_id: uuid.UUID, *, stage: str | None = None, refusal: str | None = None
) -> int:
    """What the ministry said; established from the next stage unless told otherwise."""
    if refusal is None:
        stage = stage or next_stage(actor)
    with transaction():
        return actions.record_outcomes(
            actor, batch_of(nomination_id), [actions.Answer(nomination_id, stage, refusal)]
        )


@scene
def nominate(people: Cast, status: NominationStatus = NominationStatus.SUBMITTED) -> uuid.UUID:
    """A nomination of the household in that state; withdrawn means withdrawn as a draft."""
    if status is NominationStatus.DRAFT:
        with transaction():
            return actions.draft(people.hers, people.household.id)
    nomination_id = nominate(people, COMES_AFTER[status])
    if status in DECISION_TO:
        decide(people.theirs, nomination_id, DECISION_TO[status])
    elif status is NominationStatus.FORWARDED:
        forward(people.office, nomination_id)
    elif status is NominationStatus.ESTABLISHED:
        answer(people.office, nomination_id)
    elif status is NominationStatus.REFUSED:
        answer(people.office, nomination_id, refusal=MINISTRY_SAYS)
    else:
        _act(people, nomination_id, status)
    return nomination_id


def _act(people: Cast, nomination_id: uuid.UUID, status: NominationStatus) -> None:
    if status is NominationStatus.SUBMITTED:
        complete(people.hers, nomination_id)
    with transaction():
        if status is NominationStatus.SUBMITTED:
            actions.submit(people.hers, nomination_id)
        elif status is NominationStatus.WITHDRAWN:
            actions.withdraw(people.hers, nomination_id, reason=FAMILY_SAYS)
        else:
            actions.reverse(people.other_office, nomination_id, reason=MISTAKEN)


def state_of(nomination_id: uuid.UUID) -> NominationStatus:
    db.session.rollback()
    found = db.session.scalar(db.select(Nomination.status).where(Nomination.id == nomination_id))
    assert found is not None
    return found
