"""What a supervisor looks at first: what waits, who has not met, how far to the target."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Subquery, and_, case, func, select

from casework.access.actor import Actor
from casework.aftercare.queries import alerts
from casework.core import clock
from casework.core.db import db
from casework.counts.queries.figures import What, progress
from casework.counts.rules import Progress
from casework.desk.queries.ready import ready_by_group
from casework.graduation.queries.lists import Waiting, waiting
from casework.households import scope
from casework.households.rules import Care
from casework.ledger.rules import CountedState, ExitKind
from casework.meetings.models import Meeting
from casework.meetings.queries.unsettled import Unsettled, unsettled
from casework.meetings.rules import MeetingStatus
from casework.regions.scope import in_areas

#: Facilitators shown at first: a supervisor has 20 to 270 (domain 1, 11).
_SHOWN = 300

_STRANDED = (Care.DISABLED, Care.OTHER_ROLE, Care.MOVED)


@dataclass(frozen=True, slots=True)
class FacilitatorRow:
    facilitator_id: uuid.UUID | None
    #: Empty for groups that nobody looks after.
    name: str
    groups: int
    met: int
    drafts: int
    #: Households that the instrument calls ready and that nobody has nominated.
    ready: int
    #: Why the groups that she cannot look after any more want another facilitator, and how many
    #: they are.
    care: Care
    stranded: int

    @property
    def missing(self) -> int:
        """Groups of which not even a draft is there."""
        return self.groups - self.met - self.drafts


@dataclass(frozen=True)
class SupervisorHome:
    month: date
    queue: Waiting
    facilitators: list[FacilitatorRow]
    year: int
    progress: Progress
    #: Meetings of which phones say different things.
    unsettled: Unsettled
    #: Graduated families that seem to be slipping back.
    alerts: int

    @property
    def groups(self) -> int:
        return sum(row.groups for row in self.facilitators)

    @property
    def met(self) -> int:
        return sum(row.met for row in self.facilitators)

    @property
    def missing(self) -> int:
        return sum(row.missing for row in self.facilitators)


def supervisor_home(actor: Actor) -> SupervisorHome:
    today = clock.today(actor.time_zone)
    rows = _facilitators(actor, today)
    return SupervisorHome(
        month=today.replace(day=1),
        queue=waiting(actor),
        facilitators=[_of_facilitator(row) for row in rows],
        year=today.year,
        progress=progress(
            actor.region_code,
            What(ExitKind.INDEPENDENT, CountedState.APPROVED),
            today.year,
        ),
        unsettled=unsettled(actor),
        # Each row says the same; without any group nobody has asked yet.
        alerts=rows[0].alerts if rows else db.session.scalar(select(alerts.how_many(actor))) or 0,
    )


def _facilitators(actor: Actor, today: date) -> Sequence[Row[Any]]:
    """Every facilitator with groups in the region, most groups without a meeting first; and, in
    the same statement, how many graduated families need attention."""
    groups = scope.groups(actor)
    meetings = _met_since(actor, today.replace(day=1))
    ready = ready_by_group(actor)
    met = func.count(case((meetings.c.sent > 0, 1)))
    drafts = func.count(case((meetings.c.sent == 0, 1)))
    counted = func.count(groups.c.id)
    return db.session.execute(
        select(
            groups.c.facilitator_id,
            groups.c.facilitator_name,
            counted.label("groups"),
            met.label("met"),
            drafts.label("drafts"),
            func.coalesce(func.sum(ready.c.households), 0).label("ready"),
            *(func.count(case((groups.c.care == care, 1))).label(care) for care in _STRANDED),
            alerts.how_many(actor).label("alerts"),
        )
        .outerjoin(
            meetings,
            and_(meetings.c.area_id == groups.c.area_id, meetings.c.group_id == groups.c.id),
        )
        .outerjoin(
            ready, and_(ready.c.area_id == groups.c.area_id, ready.c.group_id == groups.c.id)
        )
        .group_by(groups.c.facilitator_id, groups.c.facilitator_name)
        .order_by((counted - met - drafts).desc(), drafts.desc(), groups.c.facilitator_name)
        .limit(_SHOWN)
    ).all()


def _of_facilitator(row: Row[Any]) -> FacilitatorRow:
    return FacilitatorRow(
        row.facilitator_id,
        row.facilitator_name or "",
        row.groups,
        row.met,
        row.drafts,
        int(row.ready),
        *_stranded(row),
    )


def _stranded(row: Row[Any]) -> tuple[Care, int]:
    # A person is disabled or has another role for all her groups; only a move may leave some.
    found: Mapping[Care, int] = {care: row._mapping[care] for care in _STRANDED}
    care = next((care for care in _STRANDED if found[care]), Care.GIVEN)
    return care, found.get(care, 0)


def _met_since(actor: Actor, first: date) -> Subquery:
    """Groups with a meeting since that day; `sent` is 0 where there are only drafts."""
    sent = case((Meeting.status == MeetingStatus.SENT, 1), else_=0)
    return (
        select(Meeting.area_id, Meeting.group_id, func.sum(sent).label("sent"))
        .where(
            in_areas(actor, Meeting.area_id),
            Meeting.held_on >= first,
            Meeting.status != MeetingStatus.CALLED_OFF,
        )
        .group_by(Meeting.area_id, Meeting.group_id)
        .subquery("met")
    )
