from __future__ import annotations

import uuid

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.signals import household_facts_changed
from casework.households import scope
from casework.households.policy import check_entry_year


def record_entry_year(actor: Actor, household_id: uuid.UUID, year: int | None) -> bool:
    """Record the year in which a family joined PKH, or that it is not known after all; False
    when nothing differs. Readiness follows in the same transaction.

    Raises: NotFound; Invalid on `year`.
    """
    household = scope.household_for_change(actor, household_id)
    before = household.member_since_year
    if year == before:
        return False
    if year is not None:
        check_entry_year(actor, year, household.first_stage)
    household.member_since_year = year
    household.updated_at = clock.now()
    db.session.flush()
    household_facts_changed.send(actor, area_id=household.area_id, household_ids=[household.id])
    record(
        actor,
        Tag.HOUSEHOLD_ENTRY_RECORDED,
        subject_type="household",
        subject_id=household.id,
        area_id=household.area_id,
        changes={"member_since_year": [before, year]},
    )
    return True
