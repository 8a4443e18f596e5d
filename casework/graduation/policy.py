"""May this person do this, now, on this nomination; and if not, why not, in words.

`check_can_...` raises the reason; `reason_not_to_...` gives it to the page, which shows it
instead of the button.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import LazyString, lazy_ngettext
from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Conflict, Invalid, Message, Refused
from casework.core.own_words import OWN_WORDS, Lack, lack_in, says_enough
from casework.graduation.labels import EVIDENCE_KINDS, decided_already, done_already
from casework.graduation.models import Nomination
from casework.graduation.queries.case import Case, events_of
from casework.graduation.rules import missing_evidence, stages_for
from casework.graduation.states import (
    DECISIONS,
    EDITABLE,
    STEPS,
    NominationStatus,
    Step,
)
from casework.households.rules import HouseholdStatus, is_stage
from casework.regions.rules import holds_whole_regencies


class AlreadyNominated(Conflict):
    """There is one under way; `nomination_id` leads to it."""

    def __init__(self, nomination_id: uuid.UUID) -> None:
        super().__init__(_("This family has a nomination under way already."))
        self.nomination_id = nomination_id


class EvidenceUnopened(Refused):
    """The supervisor has not looked at all of it; the page leads there."""


def moved_on(nomination: Nomination, step: Step | None = None) -> Conflict:
    """Somebody was faster: who, when, and what came of it. `step`: what was to be done, where it
    is the administrator's."""
    message: Message
    if nomination.status is NominationStatus.WITHDRAWN:
        message = _("The family has withdrawn. Nothing is left to do.")
    elif nomination.status in _WITH_MINISTRY:
        last = events_of(nomination)[-1]
        message = done_already(last.actor_name, last.at, nomination.status)
    elif step in _TOO_EARLY:
        message = _TOO_EARLY[step]
    elif nomination.decided_by_name and nomination.decided_at and nomination.status in _DECIDED:
        message = decided_already(
            nomination.decided_by_name, nomination.decided_at, nomination.status
        )
    elif nomination.status is NominationStatus.SUBMITTED:
        message = _("This nomination was changed meanwhile. Look at it again.")
    else:
        message = _("This nomination is not with the supervisor.")
    return Conflict(message, code="moved_on")


#: Reached by an administrator's act.
_WITH_MINISTRY = (
    NominationStatus.FORWARDED,
    NominationStatus.ESTABLISHED,
    NominationStatus.REFUSED,
    NominationStatus.REVERSED,
)
_TOO_EARLY: Mapping[Step | None, Message] = {
    Step.FORWARD: _("No supervisor has approved this nomination."),
    Step.ESTABLISH: _("This nomination has not been forwarded to the ministry."),
    Step.REFUSE: _("This nomination has not been forwarded to the ministry."),
    Step.REVERSE: _("The ministry has not established this graduation."),
}
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
        raise Conflict(_("This nomination is closed or answered: there is nothing to withdraw."))
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


def check_can_forward(actor: Actor) -> None:
    """A batch is for a whole regency: whoever sees a part of it would send half a list."""
    if not actor.may(Permission.NOMINATION_FORWARD):
        raise Refused(_("Only an administrator forwards nominations to the ministry."))
    _check_is_wide(actor)


def check_can_record_outcome(actor: Actor) -> None:
    if not actor.may(Permission.OUTCOME_RECORD):
        raise Refused(_("Only an administrator records what the ministry answered."))
    _check_is_wide(actor)


def _check_is_wide(actor: Actor) -> None:
    if not holds_whole_regencies(actor.region_code):
        raise Refused(_("A batch is for a whole regency or city. Your region is smaller."))


def check_can_answer(actor: Actor, case: Case) -> None:
    """Whether the outcome of this nomination may be recorded by hand."""
    check_can_record_outcome(actor)
    if (case.nomination.status, Step.ESTABLISH) not in STEPS:
        raise moved_on(case.nomination, Step.ESTABLISH)


def check_can_reverse(actor: Actor, case: Case) -> None:
    """Four eyes once more: not by whoever recorded the outcome."""
    check_can_record_outcome(actor)
    if (case.nomination.status, Step.REVERSE) not in STEPS:
        raise moved_on(case.nomination, Step.REVERSE)
    if case.entry is None or case.entry.outcome_by == actor.user_id:
        raise Refused(
            _("You recorded this outcome yourself. Another administrator has to reverse it.")
        )


def check_stage(nomination: Nomination, stage: str, time_zone: str) -> None:
    """Raises: Invalid on `stage` for one from which this graduation cannot be established."""
    if not is_stage(stage):
        raise Invalid.field("stage", _("Write the payment stage like 2027-1."))
    possible = possible_stages(nomination, time_zone)
    if stage not in possible:
        raise Invalid.field(
            "stage",
            _(
                "The stage must be between %(first)s and %(last)s.",
                first=possible[0],
                last=possible[-1],
            ),
        )


def possible_stages(nomination: Nomination, time_zone: str) -> list[str]:
    """Earliest first."""
    return stages_of(nomination.decided_at, time_zone)


def stages_of(approved_at: datetime | None, time_zone: str) -> list[str]:
    """From which an approval of that moment may be established, earliest first."""
    approved_on = (approved_at or clock.now()).astimezone(ZoneInfo(time_zone)).date()
    return stages_for(approved_on, clock.today(time_zone))


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


def reason_not_to_forward(actor: Actor) -> Message | None:
    return _reason(check_can_forward, actor)


def reason_not_to_answer(actor: Actor, case: Case) -> Message | None:
    return _reason(check_can_answer, actor, case)


def reason_not_to_reverse(actor: Actor, case: Case) -> Message | None:
    return _reason(check_can_reverse, actor, case)


def reason_never_to_decide(actor: Actor, case: Case) -> Message | None:
    return _reason(check_may_ever_decide, actor, case)
