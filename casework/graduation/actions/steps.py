"""How a nomination changes: in one statement that says from where, so that a step is taken
once however many people take it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, select, update

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid
from casework.core.own_words import OWN_WORDS, own_words
from casework.graduation.models import Nomination, NominationEvent
from casework.graduation.policy import check_own_words, moved_on
from casework.graduation.queries.case import Case
from casework.graduation.states import STEPS, NominationStatus, Reason, Step, next_status

TAGS: Mapping[Step, Tag] = {
    Step.SUBMIT: Tag.NOMINATION_SUBMITTED,
    Step.APPROVE: Tag.NOMINATION_APPROVED,
    Step.RETURN: Tag.NOMINATION_RETURNED,
    Step.REJECT: Tag.NOMINATION_REJECTED,
    Step.WITHDRAW: Tag.NOMINATION_WITHDRAWN,
}

if set(TAGS) != set(Step):
    raise RuntimeError(f"steps without an audit tag: {sorted(set(Step) - set(TAGS))}")


def change(case: Case, **values: Any) -> int:
    """Write to the nomination if it still is as it was read; gives the new version.

    The condition stands in the statement itself: of two who read the same version, the
    second one's statement waits for the first one's commit and then finds no row. Never
    replace it by looking first and writing afterwards.

    Raises: Conflict, saying who was faster.
    """
    seen = case.nomination
    version = seen.version + 1
    # An UPDATE gives a CursorResult; the declared type of `execute` knows only Result.
    result: Any = db.session.execute(
        update(Nomination)
        .where(
            Nomination.area_id == seen.area_id,
            Nomination.id == seen.id,
            Nomination.status == seen.status,
            Nomination.version == seen.version,
        )
        .values(version=version, updated_at=clock.now(), **values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:
        raise moved_on(_fresh(case))
    return version


def take(actor: Actor, case: Case, step: Step, reason: str = "", **values: Any) -> NominationStatus:
    """Take one step of the table, with the reason it asks for: state, event and line of the
    trail.

    Raises: Conflict; Invalid on `reason`.
    """
    before = case.nomination.status
    after = next_status(before, step)
    check_reason(before, step, reason)
    version = change(case, status=after, **values)
    add_event(actor, case.nomination, version, before, after, reason.strip())
    trail(actor, TAGS[step], case.nomination, before, after)
    return after


def check_reason(before: NominationStatus, step: Step, words: str) -> None:
    """Is it what the table asks of this step? Raises: Invalid on `reason`."""
    asked = STEPS[before, step].reason
    if asked is Reason.ANY and not own_words(words):
        raise Invalid.field("reason", _("Write down the family's reason."))
    if asked is Reason.OWN_WORDS:
        check_own_words(
            "reason", words, _("Write a reason of at least %(least)s letters.", least=OWN_WORDS)
        )


def add_event(
    actor: Actor,
    nomination: Nomination,
    version: int,
    before: NominationStatus | None,
    after: NominationStatus,
    reason: str = "",
) -> None:
    db.session.execute(
        insert(NominationEvent),
        {
            "area_id": nomination.area_id,
            "nomination_id": nomination.id,
            "version": version,
            "from_status": before,
            "to_status": after,
            "reason": reason,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "at": clock.now(),
        },
    )


def trail(
    actor: Actor,
    tag: Tag,
    nomination: Nomination,
    before: NominationStatus | None,
    after: NominationStatus,
) -> None:
    audit.record(
        actor,
        tag,
        subject_type="nomination",
        subject_id=nomination.id,
        area_id=nomination.area_id,
        household=str(nomination.household_id),
        **{"from": before.value if before else None, "to": after.value},
    )


def _fresh(case: Case) -> Nomination:
    return db.session.execute(
        select(Nomination)
        .where(Nomination.area_id == case.nomination.area_id, Nomination.id == case.nomination.id)
        .execution_options(populate_existing=True)
    ).scalar_one()
