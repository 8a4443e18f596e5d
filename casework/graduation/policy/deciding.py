"""Who decides, when, and on what."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Conflict, Invalid, Message, Refused
from casework.core.own_words import OWN_WORDS
from casework.graduation.labels import (
    decides_from,
)
from casework.graduation.policy.conflicts import EvidenceUnopened, moved_on
from casework.graduation.policy.words import check_own_words, reason
from casework.graduation.queries.case import Case
from casework.graduation.rules import AFTER_FACILITATING
from casework.graduation.states import (
    DECISIONS,
    STEPS,
    WhyNot,
)
from casework.readiness.rules import Caution


def check_can_decide(actor: Actor, case: Case) -> None:
    """Raises: EvidenceUnopened; Refused; Conflict when it was decided already."""
    check_may_ever_decide(actor, case)
    if all((case.nomination.status, step) not in STEPS for step in DECISIONS):
        raise moved_on(case.nomination)
    if not case.is_as_sent:
        raise Conflict(
            _("The evidence is not what the facilitator sent. Tell your administrator."),
            code=WhyNot.EVIDENCE_SWAPPED,
        )
    unopened = unopened_evidence(case)
    if unopened is not None:
        raise EvidenceUnopened(unopened)


def check_may_ever_decide(actor: Actor, case: Case) -> None:
    """Four eyes: nobody decides on what they made, sent or documented, in whatever role they
    did it and in whatever role they are now."""
    if not actor.may(Permission.NOMINATION_DECIDE):
        raise Refused(_("Only a supervisor decides on nominations."))
    until = actor.facilitated_until
    if until is not None and clock.now() < until + AFTER_FACILITATING:
        raise Refused(
            decides_from(until, until + AFTER_FACILITATING), code=WhyNot.FACILITATED_LATELY
        )
    own = whose_own(actor, case)
    if own is WhyNot.OWN_NOMINATION:
        raise Refused(
            _("You made this nomination yourself. Another supervisor has to decide."), code=own
        )
    if own is WhyNot.HAD_HAND:
        raise Refused(
            _("You recorded part of this nomination yourself. Another supervisor has to decide."),
            code=own,
        )


def whose_own(actor: Actor, case: Case) -> WhyNot | None:
    """What makes it their own nomination, if anything does."""
    if actor.user_id in (case.nomination.nominated_by, case.nomination.submitted_by):
        return WhyNot.OWN_NOMINATION
    return WhyNot.HAD_HAND if case.had_hand else None


def check_weighs(standing: Collection[Caution], seen: Collection[Caution], answer: str) -> None:
    """Raises: Invalid on `answer` where a warning sign stands that was not seen or not answered."""
    if set(standing) - set(seen):
        raise Invalid.field(
            "answer", _("There is a warning that you have not seen. Read it, then answer it.")
        )
    if standing:
        check_own_words(
            "answer",
            answer,
            _("Answer the warnings in at least %(least)s letters.", least=OWN_WORDS),
        )


def unopened_evidence(case: Case) -> Message | None:
    """What the supervisor can still do about it; None once everything was opened."""
    unopened = len(case.unopened)
    if not unopened:
        return None
    message: Message = lazy_ngettext(
        "Open all evidence first: %(num)d is not opened yet.",
        "Open all evidence first: %(num)d are not opened yet.",
        unopened,
    )
    return message


def reason_never_to_decide(actor: Actor, case: Case) -> Message | None:
    return reason(check_may_ever_decide, actor, case)
