from __future__ import annotations

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.core import clock
from casework.core.errors import Conflict
from casework.households.models import Household
from casework.households.rules import HouseholdStatus, may_become


def set_status(actor: Actor, household: Household, status: HouseholdStatus) -> None:
    """Let a household that the caller has got `for_change` become something else.

    Writes no line of the trail: the act that leads to it (a decision, an outcome, a roster)
    writes one that names the household.

    Raises: Conflict where no act of the programme leads from the one status to the other.
    """
    if household.status is status:
        return
    if not may_become(household.status, status):
        raise Conflict(lazy_gettext("The family's status has changed meanwhile. Look again."))
    household.status = status
    household.updated_at = clock.now()


def take_back_approval(actor: Actor, household: Household) -> None:
    """The family stays in the programme after all. A roster may have let it leave otherwise
    meanwhile; that stays."""
    if household.status is HouseholdStatus.APPROVED:
        set_status(actor, household, HouseholdStatus.ACTIVE)
