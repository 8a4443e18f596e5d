"""The states of a nomination and the one table of steps between them; pure.

Policy, audit tags, the diagram in docs/ and tests are derived from `STEPS`; the buttons of the
pages are held to it (docs/decisions/0019).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casework.core.errors import Conflict


class NominationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    #: In a batch that went to the ministry.
    FORWARDED = "forwarded"
    #: Ditetapkan: by the ministry, from a payment stage; the household has graduated.
    ESTABLISHED = "established"
    #: By the ministry; the household stays in the programme.
    REFUSED = "refused"
    #: Established by mistake; the household is in the programme again.
    REVERSED = "reversed"


class Step(StrEnum):
    """What somebody does with a nomination."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    FORWARD = "forward"
    ESTABLISH = "establish"
    REFUSE = "refuse"
    REVERSE = "reverse"


class EvidenceKind(StrEnum):
    SIGNED_STATEMENT = "signed_statement"
    SIGNING_PHOTO = "signing_photo"
    HOUSE_OR_BUSINESS_PHOTO = "house_or_business_photo"


class ConsentGiven(StrEnum):
    """How the family said that it wants to leave."""

    SIGNATURE = "signature"
    THUMBPRINT = "thumbprint"


class OutcomeFileStatus(StrEnum):
    """Of a file in which the ministry's outcomes came back."""

    CHECKED = "checked"
    APPLIED = "applied"


class Reason(StrEnum):
    """What a step asks its reason to be."""

    NONE = "none"
    #: To leave the procedure is made no harder than to say why.
    ANY = "any"
    #: Long enough to say something about this family (`core.own_words`).
    OWN_WORDS = "own_words"


class HandIn(StrEnum):
    """What somebody did for a nomination, and what therefore keeps them from deciding on it."""

    MADE = "made"
    STATEMENT = "statement"
    NOTE = "note"
    #: Added a file, or took one out.
    EVIDENCE = "evidence"
    #: Recorded what the readiness that it was sent with is computed from.
    READINESS = "readiness"
    SENT = "sent"


class WhyNot(StrEnum):
    """Why something was refused that must leave a trace (`graduation.views.attempts`)."""

    OWN_NOMINATION = "own_nomination"
    HAD_HAND = "had_hand"
    FACILITATED_LATELY = "facilitated_lately"
    OWN_OUTCOME = "own_outcome"
    OWN_EXIT = "own_exit"
    #: Somebody was faster, or the page was old.
    MOVED_ON = "moved_on"
    #: The evidence is not what was sent, or was to become something else.
    EVIDENCE_SWAPPED = "evidence_swapped"
    #: A file that stands for another family.
    FILE_USED = "file_used"
    #: All but the same photo as one of another family: perhaps an honest one.
    PHOTO_ALIKE = "photo_alike"
    #: One file for two things of one nomination.
    FILE_DOUBLED = "file_doubled"
    #: All but the same photo for two things of one nomination.
    PHOTO_DOUBLED = "photo_doubled"


@dataclass(frozen=True, slots=True)
class Transition:
    to: NominationStatus
    reason: Reason = Reason.NONE

    @property
    def needs_reason(self) -> bool:
        return self.reason is not Reason.NONE


_S = NominationStatus

#: (state, step) -> where it leads; what is not here does not exist (design.md, section 5).
STEPS: Mapping[tuple[NominationStatus, Step], Transition] = {
    (_S.DRAFT, Step.SUBMIT): Transition(_S.SUBMITTED),
    (_S.RETURNED, Step.SUBMIT): Transition(_S.SUBMITTED),
    (_S.SUBMITTED, Step.APPROVE): Transition(_S.APPROVED, reason=Reason.OWN_WORDS),
    (_S.SUBMITTED, Step.RETURN): Transition(_S.RETURNED, reason=Reason.OWN_WORDS),
    (_S.SUBMITTED, Step.REJECT): Transition(_S.REJECTED, reason=Reason.OWN_WORDS),
    (_S.DRAFT, Step.WITHDRAW): Transition(_S.WITHDRAWN, reason=Reason.ANY),
    (_S.SUBMITTED, Step.WITHDRAW): Transition(_S.WITHDRAWN, reason=Reason.ANY),
    (_S.RETURNED, Step.WITHDRAW): Transition(_S.WITHDRAWN, reason=Reason.ANY),
    (_S.APPROVED, Step.WITHDRAW): Transition(_S.WITHDRAWN, reason=Reason.ANY),
    (_S.FORWARDED, Step.WITHDRAW): Transition(_S.WITHDRAWN, reason=Reason.ANY),
    (_S.APPROVED, Step.FORWARD): Transition(_S.FORWARDED),
    (_S.FORWARDED, Step.ESTABLISH): Transition(_S.ESTABLISHED),
    (_S.FORWARDED, Step.REFUSE): Transition(_S.REFUSED, reason=Reason.ANY),
    (_S.ESTABLISHED, Step.REVERSE): Transition(_S.REVERSED, reason=Reason.OWN_WORDS),
}


class ImpossibleStep(Conflict):
    """No row of `STEPS` leads from this state by this step."""

    def __init__(self, status: NominationStatus, step: Step) -> None:
        super().__init__(code=f"{status.value}:{step.value}")
        self.status_before = status
        self.step = step


def next_status(status: NominationStatus, step: Step) -> NominationStatus:
    """Raises: ImpossibleStep."""
    transition = STEPS.get((status, step))
    if transition is None:
        raise ImpossibleStep(status, step)
    return transition.to


def steps_from(status: NominationStatus) -> tuple[Step, ...]:
    """What can be done with a nomination in this state, in the order of its pages: their buttons
    are written by hand, and `tests/graduation/test_buttons.py` holds them to this."""
    return tuple(step for step in Step if (status, step) in STEPS)


#: Decisions of a supervisor.
DECISIONS = (Step.APPROVE, Step.RETURN, Step.REJECT)

#: What the ministry may answer.
OUTCOMES = (Step.ESTABLISH, Step.REFUSE)

#: States that count as approved by the supervisor, and those that count as established too. A
#: nomination in any other state counts in neither (docs/decisions/0019).
COUNTS_AS_APPROVED = (_S.APPROVED, _S.FORWARDED, _S.ESTABLISHED)
COUNTS_AS_ESTABLISHED = (_S.ESTABLISHED,)

#: States in which the facilitator still works on it.
EDITABLE = (_S.DRAFT, _S.RETURNED)

#: Decisions that nobody takes back; what was returned comes again.
FINAL_DECISIONS = tuple(step for step in DECISIONS if STEPS[_S.SUBMITTED, step].to not in EDITABLE)


def open_statuses() -> tuple[NominationStatus, ...]:
    """States in which the household is taken: no second nomination beside it."""
    return (_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.APPROVED, _S.FORWARDED)
