"""Whether somebody may record this meeting now, or settle it, and why not."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Invalid, Refused
from casework.meetings.rules import (
    BACKDATING_DAYS,
    DateProblem,
    date_problem,
    supervisor_may,
    supervisor_may_from,
)
from casework.web.locale import moment

_DATE_PROBLEMS = {
    DateProblem.IN_THE_FUTURE: lazy_gettext("The date must not be after today."),
    DateProblem.BEFORE_LAST_MONTH: lazy_gettext(
        "The date must lie in this month or the month before."
    ),
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
