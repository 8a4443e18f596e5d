"""A family's nominations, and the visits after the one by which it graduated: one statement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Subquery, and_, case, func, or_, select

from casework.access.actor import Actor
from casework.aftercare.models import FollowUpVisit
from casework.aftercare.queries.visits import graduated
from casework.aftercare.rules import Graduation, Window, state_of, window_at, windows
from casework.aftercare.states import TO_VISIT, Livelihood, NextStep, Shock, Unable, VisitState
from casework.core import clock
from casework.core.db import db
from casework.economics.models import Observation
from casework.economics.rules import BorrowsFrom
from casework.graduation.labels import outcome_words
from casework.graduation.models import BatchEntry, Nomination
from casework.graduation.queries.case import given_up_since
from casework.graduation.rules import DRAFTS_WITHIN
from casework.graduation.scope import ITS_ENTRY
from casework.graduation.states import COUNTS_AS_ESTABLISHED, NominationStatus, open_statuses

_WITH_MINISTRY = (
    NominationStatus.FORWARDED,
    NominationStatus.ESTABLISHED,
    NominationStatus.REFUSED,
)

#: On the page of a family: years of honest tries are fewer.
#: Source: none official; product default (docs/decisions/0025).
_SHOWN = 10

#: Those that were visited afterwards are asked for however old they are.
_GRADUATED = (*COUNTS_AS_ESTABLISHED, NominationStatus.REVERSED)


@dataclass(frozen=True, slots=True)
class NominationLine:
    id: uuid.UUID
    status: NominationStatus
    nominated_at: datetime
    nominated_by_name: str
    decided_at: datetime | None
    decided_by_name: str | None
    decision_reason: str | None
    updated_at: datetime
    #: Of what the ministry answered.
    stage: str | None
    refusal: str | None
    outcome_at: datetime | None

    @property
    def with_ministry(self) -> str:
        """Where it stands there; empty before it was forwarded and where that is over."""
        if self.status not in _WITH_MINISTRY:
            return ""
        return outcome_words(self.status, self.stage, self.refusal)

    @property
    def is_open(self) -> bool:
        return self.status in open_statuses()


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A follow-up visit that counts, or a try of one."""

    id: uuid.UUID
    nomination_id: uuid.UUID
    months: int
    visited_on: date
    unable: Unable | None
    livelihood: Livelihood | None
    shocks: list[Shock]
    income_per_month: int | None
    borrows_from: BorrowsFrom | None
    next_step: NextStep | None
    note: str
    signs: list[dict[str, Any]]
    is_correction: bool
    recorded_by_name: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Aftercare:
    """How a family fares after its graduation, as it was found."""

    #: None where it was reversed: then nothing is due any more.
    graduation: Graduation | None
    #: Each visit with where it stands.
    planned: list[tuple[Window, VisitState]]
    #: Newest first; also of a graduation that was reversed since.
    visits: list[VisitLine]
    #: The visit at which somebody last spoke with the family, where it left signs.
    alert: VisitLine | None
    #: The visit that can be made today, and where it stands.
    open_now: tuple[Window, VisitState] | None
    #: It is established from a stage on that has not begun.
    is_ahead: bool

    @property
    def is_to_visit(self) -> bool:
        return self.open_now is not None and self.open_now[1] in TO_VISIT


@dataclass(frozen=True, slots=True)
class Nominations:
    """Of one family, newest first."""

    shown: list[NominationLine]
    #: How many older ones there are.
    older: int
    #: How many were begun lately and given up unsent (`graduation.rules.MOST_DRAFTS`).
    given_up: int

    @property
    def open_id(self) -> uuid.UUID | None:
        """Of the one under way, which is always the newest."""
        return next((each.id for each in self.shown if each.is_open), None)


def nominations_and_visits(
    actor: Actor, area_id: int, household_id: uuid.UUID, as_of: date
) -> tuple[Nominations, Aftercare | None]:
    """No aftercare where the family never graduated here."""
    listed = _listed(area_id, household_id)
    rows: Sequence[Any] = db.session.execute(
        select(
            listed.c.place,
            listed.c.total,
            listed.c.given_up,
            Nomination.id,
            Nomination.status,
            Nomination.nominated_at,
            Nomination.nominated_by_name,
            Nomination.decided_at,
            Nomination.decided_by_name,
            Nomination.decision_reason,
            Nomination.updated_at,
            BatchEntry.stage,
            BatchEntry.refusal,
            BatchEntry.outcome_at,
            FollowUpVisit,
            Observation.income_per_month,
            Observation.borrows_from,
        )
        .select_from(listed)
        .join(
            Nomination,
            and_(Nomination.area_id == listed.c.area_id, Nomination.id == listed.c.id),
        )
        .outerjoin(BatchEntry, ITS_ENTRY)
        .outerjoin(
            FollowUpVisit,
            and_(
                FollowUpVisit.area_id == Nomination.area_id,
                FollowUpVisit.nomination_id == Nomination.id,
                FollowUpVisit.is_current,
            ),
        )
        .outerjoin(
            Observation,
            and_(
                Observation.area_id == FollowUpVisit.area_id,
                Observation.id == FollowUpVisit.observation_id,
            ),
        )
        .where(or_(listed.c.place <= _SHOWN, Nomination.status.in_(_GRADUATED)))
        .order_by(
            Nomination.nominated_at.desc(),
            Nomination.id.desc(),
            FollowUpVisit.visited_on.desc(),
            FollowUpVisit.recorded_at.desc(),
        )
    ).all()
    nominations = list({row.id: _nomination(row) for row in rows}.values())
    shown = list({row.id: _nomination(row) for row in rows if row.place <= _SHOWN}.values())
    visits = [_visit(row) for row in rows if row.FollowUpVisit is not None]
    total, given_up = (rows[0].total, rows[0].given_up) if rows else (0, 0)
    return (
        Nominations(shown, total - len(shown), given_up),
        _aftercare(actor, nominations, visits, as_of),
    )


def _listed(area_id: int, household_id: uuid.UUID) -> Subquery:
    """All of the family by their place, with how many there are."""
    latest = (Nomination.nominated_at.desc(), Nomination.id.desc())
    lately = given_up_since(clock.now() - DRAFTS_WITHIN)
    return (
        select(
            Nomination.area_id,
            Nomination.id,
            func.row_number().over(order_by=latest).label("place"),
            func.count().over().label("total"),
            func.count(case((lately, 1))).over().label("given_up"),
        )
        .where(Nomination.area_id == area_id, Nomination.household_id == household_id)
        .subquery("listed")
    )


def _nomination(row: Row[Any]) -> NominationLine:
    return NominationLine(**{each.name: row._mapping[each.name] for each in fields(NominationLine)})


def _visit(row: Row[Any]) -> VisitLine:
    visit: FollowUpVisit = row.FollowUpVisit
    return VisitLine(
        visit.id,
        visit.nomination_id,
        visit.months,
        visit.visited_on,
        visit.unable,
        visit.livelihood,
        [Shock(each) for each in visit.shocks],
        row.income_per_month,
        row.borrows_from,
        visit.next_step,
        visit.note,
        visit.signs,
        visit.corrects_id is not None,
        visit.recorded_by_name,
        visit.recorded_at,
    )


def _aftercare(
    actor: Actor, nominations: Sequence[NominationLine], visits: list[VisitLine], as_of: date
) -> Aftercare | None:
    standing = next((each for each in nominations if each.status in COUNTS_AS_ESTABLISHED), None)
    if standing is None or standing.stage is None or standing.outcome_at is None:
        return Aftercare(None, [], visits, None, None, is_ahead=False) if visits else None
    graduation = graduated(actor, standing.stage, standing.outcome_at)
    hers = [each for each in visits if each.nomination_id == standing.id]
    planned = [(each, _state(each, graduation, hers, as_of)) for each in windows(graduation)]
    spoken = next((each for each in hers if each.unable is None), None)
    today = window_at(graduation, as_of)
    return Aftercare(
        graduation,
        planned,
        visits,
        spoken if spoken and spoken.signs else None,
        next((each for each in planned if each[0] == today), None),
        is_ahead=graduation.since_on > as_of,
    )


def _state(
    window: Window, graduation: Graduation, visits: Sequence[VisitLine], as_of: date
) -> VisitState:
    within = [each for each in visits if window.holds(each.visited_on)]
    return state_of(
        window,
        graduation.known_on,
        as_of,
        visited=any(each.unable is None for each in within),
        tried=bool(within),
    )
