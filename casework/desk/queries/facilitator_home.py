"""What a facilitator looks at first: whom to meet, whom to visit, whom to put forward."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Row,
)

from casework.access.actor import Actor
from casework.core import clock
from casework.counts.queries.standing import Standing, standing_of
from casework.desk.queries.asking import PROMISING, asking
from casework.graduation.labels import outcome_words
from casework.graduation.states import (
    NominationStatus,
)
from casework.meetings.backdating import backdating_days
from casework.meetings.queries.months import GroupMonth, groups_in_month
from casework.meetings.rules import MISSED_TOO_OFTEN, date_problem, last_month
from casework.readiness.rules import Verdict


@dataclass(frozen=True, slots=True)
class Family:
    """A household that asks for something."""

    id: uuid.UUID
    name: str
    group_name: str
    missed_running: int
    verdict: Verdict | None
    nomination_id: uuid.UUID | None
    nomination_status: NominationStatus | None
    #: Why the supervisor sent the nomination back.
    reason: str
    is_in_programme: bool
    #: When it last took a nomination back.
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class WithMinistry:
    """A nomination that lies with the ministry, or was answered of late."""

    nomination_id: uuid.UUID
    name: str
    group_name: str
    status: NominationStatus
    words: str


@dataclass(frozen=True)
class FacilitatorHome:
    month: date
    last_month: date
    #: Not met this month, nothing begun.
    to_meet: Sequence[GroupMonth]
    #: A draft waits, whether or not the group has met besides.
    drafts: Sequence[GroupMonth]
    met: Sequence[GroupMonth]
    #: Not met last month, though they had met before and it can still be recorded; each is in one
    #: of the lists above too.
    missed: Sequence[GroupMonth]
    #: Phones tell different things of a meeting; the group is in one of the lists above too.
    differing: Sequence[GroupMonth]
    #: Longest absent first.
    absent: Sequence[Family]
    #: Ready ones first, and last those who took a nomination back; without those whose nomination
    #: is on its way.
    promising: Sequence[Family]
    returned: Sequence[Family]
    #: What was answered first, then what is on its way.
    with_ministry: Sequence[WithMinistry]
    #: Graduated families to visit, and how many of those visits are late.
    to_visit: int
    late: int
    #: Graduated families that seem to be slipping back.
    alerts: int
    #: What the ministry established of her nominations this year, against her target.
    standing: Standing

    @property
    def groups(self) -> int:
        return len(self.to_meet) + len(self.drafts) + len(self.met)

    @property
    def has_met(self) -> int:
        return sum(group.met_on is not None for group in [*self.drafts, *self.met])


def facilitator_home(actor: Actor) -> FacilitatorHome:
    """In two statements, whatever the caseload: the groups; and the families that ask for
    something, with her target."""
    today = clock.today(actor.time_zone)
    groups = groups_in_month(actor, today)
    found = asking(actor, today.year)
    rows = [row for row in found if row.id is not None]
    # A family that was refused and forwarded anew has two rows.
    zone = ZoneInfo(actor.time_zone)
    families = list({row.id: _family(row, zone) for row in rows}.values())
    return FacilitatorHome(
        month=today.replace(day=1),
        last_month=last_month(today),
        to_meet=[each for each in groups if not each.met_on and not each.draft_on],
        drafts=[each for each in groups if each.draft_on],
        differing=[each for each in groups if each.differs_on],
        met=[each for each in groups if each.met_on and not each.draft_on],
        missed=_missed(groups, today),
        absent=sorted(
            (
                each
                for each in families
                if each.is_in_programme and each.missed_running >= MISSED_TOO_OFTEN
            ),
            key=lambda each: (-each.missed_running, each.name.casefold()),
        ),
        promising=sorted(
            (each for each in families if _is_promising(each)),
            key=lambda each: (
                each.withdrawn_on is not None,
                each.verdict is not Verdict.READY,
                each.name.casefold(),
            ),
        ),
        returned=sorted(
            (each for each in families if each.nomination_status is NominationStatus.RETURNED),
            key=lambda each: each.name.casefold(),
        ),
        with_ministry=_with_ministry(rows),
        to_visit=sum(row.is_to_visit for row in rows),
        late=sum(row.is_to_visit and row.is_late for row in rows),
        alerts=sum(row.is_alert for row in rows),
        # Each row says the same, and there is one at least.
        standing=standing_of(found[0], today.year),
    )


def _missed(groups: Sequence[GroupMonth], today: date) -> list[GroupMonth]:
    """A group that never met before may be new: nobody knows that it should have."""
    last_day = today.replace(day=1) - timedelta(days=1)
    if date_problem(last_day, today, backdating_days()) is not None:
        return []
    first = last_month(today)
    return [
        each
        for each in groups
        if (each.earlier_on or each.earlier_draft_on)
        and not (each.earlier_on and each.earlier_on >= first)
    ]


def _with_ministry(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[WithMinistry]:
    found = {
        row.ministry_id: WithMinistry(
            row.ministry_id,
            row.caretaker_name,
            row.group_name,
            row.ministry_status,
            outcome_words(row.ministry_status, row.stage, row.refusal),
        )
        for row in rows
        if row.is_news
    }
    return sorted(
        found.values(),
        key=lambda each: (each.status is NominationStatus.FORWARDED, each.name.casefold()),
    )


def _is_promising(family: Family) -> bool:
    return (
        family.is_in_programme
        and family.verdict in PROMISING
        and family.nomination_status
        in (
            None,
            NominationStatus.DRAFT,
        )
    )


def _family(row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> Family:
    return Family(
        id=row.id,
        name=row.caretaker_name,
        group_name=row.group_name,
        missed_running=row.missed_running or 0,
        verdict=row.verdict,
        nomination_id=row.nomination_id,
        nomination_status=row.nomination_status,
        reason=row.decision_reason or "",
        is_in_programme=row.is_in_programme,
        withdrawn_on=row.withdrawn_at and row.withdrawn_at.astimezone(zone).date(),
    )
