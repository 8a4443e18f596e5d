"""Who visits a family after its graduation, and when."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.aftercare import labels
from casework.aftercare.rules import Graduation, Window, window_at, windows
from casework.core import clock
from casework.core.errors import Invalid, Message
from casework.households.rules import HouseholdStatus


def why_not_visit(actor: Actor, status: HouseholdStatus) -> Message | None:
    """None when the actor may record a visit. Whose family it is, `households.scope` has decided
    before: of a graduated one, whoever looks after the group that it graduated from."""
    if not actor.may(Permission.AFTERCARE_RECORD):
        return _("Only the facilitator of the group records this.")
    if status is not HouseholdStatus.GRADUATED:
        return _("This family has not graduated: there is no visit after graduation.")
    return None


def check_day(actor: Actor, graduated: Graduation, visited_on: date) -> Window:
    """That of the visit for which this day counts. Raises: Invalid on `visited_on`."""
    if visited_on > clock.today(actor.time_zone):
        raise Invalid.field("visited_on", _("The date must not be after today."))
    window = window_at(graduated, visited_on)
    if window is None:
        first, last = windows(graduated)[0], windows(graduated)[-1]
        is_early = visited_on < first.opens_on
        raise Invalid.field(
            "visited_on",
            labels.too_early(first.opens_on) if is_early else labels.too_late(last.closes_on),
        )
    return window
