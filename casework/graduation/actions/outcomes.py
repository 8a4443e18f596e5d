"""What the ministry answered, and the reversal of what was established by mistake."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import update

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, NotFound
from casework.core.own_words import own_words
from casework.graduation import policy
from casework.graduation.actions.steps import Taken, ledger_line, take, take_many
from casework.graduation.models import BatchEntry, MinistryBatch, Nomination
from casework.graduation.queries import batches
from casework.graduation.queries.case import Case, load
from casework.graduation.queries.hands import had_hand_in
from casework.graduation.queries.held import entries_for_change, nominations_for_change
from casework.graduation.rules import MOST_CHARACTERS, batch_name
from casework.graduation.states import Step
from casework.households import scope as households
from casework.households.actions.leaving import come_back, graduate
from casework.households.actions.status import take_back_approval
from casework.households.rules import months_of
from casework.ledger import actions as ledger
from casework.ledger.rules import CountedState
from casework.regions.queries import areas


@dataclass(frozen=True, slots=True)
class Answer:
    """Established from a payment stage on, or refused for a reason: one of the two is set."""

    nomination_id: uuid.UUID
    stage: str | None = None
    refusal: str | None = None

    @property
    def step(self) -> Step:
        return Step.REFUSE if self.stage is None else Step.ESTABLISH

    def is_of(self, entry: BatchEntry) -> bool:
        """Whether it stands there already."""
        return entry.outcome_at is not None and (entry.stage, entry.refusal) == (
            self.stage,
            self.refusal,
        )


def record_outcomes(actor: Actor, batch_id: uuid.UUID, answers: Sequence[Answer]) -> int:
    """Record what the ministry answered on nominations of a batch, all or nothing; gives how
    many of them it changed. What is recorded already, word for word, is left as it is.

    Raises: NotFound, Refused; Invalid on `stage` or `reason`; Conflict, naming the family, where
    another answer is recorded or the family has withdrawn.
    """
    policy.check_can_record_outcome(actor)
    batch = batches.batch(actor, batch_id)
    areas.hold([batch.area_id])
    entries = entries_for_change(batch.area_id, batch_id)
    if any(each.nomination_id not in entries for each in answers):
        raise NotFound
    answers = [_tidied(each) for each in answers]
    nominations = nominations_for_change(batch.area_id, [each.nomination_id for each in answers])
    families = households.households_for_change(
        actor, batch.area_id, [each.household_id for each in nominations.values()]
    )
    by_nomination = {each.id: families[each.household_id] for each in nominations.values()}
    zone = areas.regency(batch.area_id).time_zone
    new: dict[uuid.UUID, Answer] = {}
    for answer in answers:
        entry, nomination = entries[answer.nomination_id], nominations[answer.nomination_id]
        if answer.is_of(entry):
            continue
        check_answer(nomination, answer, zone)
        if new.setdefault(answer.nomination_id, answer) != answer:
            raise Conflict(
                _("%(name)s is answered twice.", name=by_nomination[nomination.id].caretaker_name)
            )
    own = had_hand_in(actor.user_id, batch.area_id, new)
    if own:
        raise policy.not_the_own_outcome(by_nomination[min(own)].caretaker_name)
    if new:
        today = clock.today(zone)
        _record(actor, batch, list(new.values()), entries, nominations, by_nomination, today)
    return len(new)


def check_outcome(actor: Actor, nomination_id: uuid.UUID, answer: Answer) -> Case:
    """Everything that recording this answer by hand asks, for the page that comes before it.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    case = load(actor, nomination_id)
    policy.check_can_answer(actor, case)
    check_answer(case.nomination, _tidied(answer), case.household.time_zone)
    return case


def check_answer(nomination: Nomination, answer: Answer, time_zone: str) -> None:
    """Raises: Invalid on `stage` or `reason`."""
    if answer.stage is None:
        if not answer.refusal:
            raise Invalid.field("reason", _("Write down the ministry's reason."))
        if len(answer.refusal) > MOST_CHARACTERS:
            raise Invalid.field(
                "reason", _("Use at most %(count)s characters.", count=MOST_CHARACTERS)
            )
        return
    policy.check_stage(nomination, answer.stage, time_zone)


def _tidied(answer: Answer) -> Answer:
    refusal = own_words(answer.refusal or "") if answer.stage is None else None
    return Answer(answer.nomination_id, answer.stage, refusal)


def _record(
    actor: Actor,
    batch: MinistryBatch,
    new: Sequence[Answer],
    entries: Mapping[uuid.UUID, BatchEntry],
    nominations: Mapping[uuid.UUID, Nomination],
    families: Mapping[uuid.UUID, Any],
    today: date,
) -> None:
    name = batch_name(batch.number, batch.year)
    established = [each for each in new if each.step is Step.ESTABLISH]
    refused = [each for each in new if each.step is Step.REFUSE]
    for step, answers in ((Step.ESTABLISH, established), (Step.REFUSE, refused)):
        take_many(
            actor,
            step,
            [
                Taken(
                    nominations[each.nomination_id],
                    families[each.nomination_id].caretaker_name,
                    each.refusal or "",
                    {"batch": name} | ({"stage": each.stage} if each.stage else {}),
                )
                for each in answers
            ],
        )
    now = clock.now()
    for answer in new:
        entry = entries[answer.nomination_id]
        entry.stage, entry.refusal = answer.stage, answer.refusal
        entry.outcome_by, entry.outcome_by_name, entry.outcome_at = actor.user_id, actor.name, now
    db.session.flush()
    for stage in sorted({each.stage for each in established if each.stage}):
        of_stage = [families[each.nomination_id] for each in established if each.stage == stage]
        graduate(actor, of_stage, months_of(stage)[0])
    for answer in refused:
        take_back_approval(actor, families[answer.nomination_id])
    db.session.flush()
    # Last: everybody who decides in this regency waits for the tally's rows from here on.
    ledger.take_back(
        actor,
        [each.nomination_id for each in refused],
        area_id=batch.area_id,
        state=CountedState.APPROVED,
    )
    ledger.count(
        actor,
        [
            ledger_line(nominations[each.nomination_id], families[each.nomination_id].village_code)
            for each in established
        ],
        area_id=batch.area_id,
        state=CountedState.ESTABLISHED,
        on=today,
    )


def reverse(actor: Actor, nomination_id: uuid.UUID, *, reason: str) -> None:
    """Take back what was established by mistake: the family is in the programme again, and the
    nomination counts neither as established nor as approved.

    Raises: NotFound; Refused, also for whoever recorded the outcome; Invalid, Conflict.
    """
    case = load(actor, nomination_id)
    policy.check_can_reverse(actor, case)
    area_id = case.nomination.area_id
    areas.hold([area_id])
    assert case.batch is not None  # noqa: S101 - established nominations have one
    name = batch_name(case.batch.number, case.batch.year)
    take(actor, case, Step.REVERSE, reason, told={"batch": name})
    household = households.household_for_change(actor, case.nomination.household_id)
    db.session.execute(
        update(BatchEntry)
        .where(BatchEntry.area_id == area_id, BatchEntry.nomination_id == nomination_id)
        .values(
            reversed_by=actor.user_id,
            reversed_by_name=actor.name,
            reversed_at=clock.now(),
            reversal_reason=reason.strip(),
        )
        .execution_options(synchronize_session=False)
    )
    come_back(actor, household, clock.today(case.household.time_zone))
    for state in (CountedState.APPROVED, CountedState.ESTABLISHED):
        ledger.take_back(actor, [nomination_id], area_id=area_id, state=state)
