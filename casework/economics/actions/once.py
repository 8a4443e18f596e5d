"""What every recording asks first: may she, was it sent before, is the day possible."""

from __future__ import annotations

import uuid
from datetime import date

from flask_babel import lazy_gettext
from sqlalchemy import select

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, Refused
from casework.economics.models import Enterprise, Observation, SupportReceived
from casework.economics.policy import why_not_record
from casework.households import scope


def may_record(actor: Actor, household_id: uuid.UUID) -> int:
    """The household's area; its row is held until the transaction ends."""
    household = scope.household_for_change(actor, household_id)
    reason = why_not_record(actor, household.status)
    if reason is not None:
        raise Refused(reason)
    return household.area_id


def is_there(
    model: type[Observation | Enterprise | SupportReceived],
    actor: Actor,
    area_id: int,
    household_id: uuid.UUID,
    row_id: uuid.UUID,
) -> bool:
    """Whether this very form was saved before: a bad network sends twice."""
    row = db.session.execute(
        select(model.household_id, model.recorded_by).where(
            model.area_id == area_id, model.id == row_id
        )
    ).one_or_none()
    if row is None:
        return False
    if row.household_id != household_id or row.recorded_by != actor.user_id:
        raise Conflict(lazy_gettext("This form was used already. Open the page again."))
    return True


def check_not_after_today(actor: Actor, name: str, on: date) -> None:
    if on > clock.today(actor.time_zone):
        raise Invalid.field(name, lazy_gettext("The date must not be after today."))
