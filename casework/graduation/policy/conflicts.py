"""What stands in the way of a step, where it was not the person's own doing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from casework.core.errors import Conflict, Message, Refused
from casework.graduation.labels import (
    decided_already,
    done_already,
)
from casework.graduation.models import Nomination
from casework.graduation.queries.case import events_of
from casework.graduation.states import (
    NominationStatus,
    Step,
    WhyNot,
)


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
    return Conflict(message, code=WhyNot.MOVED_ON)


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
