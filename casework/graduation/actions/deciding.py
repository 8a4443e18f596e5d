"""The supervisor's decision, and the family's change of mind."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from casework.access.actor import Actor
from casework.core import clock
from casework.graduation import policy
from casework.graduation.actions.steps import (
    NOTHING_TO_WEIGH,
    Weighed,
    check_reason,
    ledger_line,
    take,
)
from casework.graduation.queries.case import Case, load
from casework.graduation.queries.warning_signs import warnings_today
from casework.graduation.states import COUNTS_AS_APPROVED, DECISIONS, NominationStatus, Step
from casework.households import scope as households
from casework.households.actions.status import set_status, take_back_approval
from casework.households.rules import HouseholdStatus
from casework.ledger import actions as ledger
from casework.ledger.rules import CountedState


@dataclass(frozen=True, slots=True)
class Decision:
    """Approve, return or reject, as the supervisor said it."""

    step: Step
    reason: str
    #: The one whose page the supervisor looked at: what was changed since is not decided on.
    version: int
    #: The warning signs that stood on that page, and what speaks against them; only an approval
    #: asks for it.
    weighed: Weighed = NOTHING_TO_WEIGH

    def __post_init__(self) -> None:
        if self.step not in DECISIONS:
            raise ValueError(f"{self.step} is no decision")


def check_decision(actor: Actor, nomination_id: uuid.UUID, said: Decision) -> Case:
    """Everything that `decide` asks, for the page that comes before it; changes nothing.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    case = load(actor, nomination_id)
    policy.check_can_decide(actor, case)
    if case.nomination.version != said.version:
        raise policy.moved_on(case.nomination)
    check_reason(case.nomination.status, said.step, said.reason)
    if said.step is Step.APPROVE:
        policy.check_weighs(warnings_today(case), said.weighed.warnings, said.weighed.answer)
    return case


def decide(actor: Actor, nomination_id: uuid.UUID, said: Decision) -> NominationStatus:
    """Once. Raises: as `check_decision`."""
    case = check_decision(actor, nomination_id, said)
    after = take(
        actor,
        case,
        said.step,
        said.reason,
        weighed=said.weighed if said.step is Step.APPROVE else NOTHING_TO_WEIGH,
        decided_by=actor.user_id,
        decided_by_name=actor.name,
        decided_at=clock.now(),
        decision_reason=said.reason.strip(),
    )
    if said.step is Step.APPROVE:
        household = households.household_for_change(actor, case.nomination.household_id)
        set_status(actor, household, HouseholdStatus.APPROVED)
        # Last: everybody who decides in this regency waits for the tally's row from here on.
        nomination = case.nomination
        ledger.count(
            actor,
            [ledger_line(nomination, household.village_code)],
            area_id=nomination.area_id,
            state=CountedState.APPROVED,
            on=clock.today(case.household.time_zone),
        )
    return after


def withdraw(actor: Actor, nomination_id: uuid.UUID, *, reason: str) -> None:
    """On the family's word and with its reason, at any time before the ministry establishes it
    (not: before it takes effect, docs/decisions/0019).

    Once approved, the count is taken back. Raises: NotFound, Refused, Invalid, Conflict.
    """
    case = load(actor, nomination_id)
    policy.check_can_withdraw(actor, case)
    before = case.nomination.status
    take(actor, case, Step.WITHDRAW, reason)
    if before in COUNTS_AS_APPROVED:
        household = households.household_for_change(actor, case.nomination.household_id)
        take_back_approval(actor, household)
        ledger.take_back(
            actor, [nomination_id], area_id=household.area_id, state=CountedState.APPROVED
        )
