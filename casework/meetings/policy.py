"""Whether somebody may record this meeting now, settle it or call it off, and why not."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Invalid, Message, Refused
from casework.core.own_words import lack_in
from casework.meetings.rules import (
    BACKDATING_DAYS,
    REASON_LETTERS,
    REASON_WORDS,
    DateProblem,
    WhyNot,
    date_problem,
    supervisor_may,
    supervisor_may_from,
    why_not_called_off,
)
from casework.web.locale import moment

_DATE_PROBLEMS = {
    DateProblem.IN_THE_FUTURE: lazy_gettext("The date must not be after today."),
    DateProblem.BEFORE_LAST_MONTH: lazy_gettext(
        "The date must lie in this month or the month before."
    ),
}

_WHY_NOT_CALLED_OFF = {
    WhyNot.CALLED_OFF: lazy_gettext("This register has been called off already."),
    WhyNot.TOO_LATE: lazy_gettext(
        "A register can be called off only as long as a meeting of its day can be recorded."
    ),
    WhyNot.DIFFERS: lazy_gettext("Settle first what differs in this register."),
}


def check_can_record(actor: Actor, facilitator_id: uuid.UUID | None) -> None:
    """Only who has the group in her care writes in its register. Raises: Refused."""
    if not actor.may(Permission.MEETING_RECORD) or facilitator_id != actor.user_id:
        raise Refused(lazy_gettext("Only the group's facilitator may record its meetings."))


def can_record(actor: Actor, facilitator_id: uuid.UUID | None) -> bool:
    try:
        check_can_record(actor, facilitator_id)
    except Refused:
        return False
    return True


def check_settles(actor: Actor, facilitator_id: uuid.UUID | None) -> None:
    """Who settles what devices say differently: whoever has the group in her care, and later a
    supervisor of the region. Raises: Refused."""
    if actor.may(Permission.MEETING_RECORD) or not actor.may(Permission.MEETING_SETTLE):
        check_can_record(actor, facilitator_id)


def check_can_settle(actor: Actor, facilitator_id: uuid.UUID | None, since: datetime) -> None:
    """Whether she may settle now what has differed since then: the facilitator at any time, the
    supervisor after the facilitator had time to ask around. Raises: Refused."""
    check_settles(actor, facilitator_id)
    if not actor.may(Permission.MEETING_RECORD) and not supervisor_may(since, clock.now()):
        raise Refused(
            lazy_gettext(
                "Until %(moment)s only the group's facilitator may settle this.",
                moment=moment(supervisor_may_from(since)),
            )
        )


def can_settle(actor: Actor, facilitator_id: uuid.UUID | None, since: datetime) -> bool:
    try:
        check_can_settle(actor, facilitator_id, since)
    except Refused:
        return False
    return True


def check_day(held_on: date, today: date, backdating_days: int = BACKDATING_DAYS) -> None:
    """The day of a meeting that is recorded for the first time. Raises: Invalid at `held_on`."""
    problem = date_problem(held_on, today, backdating_days)
    if problem is None:
        return
    message = _DATE_PROBLEMS.get(problem) or lazy_gettext(
        "The date must not be more than %(days)s days ago.", days=backdating_days
    )
    raise Invalid.field("held_on", message)


def check_can_call_off(actor: Actor, meeting: Any, backdating_days: int = BACKDATING_DAYS) -> None:
    """Only who may record the meeting calls it off, and as long as she may. `meeting`: a row with
    facilitator_id, status, held_on and differs_since. Raises: Refused."""
    check_can_record(actor, meeting.facilitator_id)
    day = date_problem(meeting.held_on, clock.today(actor.time_zone), backdating_days)
    is_differing = meeting.differs_since is not None
    why_not = why_not_called_off(meeting.status, day, is_differing=is_differing)
    if why_not is not None:
        raise Refused(_WHY_NOT_CALLED_OFF[why_not])


def why_not_call_off(
    actor: Actor, meeting: Any, backdating_days: int = BACKDATING_DAYS
) -> Message | None:
    """As words; None where she may."""
    try:
        check_can_call_off(actor, meeting, backdating_days)
    except Refused as error:
        return error.message
    return None


def can_record_anew(actor: Actor, meeting: Any, backdating_days: int = BACKDATING_DAYS) -> bool:
    """What was called off, where the group did meet on that day."""
    problem = date_problem(meeting.held_on, clock.today(actor.time_zone), backdating_days)
    return problem is None and can_record(actor, meeting.facilitator_id)


def check_reason(reason: str) -> None:
    """Why a register is called off. Raises: Invalid at `reason`."""
    if lack_in(reason, REASON_LETTERS, REASON_WORDS) is not None:
        raise Invalid.field(
            "reason",
            lazy_gettext("Write why, in at least %(least)s letters.", least=REASON_LETTERS),
        )
