"""Families that graduated on a day that the test chooses, by the acts that lead there."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from casework.access.actor import Actor
from casework.aftercare.actions import Visit, correct_visit, record_visit
from casework.aftercare.models import FollowUpVisit
from casework.aftercare.rules import since
from casework.aftercare.states import Livelihood, NextStep
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation import actions as graduation
from casework.graduation.models import BatchEntry, MinistryBatch, Nomination
from casework.graduation.states import NominationStatus
from casework.households.models import Household, Membership
from casework.households.rules import HouseholdStatus
from casework.ledger.rules import ExitKind
from tests.factories.graduation import MISTAKEN, Cast, answer, nominate
from tests.scenes import scene

#: Forwarded and answered in the January in which its stage begins.
STAGE = "2026-1"
FORWARDED = datetime(2026, 1, 5, 3, tzinfo=UTC)
KNOWN = datetime(2026, 1, 20, 3, tzinfo=UTC)

#: Within the time of each visit of such a family.
THREE, SIX, TWELVE = date(2026, 4, 10), date(2026, 7, 10), date(2027, 1, 10)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@scene
def graduate(people: Cast, stage: str = STAGE, known: datetime = KNOWN) -> uuid.UUID:
    """The family of `people`; gives the nomination by which it graduated."""
    with clock.at(FORWARDED):
        nomination_id = nominate(people, NominationStatus.FORWARDED)
    with clock.at(known):
        answer(people.office, nomination_id, stage=stage)
    return nomination_id


def reverse(people: Cast, nomination_id: uuid.UUID) -> None:
    with transaction():
        graduation.reverse(people.other_office, nomination_id, reason=MISTAKEN)


def well(on: date, **changes: Any) -> Visit:
    """A visit that finds nothing to worry about."""
    told: dict[str, Any] = {
        "livelihood": Livelihood.RUNNING,
        "income_per_month": 4_500_000,
        "next_step": NextStep.NOTHING,
    }
    return Visit(on, **(told | changes))


def poorly(on: date, **changes: Any) -> Visit:
    """One that finds the business gone."""
    told = {"livelihood": Livelihood.STOPPED, "next_step": NextStep.VILLAGE_PROPOSAL}
    return well(on, **(told | changes))


def visit(
    actor: Actor, people: Cast, told: Visit, *, visit_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Recorded on its day unless the clock stands elsewhere already."""
    visit_id = visit_id or new_id()
    with clock.at(noon(told.visited_on)), transaction():
        record_visit(actor, people.household.id, told, visit_id=visit_id)
    return visit_id


def correct(
    actor: Actor,
    people: Cast,
    visit_id: uuid.UUID,
    told: Visit,
    *,
    new_visit_id: uuid.UUID | None = None,
) -> bool:
    with transaction():
        return correct_visit(
            actor, people.household.id, visit_id, told, visit_id=new_visit_id or new_id()
        )


def rows() -> list[FollowUpVisit]:
    db.session.rollback()
    return list(
        db.session.scalars(
            db.select(FollowUpVisit).order_by(FollowUpVisit.recorded_at, FollowUpVisit.id)
        )
    )


def as_graduate(household: Household, stage: str = STAGE, known: datetime = KNOWN) -> uuid.UUID:
    """A household as a graduation leaves it in the tables: for many at once. Gives the
    nomination's id; its membership ends as `households.actions.leaving` ends it."""
    area_id, nomination_id, batch_id = household.area_id, new_id(), new_id()
    household.status = HouseholdStatus.GRADUATED
    for stay in db.session.scalars(
        db.select(Membership).where(Membership.household_id == household.id)
    ):
        stay.to_on, stay.by_exit = since(stage), True
    db.session.add_all(
        [
            MinistryBatch(
                area_id=area_id,
                id=batch_id,
                year=2026,
                number=next(_numbers),
                letter_number="460/1/PKH",
                letter_on=known.date(),
                made_by=new_id(),
                made_by_name="Novita",
                made_at=known,
            ),
            Nomination(
                area_id=area_id,
                id=nomination_id,
                household_id=household.id,
                kind=ExitKind.INDEPENDENT,
                status=NominationStatus.ESTABLISHED,
                nominated_by=new_id(),
                nominated_by_name="Sarah",
                nominated_at=known,
                updated_at=known,
            ),
        ]
    )
    db.session.flush()
    db.session.add(
        BatchEntry(
            area_id=area_id,
            nomination_id=nomination_id,
            batch_id=batch_id,
            position=1,
            stage=stage,
            outcome_by=new_id(),
            outcome_by_name="Novita",
            outcome_at=known,
        )
    )
    db.session.flush()
    return nomination_id


#: Clear of those that batches of the acts are given.
_numbers = count(1000)
