"""Families whom somebody has to visit now: everybody who graduated from one stage has the same
days, so that the few stages of which a visit is open today go into the statement as values."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Case,
    ColumnElement,
    Date,
    Row,
    String,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
    tuple_,
)

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.aftercare.models import FollowUpVisit
from casework.aftercare.rules import MOST_OPENINGS, Opening, months_after, openings
from casework.core import clock
from casework.core.db import UtcDateTime, db
from casework.core.errors import NotFound
from casework.core.paging import PAGE_SIZE, Page
from casework.graduation.queries.established import established
from casework.households import scope
from casework.households.rules import HouseholdStatus
from casework.regions.queries.places import places
from casework.regions.scope import in_areas, lying_in

_SLOTS = range(MOST_OPENINGS)
_STAGES = [bindparam(f"stage_{n}", type_=String()) for n in _SLOTS]
_OPENS = [bindparam(f"opens_{n}", type_=Date()) for n in _SLOTS]
_DUE = [bindparam(f"due_{n}", type_=Date()) for n in _SLOTS]
_LATE = [bindparam(f"late_{n}", type_=UtcDateTime()) for n in _SLOTS]

#: No payment stage: fills the slots that a day does not need.
_NO_STAGE = "-"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def parameters(actor: Actor) -> dict[str, Any]:
    """Values of the parameters that the conditions below take, for today where the actor is."""
    today = clock.today(actor.time_zone)
    found: list[Opening | None] = [*openings(today)]
    found += [None] * (MOST_OPENINGS - len(found))
    given: dict[str, Any] = {}
    for n, each in enumerate(found):
        given[f"stage_{n}"] = each.stage if each else _NO_STAGE
        given[f"opens_{n}"] = each.window.opens_on if each else today
        given[f"due_{n}"] = each.window.due_on if each else today
        # `late_from` of a graduation that was known from its first day on.
        is_late = each is not None and today >= each.window.late_from
        given[f"late_{n}"] = _known_before(actor, today) if is_late else _LONG_AGO
    return given


def _known_before(actor: Actor, today: date) -> datetime:
    """A graduation recorded before this moment has been known for as long as a late visit takes."""
    last = months_after(today, -1)
    while months_after(last + timedelta(days=1), 1) <= today:
        last += timedelta(days=1)
    first_too_late = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(actor.time_zone))
    return first_too_late.astimezone(UTC)


def is_to_visit(area_id: Any, nomination_id: Any, stage: Any) -> ColumnElement[bool]:
    """Whether a visit is due or late, of an established graduation with these columns. Takes
    `parameters`."""
    been = exists().where(
        FollowUpVisit.area_id == area_id,
        FollowUpVisit.nomination_id == nomination_id,
        FollowUpVisit.is_current,
        FollowUpVisit.visited_on >= _by_stage(stage, _OPENS),
    )
    return and_(or_(*(stage == each for each in _STAGES)), ~been)


def is_late(stage: Any, outcome_at: Any) -> ColumnElement[bool]:
    """Of a visit that is to be made, whether it is late. Takes `parameters`."""
    return and_(outcome_at.is_not(None), outcome_at < _by_stage(stage, _LATE))


def _by_stage(stage: Any, values: list[Any]) -> Case[Any]:
    return case(*((stage == each, value) for each, value in zip(_STAGES, values, strict=True)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is filtered by."""

    facilitator_id: uuid.UUID | None = None
    #: Only those whom nobody looks after.
    nobodys: bool = False
    region: str | None = None
    late_only: bool = False
    after: After | None = None


@dataclass(frozen=True, slots=True)
class After:
    """The last row of a page, as an address carries it."""

    is_late: bool
    due_on: date
    household_id: uuid.UUID

    def __str__(self) -> str:
        return f"{int(self.is_late)}.{self.due_on}.{self.household_id}"

    @classmethod
    def asked(cls, text: str | None) -> After | None:
        """Raises: NotFound for what no page ever offered."""
        if not text:
            return None
        try:
            late, due_on, household_id = text.split(".")
            return cls(late == "1", date.fromisoformat(due_on), uuid.UUID(household_id))
        except ValueError:
            raise NotFound from None


def to_visit(actor: Actor, wanted: Wanted) -> Page[Row[Any]]:
    """A page of the families to visit, the late ones first, then by the day of the visit: id,
    caretaker_name, group_name, village_name, facilitator_name, stage, outcome_at, due_on,
    is_late."""
    seen, place, facilitator = scope.households(actor), places(), people()
    graduated = established()
    due_on = _by_stage(graduated.c.stage, _DUE)
    late = is_late(graduated.c.stage, graduated.c.outcome_at)
    rank = case((late, 0), else_=1)
    query = (
        select(
            seen.c.id,
            seen.c.caretaker_name,
            seen.c.group_name,
            place.c.name.label("village_name"),
            facilitator.c.name.label("facilitator_name"),
            graduated.c.stage,
            graduated.c.outcome_at,
            due_on.label("due_on"),
            late.label("is_late"),
        )
        .select_from(graduated)
        .join(
            seen,
            and_(
                seen.c.area_id == graduated.c.area_id,
                seen.c.id == graduated.c.household_id,
            ),
        )
        .join(place, place.c.code == seen.c.village_code)
        .outerjoin(facilitator, facilitator.c.id == seen.c.facilitator_id)
        .where(
            in_areas(actor, graduated.c.area_id),
            seen.c.status == HouseholdStatus.GRADUATED,
            is_to_visit(graduated.c.area_id, graduated.c.nomination_id, graduated.c.stage),
        )
    )
    query = query.where(*narrowed(seen, wanted))
    if wanted.late_only:
        query = query.where(late)
    if wanted.after is not None:
        last = scope.household(actor, wanted.after.household_id)
        query = query.where(
            tuple_(rank, due_on, seen.c.caretaker_name, seen.c.id)
            > tuple_(
                0 if wanted.after.is_late else 1,
                wanted.after.due_on,
                last.caretaker_name,
                last.id,
            )
        )
    rows = db.session.execute(
        query.order_by(rank, due_on, seen.c.caretaker_name, seen.c.id).limit(PAGE_SIZE + 1),
        parameters(actor),
    )
    return Page.of(rows.all())


def narrowed(seen: Any, wanted: Any) -> list[ColumnElement[bool]]:
    """Conditions on households by what both lists are filtered by."""
    found: list[ColumnElement[bool]] = []
    if wanted.facilitator_id is not None:
        found.append(seen.c.facilitator_id == wanted.facilitator_id)
    if wanted.nobodys:
        found.append(seen.c.facilitator_id.is_(None))
    if wanted.region is not None:
        found.append(lying_in(seen.c.village_code, wanted.region))
    return found


def cursor_after(row: Row[Any]) -> After:
    return After(row.is_late, row.due_on, row.id)
