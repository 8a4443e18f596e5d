"""Who may record something of a family's economy, and why not."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import Message
from casework.households.rules import IN_PROGRAMME, HouseholdStatus

#: Who may be helped: capital and training also come with the graduation, and after it.
HELPED = IN_PROGRAMME | {HouseholdStatus.GRADUATED}


def why_not_record(
    actor: Actor,
    status: HouseholdStatus,
    permission: Permission = Permission.ECONOMICS_RECORD,
    among: Collection[HouseholdStatus] = IN_PROGRAMME,
) -> Message | None:
    """None when the actor may. Whose household it is, `households.scope` has decided before."""
    if not actor.may(permission):
        return lazy_gettext("Only the facilitator of the group records this.")
    if status not in among:
        return lazy_gettext("This family is no longer in the programme.")
    return None


def why_not_record_support(actor: Actor, status: HouseholdStatus) -> Message | None:
    """As `why_not_record`, of the help that a family received."""
    return why_not_record(actor, status, among=HELPED)
