"""Who may record something of a family's economy, and why not."""

from __future__ import annotations

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import Message
from casework.households.rules import HouseholdStatus


def why_not_record(
    actor: Actor,
    status: HouseholdStatus,
    permission: Permission = Permission.ECONOMICS_RECORD,
) -> Message | None:
    """None when the actor may. Whose household it is, `households.scope` has decided before."""
    if not actor.may(permission):
        return lazy_gettext("Only the facilitator of the group records this.")
    if status is not HouseholdStatus.ACTIVE:
        return lazy_gettext("This family is no longer active in the programme.")
    return None
