"""Putting a family forward, until the supervisor sees it, and the family's change of mind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Conflict, Message, Refused
from casework.core.own_words import OWN_WORDS, says_enough
from casework.graduation.labels import EVIDENCE_KINDS, of_file
from casework.graduation.policy.conflicts import AlreadyNominated
from casework.graduation.policy.consent import reason_consent_stands_not
from casework.graduation.policy.doubles import doubles_among
from casework.graduation.policy.words import reason
from casework.graduation.queries.case import Case
from casework.graduation.rules import DRAFTS_WITHIN, MOST_DRAFTS, missing_evidence
from casework.graduation.states import (
    EDITABLE,
    STEPS,
    Step,
    WhyNot,
)
from casework.households.rules import HouseholdStatus


def check_can_draft(
    actor: Actor, household: Any, open_nomination: uuid.UUID | None, given_up: int
) -> None:
    """`household`: a row of `households.scope`. `given_up`: how many were begun within
    `DRAFTS_WITHIN` and never sent."""
    if not actor.may(Permission.NOMINATION_MAKE) or household.facilitator_id != actor.user_id:
        raise Refused(_("Only the group's facilitator nominates a family."))
    if open_nomination is not None:
        raise AlreadyNominated(open_nomination)
    if household.status is not HouseholdStatus.ACTIVE:
        raise Refused(_("This family is no longer an active member of PKH."))
    if given_up >= MOST_DRAFTS:
        raise Refused(
            _(
                "In the last %(days)s days %(most)s nominations of this family were begun and"
                " withdrawn before they were sent. Talk with the family; begin a new one later.",
                days=DRAFTS_WITHIN.days,
                most=MOST_DRAFTS,
            )
        )


def check_can_edit(actor: Actor, case: Case, too_late: WhyNot = WhyNot.MOVED_ON) -> None:
    """Consent, note and evidence: by whoever nominated or looks after the group now, and only
    while it lies with them. `too_late`: what the trail calls it once it does not."""
    _check_is_with(actor, case)
    if case.nomination.status not in EDITABLE:
        raise Conflict(
            _("This nomination was sent or is closed: nothing about it can be changed."),
            code=too_late,
        )


def check_can_change_evidence(actor: Actor, case: Case) -> None:
    """Other files than those that were sent are no matter of an old page alone."""
    check_can_edit(actor, case, WhyNot.EVIDENCE_SWAPPED)


def check_can_submit(actor: Actor, case: Case) -> None:
    """Raises: the first of what `hindrances_to_submit` says."""
    check_can_edit(actor, case)
    for hindrance in _hindrances(case):
        raise hindrance


def hindrances_to_submit(case: Case) -> list[Message]:
    """Everything that is still to do, in the order of the page."""
    return [each.message for each in _hindrances(case)]


def _hindrances(case: Case) -> Iterator[Refused]:
    if case.household.status is not HouseholdStatus.ACTIVE:
        yield Refused(_("This family is no longer an active member of PKH."))
    if not case.has_consent:
        yield Refused(_("Record the family's statement: when, how, and who asked."))
    elif stands_not := _consent_stands_not(case):
        yield Refused(stands_not)
    for kind in missing_evidence([each.kind for each in case.evidence]):
        yield Refused(LazyString(_missing_file, kind))
    # Of drafts of before a file was asked to stand for one thing.
    for kind, double in doubles_among([each.known for each in case.evidence]):
        yield Refused(of_file(kind, double.message), code=double.code)
    if not says_enough(case.nomination.note):
        yield Refused(
            _("Write why you put this family forward, at least %(least)s letters.", least=OWN_WORDS)
        )


def _consent_stands_not(case: Case) -> Message | None:
    said_on, today = case.nomination.consent_on, clock.today(case.household.time_zone)
    return said_on and reason_consent_stands_not(said_on, case.household, today)


def check_can_withdraw(actor: Actor, case: Case) -> None:
    """On the family's word: by whoever looks after its group, or by the supervisor where nobody
    does, so that no family is kept in the procedure because a post is vacant."""
    if (case.nomination.status, Step.WITHDRAW) not in STEPS:
        raise Conflict(_("This nomination is closed or answered: there is nothing to withdraw."))
    if actor.may(Permission.NOMINATION_MAKE) or not actor.may(Permission.NOMINATION_WITHDRAW):
        _check_is_with(actor, case)
    elif case.is_looked_after:
        raise Refused(
            _(
                "%(name)s looks after this family and records that it withdraws.",
                name=case.household.facilitator_name,
            )
        )


def _check_is_with(actor: Actor, case: Case) -> None:
    mine = (case.nomination.nominated_by, case.household.facilitator_id)
    if not actor.may(Permission.NOMINATION_MAKE) or actor.user_id not in mine:
        raise Refused(_("Only the group's facilitator works on this nomination."))


def _missing_file(kind: Any) -> str:
    return str(_("Add: %(kind)s.", kind=EVIDENCE_KINDS[kind]))


def reason_not_to_draft(
    actor: Actor, household: Any, open_nomination: uuid.UUID | None, given_up: int
) -> Message | None:
    return reason(check_can_draft, actor, household, open_nomination, given_up)


def reason_not_to_edit(actor: Actor, case: Case) -> Message | None:
    return reason(check_can_edit, actor, case)


def reason_not_to_withdraw(actor: Actor, case: Case) -> Message | None:
    return reason(check_can_withdraw, actor, case)
