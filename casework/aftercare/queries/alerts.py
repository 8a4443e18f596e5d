"""Families that seem to be slipping back, in the actor's region."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.aftercare.models import FollowUpVisit
from casework.aftercare.queries.due import narrowed
from casework.aftercare.states import NextStep
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.paging import PAGE_SIZE, Page
from casework.graduation.queries.established import established
from casework.households import scope
from casework.households.rules import HouseholdStatus
from casework.regions.queries.places import places
from casework.regions.scope import in_areas


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is filtered by."""

    facilitator_id: uuid.UUID | None = None
    #: Only those whom nobody looks after.
    nobodys: bool = False
    region: str | None = None
    next_step: NextStep | None = None
    after: After | None = None


@dataclass(frozen=True, slots=True)
class After:
    """The last row of a page, as an address carries it."""

    visited_on: date
    visit_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.visited_on}.{self.visit_id}"

    @classmethod
    def asked(cls, text: str | None) -> After | None:
        """Raises: NotFound for what no page ever offered."""
        if not text:
            return None
        try:
            visited_on, visit_id = text.split(".")
            return cls(date.fromisoformat(visited_on), uuid.UUID(visit_id))
        except ValueError:
            raise NotFound from None


def stands(visit: Any) -> ColumnElement[bool]:
    """Whether the signs of a visit stand: nobody has spoken with the family later."""
    later = aliased(FollowUpVisit)
    return and_(
        visit.is_slipping,
        visit.is_current,
        ~exists().where(
            later.area_id == visit.area_id,
            later.nomination_id == visit.nomination_id,
            later.is_current,
            later.unable.is_(None),
            or_(
                later.visited_on > visit.visited_on,
                and_(
                    later.visited_on == visit.visited_on,
                    later.recorded_at > visit.recorded_at,
                ),
            ),
        ),
    )


def needs_attention(area_id: Any, nomination_id: Any) -> ColumnElement[bool]:
    """Whether signs stand of the family that graduated by this nomination."""
    visit = aliased(FollowUpVisit)
    return exists().where(
        visit.area_id == area_id, visit.nomination_id == nomination_id, stands(visit)
    )


def alerts(actor: Actor, wanted: Wanted) -> Page[Row[Any]]:
    """A page of them, the latest visit first: household_id, caretaker_name, group_name,
    village_name, facilitator_name, visit_id, visited_on, months, signs, next_step."""
    seen, place, facilitator = scope.households(actor), places(), people()
    query = _standing(
        actor,
        select(
            seen.c.id.label("household_id"),
            seen.c.caretaker_name,
            seen.c.group_name,
            place.c.name.label("village_name"),
            facilitator.c.name.label("facilitator_name"),
            FollowUpVisit.id.label("visit_id"),
            FollowUpVisit.visited_on,
            FollowUpVisit.months,
            FollowUpVisit.signs,
            FollowUpVisit.next_step,
        ),
        seen,
    )
    query = query.join(place, place.c.code == seen.c.village_code).outerjoin(
        facilitator, facilitator.c.id == seen.c.facilitator_id
    )
    query = query.where(*narrowed(seen, wanted))
    if wanted.next_step is not None:
        query = query.where(FollowUpVisit.next_step == wanted.next_step)
    if wanted.after is not None:
        query = query.where(
            tuple_(FollowUpVisit.visited_on, FollowUpVisit.id)
            < tuple_(wanted.after.visited_on, wanted.after.visit_id)
        )
    rows = db.session.execute(
        query.order_by(FollowUpVisit.visited_on.desc(), FollowUpVisit.id.desc()).limit(
            PAGE_SIZE + 1
        )
    )
    return Page.of(rows.all())


def how_many(actor: Actor) -> ScalarSelect[int]:
    """To be asked for within another statement, or alone."""
    return _standing(actor, select(func.count()), scope.households(actor)).scalar_subquery()


def _standing(actor: Actor, query: Select[*tuple[Any, ...]], seen: Any) -> Select[*tuple[Any, ...]]:
    graduated = established()
    return (
        query.select_from(FollowUpVisit)
        .join(
            graduated,
            and_(
                graduated.c.area_id == FollowUpVisit.area_id,
                graduated.c.nomination_id == FollowUpVisit.nomination_id,
            ),
        )
        .join(
            seen,
            and_(
                seen.c.area_id == FollowUpVisit.area_id,
                seen.c.id == FollowUpVisit.household_id,
            ),
        )
        .where(
            in_areas(actor, FollowUpVisit.area_id),
            seen.c.status == HouseholdStatus.GRADUATED,
            stands(FollowUpVisit),
        )
    )


def cursor_after(row: Row[Any]) -> After:
    return After(row.visited_on, row.visit_id)
