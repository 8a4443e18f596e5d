"""Who records that a family has left the programme otherwise, when, and who takes it back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Conflict, Invalid, Message, Refused
from casework.core.own_words import OWN_WORDS
from casework.graduation.labels import left_already, taken_back_already
from casework.graduation.models import HouseholdExit
from casework.graduation.policy.words import check_own_words, reason
from casework.graduation.rules import (
    EXITS_BY_LETTER,
    EXITS_BY_ROSTER,
    EXPLAINED_EXITS,
    MOST_CHARACTERS,
    MOST_LETTER,
    TENURE_YEARS,
    exit_stages,
    has_tenure,
)
from casework.graduation.states import WhyNot
from casework.households.rules import PROGRAMME_BEGAN, HouseholdStatus
from casework.ledger.rules import OTHER_EXITS, ExitKind


class NominationUnderWay(Conflict):
    """The nomination has to end first, by its own steps; `nomination_id` leads to it."""

    def __init__(self, nomination_id: uuid.UUID) -> None:
        super().__init__(
            _(
                "A nomination of this family is under way. It has to be withdrawn, rejected or"
                " answered first."
            )
        )
        self.nomination_id = nomination_id


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a family leaves; words without needless space."""

    kind: ExitKind
    stage: str
    on: date
    reason: str = ""
    letter: str = ""


def exit_kinds_for(actor: Actor) -> Sequence[ExitKind]:
    """What this person may record."""
    if not actor.may(Permission.EXIT_RECORD):
        return ()
    knows_rosters = actor.may(Permission.ROSTER_IMPORT)
    return [kind for kind in OTHER_EXITS if knows_rosters or kind not in EXITS_BY_ROSTER]


def check_can_leave(
    actor: Actor,
    household: Any,
    open_nomination: uuid.UUID | None,
    last_exit: HouseholdExit | None,
) -> None:
    """`household`: a row of `households.scope`, or the household itself; `last_exit` the latest
    that stands. Raises: Refused, Conflict, NominationUnderWay."""
    if not actor.may(Permission.EXIT_RECORD):
        raise Refused(_("Only a supervisor or an administrator records that a family has left."))
    if household.status is HouseholdStatus.EXITED and last_exit is not None:
        raise Conflict(
            left_already(last_exit.recorded_by_name, last_exit.recorded_at, last_exit.kind),
            code="left",
        )
    if open_nomination is not None:
        raise NominationUnderWay(open_nomination)
    if household.status is not HouseholdStatus.ACTIVE:
        raise Refused(_("This family is no longer an active member of PKH."))


def check_leaving(
    actor: Actor,
    leaving: Leaving,
    household: Any,
    last_exit: HouseholdExit | None,
    time_zone: str,
) -> None:
    """Raises: Refused for a kind that is not this person's to record; Invalid on `kind`, `stage`,
    `on`, `reason` or `letter`."""
    if leaving.kind not in exit_kinds_for(actor):
        raise Refused(
            _("Only an administrator records what comes from the ministry's data.")
            if leaving.kind in EXITS_BY_ROSTER
            else _("This exit is not recorded here.")
        )
    problems = problems_of_leaving(leaving, household, last_exit, time_zone)
    if problems:
        raise Invalid(problems)


def problems_of_leaving(
    leaving: Leaving, household: Any, last_exit: HouseholdExit | None, time_zone: str
) -> dict[str, list[Message]]:
    """What is wrong with it, all at once, by the field: `kind`, `stage`, `on`, `reason` or
    `letter`. Whose the kind is to record, `check_leaving` says."""
    today = clock.today(time_zone)
    stages = exit_stages(
        household.first_stage, None if last_exit is None else last_exit.stage, today
    )
    problems: dict[str, list[Message]] = {}
    checks: tuple[Callable[[], None], ...] = (
        lambda: _check_kind(leaving, household.member_since_year),
        lambda: _check_stage(leaving, stages),
        lambda: _check_day(leaving, today),
        lambda: _check_reason(leaving),
        lambda: _check_letter(leaving),
    )
    for check in checks:
        try:
            check()
        except Invalid as found:
            problems |= found.fields
    return problems


def _check_kind(leaving: Leaving, since: int | None) -> None:
    if leaving.kind is ExitKind.TENURE and not has_tenure(since, leaving.stage):
        raise Invalid.field(
            "kind",
            _(
                "This family has been on PKH since %(year)s: less than %(years)s years.",
                year=since,
                years=TENURE_YEARS,
            ),
        )


def _check_stage(leaving: Leaving, possible: Sequence[str]) -> None:
    if leaving.stage not in possible:
        raise Invalid.field("stage", _("Choose the payment stage from which the family is out."))


def _check_day(leaving: Leaving, today: date) -> None:
    if leaving.on > today:
        raise Invalid.field("on", _("The date must not be after today."))
    if leaving.on < PROGRAMME_BEGAN:
        raise Invalid.field("on", _("This date is too long ago. Check the year."))


def _check_reason(leaving: Leaving) -> None:
    if leaving.kind in EXPLAINED_EXITS:
        check_own_words(
            "reason",
            leaving.reason,
            _("Write a reason of at least %(least)s letters.", least=OWN_WORDS),
        )
    if len(leaving.reason) > MOST_CHARACTERS:
        raise Invalid.field("reason", _("Use at most %(count)s characters.", count=MOST_CHARACTERS))


def _check_letter(leaving: Leaving) -> None:
    if leaving.kind in EXITS_BY_LETTER and not leaving.letter:
        raise Invalid.field("letter", _("Write the number of the letter."))
    if len(leaving.letter) > MOST_LETTER:
        raise Invalid.field("letter", _("Use at most %(count)s characters.", count=MOST_LETTER))


def check_can_reverse_exit(actor: Actor, left: HouseholdExit) -> None:
    """Four eyes: not by whoever recorded it."""
    if not actor.may(Permission.EXIT_REVERSE):
        raise Refused(_("Only an administrator takes back that a family has left."))
    if left.reversed_at is not None:
        raise Conflict(
            taken_back_already(left.reversed_by_name or "", left.reversed_at),
            code=WhyNot.MOVED_ON,
        )
    if left.recorded_by == actor.user_id:
        raise Refused(
            _("You recorded this exit yourself. Another administrator has to take it back."),
            code=WhyNot.OWN_EXIT,
        )


def reason_not_to_leave(
    actor: Actor,
    household: Any,
    open_nomination: uuid.UUID | None,
    last_exit: HouseholdExit | None,
) -> Message | None:
    return reason(check_can_leave, actor, household, open_nomination, last_exit)


def reason_not_to_reverse_exit(actor: Actor, left: HouseholdExit) -> Message | None:
    return reason(check_can_reverse_exit, actor, left)
