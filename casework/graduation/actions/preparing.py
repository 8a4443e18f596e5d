"""What the facilitator does before the supervisor sees it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid
from casework.core.ids import new_id
from casework.core.own_words import OWN_WORDS, own_words
from casework.graduation import policy
from casework.graduation.actions.evidence import refuse_used
from casework.graduation.actions.hands import note_hand
from casework.graduation.actions.steps import add_event, change, take, trail
from casework.graduation.labels import of_file
from casework.graduation.models import Nomination
from casework.graduation.queries.case import drafts_since, load, open_nomination
from casework.graduation.queries.hands import did
from casework.graduation.rules import DRAFTS_WITHIN
from casework.graduation.states import ConsentGiven, HandIn, NominationStatus, Step
from casework.households import scope as households
from casework.ledger.rules import ExitKind
from casework.readiness.queries.assessment import assess_household
from casework.readiness.queries.recorders import recorders
from casework.readiness.rules import freeze


def draft(actor: Actor, household_id: uuid.UUID) -> uuid.UUID:
    """Begin to put a family forward; gives the nomination's id.

    Raises: NotFound, Refused, AlreadyNominated.
    """
    # Locked, so that two drafts of one family wait for each other; the unique index would
    # stop the second one too, but without words.
    household = households.household_for_change(actor, household_id)
    now = clock.now()
    policy.check_can_draft(
        actor,
        households.household(actor, household_id),
        open_nomination(household.area_id, household.id),
        drafts_since(household.area_id, household.id, now - DRAFTS_WITHIN),
    )
    nomination = Nomination(
        area_id=household.area_id,
        id=new_id(),
        household_id=household.id,
        kind=ExitKind.INDEPENDENT,
        status=NominationStatus.DRAFT,
        nominated_by=actor.user_id,
        nominated_by_name=actor.name,
        nominated_at=now,
        updated_at=now,
        version=1,
    )
    db.session.add(nomination)
    db.session.flush()
    note_hand(nomination, HandIn.MADE, actor.user_id)
    add_event(actor, nomination, nomination.version, None, nomination.status)
    trail(actor, Tag.NOMINATION_DRAFTED, nomination, None, nomination.status)
    return nomination.id


def record_consent(
    actor: Actor, nomination_id: uuid.UUID, *, on: date, given: ConsentGiven, asked_by: str
) -> None:
    """The family's own word: when, how, and who asked; the same once more changes nothing.

    Raises: NotFound, Refused, Invalid.
    """
    case = load(actor, nomination_id)
    policy.check_can_edit(actor, case)
    policy.check_consent_day(on, case.household, clock.today(case.household.time_zone))
    asked_by = own_words(asked_by)
    if not asked_by:
        raise Invalid.field("asked_by", _("Write who asked the family."))
    said = {"consent_on": on, "consent_given": given, "consent_asked_by": asked_by}
    if _is_no_news(actor, case.nomination, HandIn.STATEMENT, said):
        return
    change(case, **said)
    note_hand(case.nomination, HandIn.STATEMENT, actor.user_id)
    audit.record(
        actor,
        Tag.NOMINATION_CONSENT_RECORDED,
        subject_type="nomination",
        subject_id=nomination_id,
        area_id=case.nomination.area_id,
        household=str(case.nomination.household_id),
        given=given.value,
        on=on.isoformat(),
    )


def write_note(actor: Actor, nomination_id: uuid.UUID, note: str) -> None:
    """Why this family, in the facilitator's own words; the same once more changes nothing.

    Raises: NotFound, Refused, Invalid.
    """
    case = load(actor, nomination_id)
    policy.check_can_edit(actor, case)
    policy.check_own_words("note", note, _("Write at least %(least)s letters.", least=OWN_WORDS))
    said = {"note": note.strip()}
    if _is_no_news(actor, case.nomination, HandIn.NOTE, said):
        return
    change(case, **said)
    note_hand(case.nomination, HandIn.NOTE, actor.user_id)
    audit.record(
        actor,
        Tag.NOMINATION_NOTED,
        subject_type="nomination",
        subject_id=nomination_id,
        area_id=case.nomination.area_id,
        household=str(case.nomination.household_id),
    )


def _is_no_news(
    actor: Actor, nomination: Nomination, hand_in: HandIn, said: Mapping[str, object]
) -> bool:
    """It stands so already, and this person has written it before: saved again and again, it would
    bury the trail. Of somebody else it is news, who answers for it from now on."""
    stands = all(getattr(nomination, name) == value for name, value in said.items())
    return stands and did(actor.user_id, hand_in, nomination)


def submit(actor: Actor, nomination_id: uuid.UUID) -> None:
    """Hand it to the supervisor, with the readiness as it is today.

    A nomination that was returned keeps its place in the queue.
    Raises: NotFound, Conflict; Refused, saying what is missing. Of a code of `WhyNot` where a file
    stands for another family, or for two things.
    """
    case = load(actor, nomination_id)
    policy.check_can_submit(actor, case)
    # Once more: of two families whose evidence was added at the same moment neither saw the other.
    for file in case.evidence:
        try:
            refuse_used(actor, case, file.known)
        except Invalid as used:
            raise Conflict(of_file(file.kind, used.message), code=used.code) from used
    now = clock.now()
    assessment = assess_household(
        case.nomination.area_id,
        case.nomination.household_id,
        as_of=clock.today(case.household.time_zone),
    )
    take(
        actor,
        case,
        Step.SUBMIT,
        submitted_by=actor.user_id,
        submitted_at=now,
        first_submitted_at=case.nomination.first_submitted_at or now,
        readiness=freeze(assessment) | {"files": case.files()},
        # A decision on an earlier submission stands in the events.
        decided_by=None,
        decided_by_name=None,
        decided_at=None,
        decision_reason=None,
    )
    note_hand(case.nomination, HandIn.SENT, actor.user_id)
    note_hand(
        case.nomination,
        HandIn.READINESS,
        *recorders(case.nomination.area_id, case.nomination.household_id),
    )
