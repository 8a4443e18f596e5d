"""Forwarding to the ministry, recording its outcome, and reversing it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Invalid, Message, Refused
from casework.graduation.models import Nomination
from casework.graduation.policy.conflicts import moved_on
from casework.graduation.policy.words import reason
from casework.graduation.queries.case import Case
from casework.graduation.rules import stages_for
from casework.graduation.states import (
    STEPS,
    Step,
    WhyNot,
)
from casework.households.rules import is_stage
from casework.regions.rules import holds_whole_regencies


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
    if case.had_hand:
        raise not_the_own_outcome(case.household.caretaker_name)


def not_the_own_outcome(name: str) -> Refused:
    """Four eyes to the end: what somebody documented as a facilitator they neither approve nor
    establish, in whatever role they are now."""
    return Refused(
        _(
            "You recorded part of the nomination of %(name)s yourself. Another administrator has to"
            " record its outcome.",
            name=name,
        ),
        code=WhyNot.HAD_HAND,
    )


def check_can_reverse(actor: Actor, case: Case) -> None:
    """Four eyes once more: not by whoever recorded the outcome."""
    check_can_record_outcome(actor)
    if (case.nomination.status, Step.REVERSE) not in STEPS:
        raise moved_on(case.nomination, Step.REVERSE)
    if case.entry is None or case.entry.outcome_by == actor.user_id:
        raise Refused(
            _("You recorded this outcome yourself. Another administrator has to reverse it."),
            code=WhyNot.OWN_OUTCOME,
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


def reason_not_to_forward(actor: Actor) -> Message | None:
    return reason(check_can_forward, actor)


def reason_not_to_answer(actor: Actor, case: Case) -> Message | None:
    return reason(check_can_answer, actor, case)


def reason_not_to_reverse(actor: Actor, case: Case) -> Message | None:
    return reason(check_can_reverse, actor, case)
