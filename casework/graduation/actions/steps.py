"""How a nomination changes: in one statement that says from where, so that a step is taken
once however many people take it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, select, update

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.among import among
from casework.core.db import db
from casework.core.errors import Conflict, Invalid
from casework.core.own_words import OWN_WORDS, own_words
from casework.graduation.models import Nomination, NominationEvent
from casework.graduation.policy import check_own_words, moved_on
from casework.graduation.queries.case import Case
from casework.graduation.states import STEPS, NominationStatus, Reason, Step, WhyNot, next_status
from casework.ledger.actions import Counted
from casework.readiness.rules import Caution

TAGS: Mapping[Step, Tag] = {
    Step.SUBMIT: Tag.NOMINATION_SUBMITTED,
    Step.APPROVE: Tag.NOMINATION_APPROVED,
    Step.RETURN: Tag.NOMINATION_RETURNED,
    Step.REJECT: Tag.NOMINATION_REJECTED,
    Step.WITHDRAW: Tag.NOMINATION_WITHDRAWN,
    Step.FORWARD: Tag.NOMINATION_FORWARDED,
    Step.ESTABLISH: Tag.NOMINATION_ESTABLISHED,
    Step.REFUSE: Tag.NOMINATION_REFUSED,
    Step.REVERSE: Tag.NOMINATION_REVERSED,
}

if set(TAGS) != set(Step):
    raise RuntimeError(f"steps without an audit tag: {sorted(set(Step) - set(TAGS))}")


@dataclass(frozen=True, slots=True)
class Weighed:
    """Warning signs, and why the family is approved in spite of them."""

    warnings: Sequence[Caution] = ()
    answer: str = ""


NOTHING_TO_WEIGH = Weighed()


def ledger_line(nomination: Nomination, village_code: str) -> Counted:
    """What the ledger keeps of a family of that village that is counted on its nomination."""
    return Counted(
        household_id=nomination.household_id,
        nomination_id=nomination.id,
        nominated_by=nomination.nominated_by,
        village_code=village_code,
        kind=nomination.kind,
    )


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


def take(
    actor: Actor,
    case: Case,
    step: Step,
    reason: str = "",
    *,
    told: Mapping[str, str] | None = None,
    weighed: Weighed = NOTHING_TO_WEIGH,
    **values: Any,
) -> NominationStatus:
    """Take one step of the table, with the reason it asks for: state, event and line of the
    trail, which tells `told` besides; the event keeps what was `weighed`.

    Raises: Conflict; Invalid on `reason`.
    """
    before = case.nomination.status
    after = next_status(before, step)
    check_reason(before, step, reason)
    version = change(case, status=after, **values)
    add_event(actor, case.nomination, version, before, after, reason.strip(), weighed)
    trail(actor, TAGS[step], case.nomination, before, after, told)
    return after


@dataclass(frozen=True, slots=True)
class Taken:
    """One of many nominations that take the same step, held by the caller (`queries.held`)."""

    nomination: Nomination
    #: Whom a refusal names.
    name: str
    reason: str = ""
    told: Mapping[str, str] = field(default_factory=dict)


def take_many(actor: Actor, step: Step, taken: Sequence[Taken]) -> None:
    """`take` for many nominations of a regency in as many statements as for one; all or none.

    Raises: Conflict, naming the family; Invalid on `reason`.
    """
    if not taken:
        return
    for each in taken:
        if (each.nomination.status, step) not in STEPS:
            raise _of_family(each.name, moved_on(each.nomination, step))
        check_reason(each.nomination.status, step, each.reason)
    area_id = taken[0].nomination.area_id
    before = taken[0].nomination.status
    after = next_status(before, step)
    now = clock.now()
    events = [
        {
            "area_id": area_id,
            "nomination_id": each.nomination.id,
            "version": each.nomination.version + 1,
            "from_status": before,
            "to_status": after,
            "reason": each.reason.strip(),
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "at": now,
        }
        for each in taken
    ]
    # The condition stands in the statement, as in `change`.
    result: Any = db.session.execute(
        update(Nomination)
        .where(
            Nomination.area_id == area_id,
            among(Nomination.id, "ids"),
            Nomination.status == before,
        )
        .values(status=after, version=Nomination.version + 1, updated_at=now)
        .execution_options(synchronize_session=False),
        {"ids": [each.nomination.id for each in taken]},
    )
    if result.rowcount != len(taken):
        raise Conflict(
            _("This nomination was changed meanwhile. Look at it again."), code=WhyNot.MOVED_ON
        )
    db.session.execute(insert(NominationEvent), events)
    audit.record_all(
        actor,
        TAGS[step],
        [
            audit.Line(
                area_id,
                "nomination",
                each.nomination.id,
                {
                    "household": str(each.nomination.household_id),
                    "from": before.value,
                    "to": after.value,
                    **each.told,
                },
            )
            for each in taken
        ],
    )


def _of_family(name: str, why: Conflict) -> Conflict:
    return Conflict(_("%(name)s: %(why)s", name=name, why=why.message), code=why.code)


def check_reason(before: NominationStatus, step: Step, words: str) -> None:
    """Is it what the table asks of this step? Raises: Invalid on `reason`."""
    asked = STEPS[before, step].reason
    if asked is Reason.ANY and not own_words(words):
        raise Invalid.field(
            "reason",
            _("Write down the ministry's reason.")
            if step is Step.REFUSE
            else _("Write down the family's reason."),
        )
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
    weighed: Weighed = NOTHING_TO_WEIGH,
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
            "warnings": [each.value for each in weighed.warnings] or None,
            "answer": weighed.answer.strip() if weighed.warnings else None,
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
    told: Mapping[str, str] | None = None,
) -> None:
    audit.record(
        actor,
        tag,
        subject_type="nomination",
        subject_id=nomination.id,
        area_id=nomination.area_id,
        household=str(nomination.household_id),
        **{"from": before.value if before else None, "to": after.value},
        **(told or {}),
    )


def _fresh(case: Case) -> Nomination:
    return db.session.execute(
        select(Nomination)
        .where(Nomination.area_id == case.nomination.area_id, Nomination.id == case.nomination.id)
        .execution_options(populate_existing=True)
    ).scalar_one()
