"""Graduations that are counted already, for tests of what is counted for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime

from casework.access.actor import command_line
from casework.accounts.models import User
from casework.core.db import db
from casework.core.ids import new_id
from casework.graduation.actions.steps import ledger_line
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus
from casework.households.models import Household
from casework.ledger.actions import count
from casework.ledger.rules import CountedState, ExitKind
from tests.factories.households import HouseholdFactory
from tests.factories.places import MOLAS


def graduated(
    facilitator: User,
    on: date,
    *,
    village: str = MOLAS,
    state: CountedState = CountedState.ESTABLISHED,
    household: Household | None = None,
) -> Nomination:
    """A family that she nominated, counted on that day. Use within `with transaction():`."""
    family: Household = household or HouseholdFactory(village=village)
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    nomination = Nomination(
        area_id=family.area_id,
        id=new_id(),
        household_id=family.id,
        kind=ExitKind.INDEPENDENT,
        status=NominationStatus(state.value),
        nominated_by=facilitator.id,
        nominated_by_name=facilitator.name,
        nominated_at=at,
        updated_at=at,
    )
    db.session.add(nomination)
    db.session.flush()
    entry = ledger_line(nomination, family.village_code)
    count(command_line(), [entry], area_id=family.area_id, state=state, on=on)
    return nomination
