"""A visit of a family, and what it is held against.

The caller has got the household through `scope`: nothing here looks at whose it is.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from casework.access.actor import Actor
from casework.aftercare.models import FollowUpVisit
from casework.aftercare.rules import Graduation, Yardstick, since
from casework.core.db import db
from casework.core.errors import NotFound
from casework.economics.queries.history import observations_of
from casework.economics.rules import ObservationFacts, economy
from casework.readiness.queries.limits import income_gate
from casework.readiness.rules import Operator


def graduated(actor: Actor, stage: str, outcome_at: datetime) -> Graduation:
    """The days of a graduation, by the clock where the actor works."""
    return Graduation(since(stage), outcome_at.astimezone(ZoneInfo(actor.time_zone)).date())


def visit_of(area_id: int, household_id: uuid.UUID, visit_id: uuid.UUID) -> FollowUpVisit:
    """One, also if it was corrected since. Raises: NotFound, also for one of another family."""
    found = db.session.scalar(
        select(FollowUpVisit)
        .where(
            FollowUpVisit.area_id == area_id,
            FollowUpVisit.household_id == household_id,
            FollowUpVisit.id == visit_id,
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def yardstick(area_id: int, household_id: uuid.UUID, since_on: date) -> Yardstick:
    """What an income is held against: the gate of the instrument in force, and what the family
    was last known to earn before it graduated."""
    gate = income_gate()
    not_above = None
    if gate is not None:
        not_above = gate.limit if gate.operator is Operator.ABOVE else gate.limit - 1
    facts = [
        ObservationFacts(each.observed_on, each.recorded_at, income_per_month=each.income_per_month)
        for each in observations_of(area_id, household_id)
    ]
    known = economy(facts, since_on).income_per_month
    return Yardstick(not_above, known.value if known else None)
