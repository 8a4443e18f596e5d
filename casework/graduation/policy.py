"""May this person do this, now, on this nomination; and if not, why not, in words.

`check_can_...` raises the reason; `reason_not_to_...` gives it to the page, which shows it
instead of the button.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask_babel import LazyString, lazy_ngettext
from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import Conflict, Invalid, Message, Refused
from casework.core.own_words import OWN_WORDS, Lack, lack_in, says_enough
from casework.graduation.labels import EVIDENCE_KINDS, decided_already
from casework.graduation.models import Nomination
from casework.graduation.queries.case import Case
from casework.graduation.rules import missing_evidence
from casework.graduation.states import (
    DECISIONS,
    EDITABLE,
    STEPS,
    NominationStatus,
    Step,
)
from casework.households.rules import HouseholdStatus


class AlreadyNominated(Conflict):
    """There is one under way; `nomination_id` leads to it."""

    def __init__(self, nomination_id: uuid.UUID) -> None:
        super().__init__(_("This family has a nomination under way already."))
        self.nomination_id = nomination_id


class EvidenceUnopened(Refused):
    """The supervisor has not looked at all of it; the page leads there."""


def moved_on(nomination: Nomination) -> Conflict:
    """Somebody was faster: who, when, and what came of it."""
    message: Message
    if nomination.decided_by_name and nomination.decided_at and nomination.status in _DECIDED:
        message = decided_already(
            nomination.decided_by_name, nomination.decided_at, nomination.status
        )
    elif nomination.status is NominationStatus.WITHDRAWN:
        message = _("The family has withdrawn. Nothing is left to do.")
    elif nomination.status is NominationStatus.SUBMITTED:
        message = _("This nomination was changed meanwhile. Look at it again.")
    else:
        message = _("This nomination is not with the supervisor.")
    return Conflict(message, code="moved_on")


_DECIDED = (NominationStatus.APPROVED, NominationStatus.RETURNED, NominationStatus.REJECTED)


def check_can_draft(actor: Actor, household: Any, open_nomination: uuid.UUID | None) -> None:
    """`household`: a row of `households.scope`."""
    if not actor.may(Permission.NOMINATION_MAKE) or household.facilitator_id != actor.user_id:
        raise Refused(_("Only the group's facilitator nominates a family."))
    if open_nomination is not None:
        raise AlreadyNominated(open_nomination)
    if household.status is not HouseholdStatus.ACTIVE:
        raise Refused(_("This family is no longer an active member of PKH."))


def check_can_edit(actor: Actor, case: Case) -> None:
    """Consent, note and evidence: by whoever nominated or looks after the group now, and only
    while it lies with them."""
    _check_is_with(actor, case)
    if case.nomination.status not in EDITABLE:
        raise Conflict(_("This nomination was sent or is closed: nothing about it can be changed."))


def check_can_submit(actor: Actor, case: Case) -> None:
    """Raises: the first of `hindrances_to_submit`."""
    check_can_edit(actor, case)
    for hindrance in hindrances_to_submit(case):
        raise Refused(hindrance)


def hindrances_to_submit(case: Case) -> list[Message]:
    """Everything that is still to do, in the order of the page."""
    found: list[Message] = []
    if case.household.status is not HouseholdStatus.ACTIVE:
        found.append(_("This family is no longer an active member of PKH."))
    if not case.has_consent:
        found.append(_("Record the family's statement: when, how, and who asked."))
    found += [
        LazyString(_missing_file, kind)
        for kind in missing_evidence([each.kind for each in case.evidence])
    ]
    if not says_enough(case.nomination.note):
        found.append(
            _("Write why you put this family forward, at least %(least)s letters.", least=OWN_WORDS)
        )
    return found


def check_can_withdraw(actor: Actor, case: Case) -> None:
    if (case.nomination.status, Step.WITHDRAW) not in STEPS:
        raise Conflict(_("This nomination is closed: there is nothing to withdraw."))
    _check_is_with(actor, case)


def check_can_decide(actor: Actor, case: Case) -> None:
    """Raises: EvidenceUnopened; Refused; Conflict when it was decided already."""
    check_may_ever_decide(actor, case)
    if all((case.nomination.status, step) not in STEPS for step in DECISIONS):
        raise moved_on(case.nomination)
    unopened = unopened_evidence(case)
    if unopened is not None:
        raise EvidenceUnopened(unopened)


def check_may_ever_decide(actor: Actor, case: Case) -> None:
    """Four eyes: nobody decides on what they made, sent or documented, in whatever role they
    did it and in whatever role they are now."""
    if not actor.may(Permission.NOMINATION_DECIDE):
        raise Refused(_("Only a supervisor decides on nominations."))
    if actor.user_id in (case.nomination.nominated_by, case.nomination.submitted_by):
        raise Refused(_("You made this nomination yourself. Another supervisor has to decide."))
    if case.had_hand:
        raise Refused(
            _("You recorded part of this nomination yourself. Another supervisor has to decide.")
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


def check_own_words(field: str, text: str, too_short: Message) -> None:
    """Raises: Invalid, at the field."""
    lack = lack_in(text)
    if lack is Lack.LETTERS:
        raise Invalid.field(field, too_short)
    if lack is Lack.WORDS:
        raise Invalid.field(
            field, _("Write a sentence, not one letter or one word again and again.")
        )


def _check_is_with(actor: Actor, case: Case) -> None:
    mine = (case.nomination.nominated_by, case.household.facilitator_id)
    if not actor.may(Permission.NOMINATION_MAKE) or actor.user_id not in mine:
        raise Refused(_("Only the group's facilitator works on this nomination."))


def _missing_file(kind: Any) -> str:
    return str(_("Add: %(kind)s.", kind=EVIDENCE_KINDS[kind]))


def _reason(check: Callable[..., None], *subject: Any) -> Message | None:
    try:
        check(*subject)
    except (Refused, Conflict) as error:
        return error.message
    return None


def reason_not_to_draft(
    actor: Actor, household: Any, open_nomination: uuid.UUID | None
) -> Message | None:
    return _reason(check_can_draft, actor, household, open_nomination)


def reason_not_to_edit(actor: Actor, case: Case) -> Message | None:
    return _reason(check_can_edit, actor, case)


def reason_not_to_withdraw(actor: Actor, case: Case) -> Message | None:
    return _reason(check_can_withdraw, actor, case)


def reason_never_to_decide(actor: Actor, case: Case) -> Message | None:
    return _reason(check_may_ever_decide, actor, case)
