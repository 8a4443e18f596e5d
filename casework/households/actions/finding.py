"""Looking a family up by its NIK or No KK. A number is either known or guessed: who may guess
without end and without a trace has the masked digits of a whole regency in a night."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core.paging import Page
from casework.households.policy import check_pace
from casework.households.queries import listing

#: Two groups' families at one sitting; guessing eight masked digits takes hundreds of thousands.
#: Source: none; product default.
MOST = 60
WITHIN = timedelta(minutes=10)


def by_number(actor: Actor, number: str) -> Page[Row[Any]]:
    """The household with exactly this number; what lies out of scope is not found.

    Raises: TooMany.
    """
    check_pace(actor, Tag.HOUSEHOLD_SOUGHT, most=MOST, within=WITHIN)
    found = listing.by_number(actor, number)
    record(
        actor,
        Tag.HOUSEHOLD_SOUGHT,
        subject_type="household",
        subject_id=found.rows[0].id if len(found.rows) == 1 else "",
        area_id=actor.area_id,
        found=len(found.rows),
    )
    return found
