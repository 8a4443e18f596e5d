"""Whatever people do in whatever order, the nomination is where a small model says it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.core.clock import today
from casework.core.db import db
from casework.core.errors import CaseworkError
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import Nomination, NominationEvent
from casework.graduation.queries.case import load
from casework.graduation.rules import missing_evidence
from casework.graduation.states import Step
from casework.households.models import Assignment, Household, Membership
from casework.households.rules import stage_of
from casework.ledger.models import LedgerEntry, Tally
from casework.ledger.rules import CountedState
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.graduation import (
    FAMILY_SAYS,
    NOTE,
    REASON,
    add,
    cast,
    complete,
    observe,
    open_all,
    state,
)

#: The reference: where each act leads from each state, written down without the product's table.
MODEL = {
    (None, "draft"): "draft",
    ("rejected", "draft"): "draft",
    ("withdrawn", "draft"): "draft",
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "approve"): "approved",
    ("submitted", "return"): "returned",
    ("submitted", "reject"): "rejected",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("approved", "withdraw"): "withdrawn",
    ("forwarded", "withdraw"): "withdrawn",
    ("approved", "forward"): "forwarded",
    ("forwarded", "establish"): "established",
    ("forwarded", "refuse"): "refused",
    ("established", "reverse"): "reversed",
    ("refused", "draft"): "draft",
    ("reversed", "draft"): "draft",
}

DECISIONS = ("approve", "return", "reject")

#: (state) -> the household, and what is counted: approved, established.
MEANS = {
    "approved": ("approved", 1, 0),
    "forwarded": ("approved", 1, 0),
    "established": ("graduated", 1, 1),
}


def batch(actor: Actor, nomination_id: uuid.UUID) -> None:
    actions.make_batch(
        actor,
        load(actor, nomination_id).nomination.area_id,
        [nomination_id],
        batch_id=new_id(),
        letter_number="460/1/PKH",
        letter_on=today(actor.time_zone),
    )


class OneFamily(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        people = cast()
        with transaction():
            other = UserFactory()
        #: Whoever has the group now comes first.
        self.carers = [people.hers, actor_for(other)]
        self.theirs = people.theirs
        self.office, self.other_office = people.office, people.other_office
        self.household_id = people.household.id
        self.nomination_id: uuid.UUID | None = None
        self.status: str | None = None
        self.steps = 0
        #: Who ever did anything for this nomination, and who wrote about the family.
        self.hands: set[uuid.UUID] = set()
        self.observers: set[uuid.UUID] = set()
        #: `hands` when it was last decided: who returned it may have a hand in it afterwards.
        self.hands_then: set[uuid.UUID] = set()

    @property
    def hers(self) -> Actor:
        return self.carers[0]

    @rule()
    def hand_over(self) -> None:
        """The group changes hands, and with it the work on its nominations."""
        self.carers.reverse()
        with transaction() as session:
            session.execute(update(Assignment).values(facilitator_id=self.hers.user_id))

    @rule(stands_in=st.booleans())
    def observe(self, stands_in: bool) -> None:
        if self.status in MEANS:
            return
        if stands_in:
            self.hand_over()
        with transaction():
            observe(self.hers, self.household_id)
        self.observers.add(self.hers.user_id)
        if stands_in:
            self.hand_over()

    @rule(act=st.sampled_from(["statement", "note", "file"]), stands_in=st.booleans())
    def prepare(self, act: str, stands_in: bool) -> None:
        if self.nomination_id is None or self.status not in ("draft", "returned"):
            return
        if stands_in:
            self.hand_over()
        nomination_id = self.nomination_id
        with transaction():
            if act == "statement":
                state(self.hers, nomination_id)
            elif act == "note":
                actions.write_note(self.hers, nomination_id, NOTE)
        if act == "file":
            removed = add(self.hers, nomination_id, shade=5)
            with transaction():
                actions.remove_evidence(self.hers, nomination_id, removed)
        self.hands.add(self.hers.user_id)
        if stands_in:
            self.hand_over()

    @rule(act=st.sampled_from(["statement", "note", "file", "observation"]))
    def nominate_together(self, act: str) -> None:
        """Begun, completed and sent, one thing in it done by who stands in: chance alone
        seldom gets that far."""
        if (self.status, "draft") not in MODEL:
            return
        if act == "observation":
            self.observe(stands_in=True)
        self.draft(prepared=True)
        if act != "observation":
            self.prepare(act=act, stands_in=True)
        self.submit()

    @rule(step=st.sampled_from(DECISIONS), who=st.integers(0, 1))
    def decide_as_a_promoted_facilitator(self, step: str, who: int) -> None:
        if self.nomination_id is None:
            return
        promoted = replace(
            self.carers[who], role=Role.SUPERVISOR, region_code=self.theirs.region_code
        )
        open_all(promoted, self.nomination_id)
        nomination_id = self.nomination_id
        version = load(promoted, nomination_id).nomination.version
        self._does(
            step,
            lambda: actions.decide(
                promoted,
                nomination_id,
                actions.Decision(Step(step), REASON, version),
            ),
            promoted.user_id not in self.hands,
        )

    @rule(prepared=st.booleans())
    def draft(self, prepared: bool) -> None:
        def act() -> None:
            self.nomination_id = actions.draft(self.hers, self.household_id)
            self.steps = 0
            self.hands, self.hands_then = {self.hers.user_id}, set()

        if self._does("draft", act) and prepared:
            assert self.nomination_id
            complete(self.hers, self.nomination_id)

    @rule()
    def submit(self) -> None:
        if self.nomination_id is None:
            return
        case = load(self.hers, self.nomination_id)
        ready = (
            case.has_consent
            and bool(case.nomination.note)
            and not missing_evidence([each.kind for each in case.evidence])
        )
        nomination_id = self.nomination_id
        if self._does("submit", lambda: actions.submit(self.hers, nomination_id), ready):
            self.hands |= {self.hers.user_id} | self.observers

    @rule(
        step=st.sampled_from(DECISIONS),
        opens=st.booleans(),
        says=st.sampled_from([REASON, REASON, "", " " * 25, "Sudah baik."]),
    )
    def decide(self, step: str, opens: bool, says: str) -> None:
        if self.nomination_id is None:
            return
        if opens:
            open_all(self.theirs, self.nomination_id)
        case = load(self.theirs, self.nomination_id)
        nomination_id, version = self.nomination_id, case.nomination.version
        self._does(
            step,
            lambda: actions.decide(
                self.theirs,
                nomination_id,
                actions.Decision(Step(step), says, version),
            ),
            not case.unopened and says == REASON,
        )

    @rule(says=st.sampled_from([FAMILY_SAYS, "", "   "]))
    def withdraw(self, says: str) -> None:
        if self.nomination_id is None:
            return
        nomination_id = self.nomination_id
        self._does(
            "withdraw",
            lambda: actions.withdraw(self.hers, nomination_id, reason=says),
            bool(says.strip()),
        )

    @rule()
    def get_approved(self) -> None:
        """Opened and approved: the ministry's part begins there, and chance seldom gets so far."""
        self.nominate_together(act="note")
        self.decide(step="approve", opens=True, says=REASON)

    @rule()
    def forward(self) -> None:
        if self.nomination_id is not None:
            nomination_id = self.nomination_id
            self._does("forward", lambda: batch(self.office, nomination_id))

    @rule(what=st.sampled_from(["establish", "refuse"]), says=st.sampled_from([REASON, "", "  "]))
    def answer(self, what: str, says: str) -> None:
        if self.nomination_id is None:
            return
        nomination_id = self.nomination_id
        entry = load(self.office, nomination_id).entry
        if entry is None:
            return
        stage = stage_of(today(self.office.time_zone)) if what == "establish" else None
        given = actions.Answer(nomination_id, stage, None if stage else says)
        if entry.outcome_at is not None and (entry.stage, entry.refusal) == (
            given.stage,
            given.refusal,
        ):
            # What is recorded already, word for word, changes nothing.
            with transaction():
                assert actions.record_outcomes(self.office, entry.batch_id, [given]) == 0
            return
        batch_id = entry.batch_id
        self._does(
            what,
            lambda: actions.record_outcomes(self.office, batch_id, [given]),
            bool(stage or says.strip()),
        )

    @rule(other=st.booleans(), says=st.sampled_from([REASON, "", "Salah."]))
    def reverse(self, other: bool, says: str) -> None:
        if self.nomination_id is None:
            return
        nomination_id = self.nomination_id
        who = self.other_office if other else self.office
        self._does(
            "reverse",
            lambda: actions.reverse(who, nomination_id, reason=says),
            other and says == REASON,
        )

    def _does(self, what: str, act: Callable[[], object], may: bool = True) -> bool:
        after = MODEL.get((self.status, what)) if may else None
        if after is None:
            with pytest.raises(CaseworkError) as refused, transaction():
                act()
            assert str(refused.value), f"{what} from {self.status}"
            return False
        with transaction():
            act()
        if what in DECISIONS:
            self.hands_then = set(self.hands)
        self.status = after
        self.steps += 1
        return True

    @invariant()
    def is_where_the_model_is(self) -> None:
        db.session.rollback()
        household = db.session.scalar(
            select(Household.status).where(Household.id == self.household_id)
        )
        counted = [
            db.session.scalar(
                select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(
                    LedgerEntry.household_id == self.household_id, LedgerEntry.state == state
                )
            )
            for state in (CountedState.APPROVED, CountedState.ESTABLISHED)
        ]
        assert household is not None
        assert (household.value, *counted) == MEANS.get(self.status or "", ("active", 0, 0))
        members = db.session.scalar(
            select(func.count()).where(
                Membership.household_id == self.household_id, Membership.to_on.is_(None)
            )
        )
        assert members == (0 if household.value == "graduated" else 1)
        if self.nomination_id is not None:
            nomination = db.session.scalars(
                select(Nomination).where(Nomination.id == self.nomination_id)
            ).one()
            assert nomination.status.value == self.status
            assert nomination.decided_by not in self.hands_then
            events = db.session.scalars(
                select(NominationEvent)
                .where(NominationEvent.nomination_id == self.nomination_id)
                .order_by(NominationEvent.version)
            ).all()
            assert len(events) == self.steps
            assert events[-1].to_status is nomination.status
            assert [e.from_status for e in events[1:]] == [e.to_status for e in events[:-1]]

    def teardown(self) -> None:
        db.session.rollback()
        ledger = db.session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount), 0)))
        tally = db.session.scalar(select(func.coalesce(func.sum(Tally.counted), 0)))
        assert ledger == tally


def test_any_order_of_acts_keeps_nomination_household_and_count_together(
    db_session: Session,
) -> None:
    run_state_machine_as_test(
        OneFamily,
        settings=settings(
            # 12, or 250 with `--hypothesis-profile nightly`.
            max_examples=settings.default.max_examples // 8,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
