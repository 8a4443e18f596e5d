"""What every recording asks first: may she, is the day possible."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.core import clock
from casework.core.errors import Invalid, Message, Refused
from casework.economics.policy import why_not_record
from casework.households import scope
from casework.households.rules import HouseholdStatus

WhyNot = Callable[[Actor, HouseholdStatus], Message | None]


def may_record(actor: Actor, household_id: uuid.UUID, why_not: WhyNot = why_not_record) -> int:
    """The household's area; its row is held until the transaction ends."""
    household = scope.household_for_change(actor, household_id)
    reason = why_not(actor, household.status)
    if reason is not None:
        raise Refused(reason)
    return household.area_id


def check_not_after_today(actor: Actor, name: str, on: date) -> None:
    if on > clock.today(actor.time_zone):
        raise Invalid.field(name, lazy_gettext("The date must not be after today."))
