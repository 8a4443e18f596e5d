"""A family leaves the programme otherwise than by its nomination, and the record is taken back."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Row

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.own_words import OWN_WORDS, own_words
from casework.graduation import policy
from casework.graduation.models import HouseholdExit
from casework.graduation.policy import Leaving
from casework.graduation.queries.case import open_nomination
from casework.graduation.queries.exits import exit_among, exits_of, last_standing
from casework.households import scope as households
from casework.households.actions.leaving import come_back, leave_otherwise
from casework.households.actions.once import was_saved
from casework.households.rules import HouseholdStatus, months_of
from casework.ledger import actions as ledger
from casework.regions.queries import areas


def check_exit(actor: Actor, household_id: uuid.UUID, leaving: Leaving) -> Row[Any]:
    """Everything that `record_exit` asks, for the page that comes before it; gives the row of
    the household. Raises: NotFound, Refused, Invalid, Conflict."""
    household = households.household(actor, household_id)
    _check(actor, household, _tidied(leaving))
    return household


def record_exit(
    actor: Actor, household_id: uuid.UUID, leaving: Leaving, *, exit_id: uuid.UUID
) -> uuid.UUID:
    """The family is out of the programme from the first day of a payment stage on: it leaves its
    group then, as a graduate does, and is counted today, as its own kind.

    `exit_id` is made by whoever shows the form: the same form sent twice records it once.
    Raises: NotFound, Refused, Invalid; Conflict, saying who was faster; NominationUnderWay.
    """
    # Held until the end: a nomination begins, and another exit is recorded, after this or before.
    household = households.household_for_change(actor, household_id)
    leaving = _tidied(leaving)
    if was_saved(HouseholdExit, actor, household.area_id, household_id, exit_id):
        return exit_id
    zone = _check(actor, household, leaving)
    db.session.add(
        HouseholdExit(
            area_id=household.area_id,
            id=exit_id,
            household_id=household_id,
            kind=leaving.kind,
            stage=leaving.stage,
            happened_on=leaving.on,
            reason=leaving.reason,
            letter=leaving.letter,
            recorded_by=actor.user_id,
            recorded_by_name=actor.name,
            recorded_at=clock.now(),
        )
    )
    leave_otherwise(actor, household, months_of(leaving.stage)[0])
    audit.record(
        actor,
        Tag.EXIT_RECORDED,
        subject_type="household",
        subject_id=household_id,
        area_id=household.area_id,
        kind=leaving.kind.value,
        stage=leaving.stage,
        happened_on=leaving.on.isoformat(),
        letter=leaving.letter,
    )
    db.session.flush()
    # Last: everybody who decides in this regency waits for the tally's rows from here on.
    ledger.count_exit(
        actor,
        area_id=household.area_id,
        household_id=household_id,
        exit_id=exit_id,
        village_code=household.village_code,
        kind=leaving.kind,
        on=clock.today(zone),
    )
    return exit_id


def reverse_exit(actor: Actor, household_id: uuid.UUID, exit_id: uuid.UUID, *, reason: str) -> None:
    """Take back what was recorded by mistake: it counts no more, and the family is in the
    programme and its group again, unless it has gone on since (to another regency).

    Raises: NotFound; Refused, also for whoever recorded it; Invalid on `reason`; Conflict.
    """
    household = households.household_for_change(actor, household_id)
    exits = exits_of(household.area_id, household_id)
    left = exit_among(exits, exit_id)
    policy.check_can_reverse_exit(actor, left)
    policy.check_own_words(
        "reason", reason, _("Write a reason of at least %(least)s letters.", least=OWN_WORDS)
    )
    is_why_it_is_out = household.status is HouseholdStatus.EXITED and left is last_standing(exits)
    left.reversed_by, left.reversed_by_name = actor.user_id, actor.name
    left.reversed_at, left.reversal_reason = clock.now(), own_words(reason)
    if is_why_it_is_out:
        zone: str = areas.regency(household.area_id).time_zone
        come_back(actor, household, clock.today(zone))
    audit.record(
        actor,
        Tag.EXIT_REVERSED,
        subject_type="household",
        subject_id=household_id,
        area_id=household.area_id,
        kind=left.kind.value,
        stage=left.stage,
    )
    db.session.flush()
    ledger.take_back_exit(actor, area_id=household.area_id, exit_id=exit_id)


def _check(actor: Actor, household: Any, leaving: Leaving) -> str:
    """Gives the time zone of the regency."""
    exits = exits_of(household.area_id, household.id)
    nomination = open_nomination(household.area_id, household.id)
    last = last_standing(exits)
    policy.check_can_leave(actor, household, nomination, last)
    zone: str = areas.regency(household.area_id).time_zone
    policy.check_leaving(actor, leaving, household, last, zone)
    return zone


def _tidied(leaving: Leaving) -> Leaving:
    return Leaving(
        leaving.kind,
        leaving.stage,
        leaving.on,
        own_words(leaving.reason),
        own_words(leaving.letter),
    )
