"""Showing a personal number in clear: an act of its own, written down before it is shown."""

from __future__ import annotations

import uuid
from datetime import timedelta

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.households import scope
from casework.households.policy import check_pace
from casework.households.queries import numbers
from casework.households.queries.numbers import Number

#: Nobody reads more than a group's numbers at one sitting; who does is copying the register.
MOST = 30
WITHIN = timedelta(minutes=10)


def reveal(actor: Actor, household_id: uuid.UUID, what: Number) -> str:
    """One number or the address of a household, in clear; empty where there is none.

    Raises: NotFound; TooMany.
    """
    household = scope.household(actor, household_id)
    check_pace(actor, Tag.NIK_REVEALED, most=MOST, within=WITHIN)
    record(
        actor,
        Tag.NIK_REVEALED,
        subject_type="household",
        subject_id=household_id,
        area_id=household.area_id,
        what=what.value,
    )
    return numbers.read(household.area_id, household_id, what)
