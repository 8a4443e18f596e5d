"""What a facilitator looks at first: whom to meet, whom to visit, whom to put forward."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Row, Select, Uuid, and_, bindparam, or_, select

from casework.access.actor import Actor
from casework.core import clock
from casework.core.kept import Kept
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus, open_statuses
from casework.households import scope
from casework.households.rules import IN_PROGRAMME
from casework.meetings.queries.months import GroupMonth, groups_in_month
from casework.meetings.rules import MISSED_TOO_OFTEN
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict

_PROMISING = (Verdict.READY, Verdict.NEARLY_READY)


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


@dataclass(frozen=True)
class FacilitatorHome:
    month: date
    #: Not met this month, nothing begun.
    to_meet: Sequence[GroupMonth]
    #: A draft waits, whether or not the group has met besides.
    drafts: Sequence[GroupMonth]
    met: Sequence[GroupMonth]
    #: Phones tell different things of a meeting; the group is in one of the lists above too.
    differing: Sequence[GroupMonth]
    #: Longest absent first.
    absent: Sequence[Family]
    #: Ready ones first; without those whose nomination is on its way.
    promising: Sequence[Family]
    returned: Sequence[Family]

    @property
    def groups(self) -> int:
        return len(self.to_meet) + len(self.drafts) + len(self.met)

    @property
    def has_met(self) -> int:
        return sum(group.met_on is not None for group in [*self.drafts, *self.met])


def facilitator_home(actor: Actor) -> FacilitatorHome:
    """In two statements, whatever the caseload: the groups, and the families that ask for
    something."""
    today = clock.today(actor.time_zone)
    groups = groups_in_month(actor, today)
    families = [_family(row) for row in _rows(actor)]
    return FacilitatorHome(
        month=today.replace(day=1),
        to_meet=[each for each in groups if not each.met_on and not each.draft_on],
        drafts=[each for each in groups if each.draft_on],
        differing=[each for each in groups if each.differs_on],
        met=[each for each in groups if each.met_on and not each.draft_on],
        absent=sorted(
            (each for each in families if each.missed_running >= MISSED_TOO_OFTEN),
            key=lambda each: (-each.missed_running, each.name.casefold()),
        ),
        promising=sorted(
            (each for each in families if _is_promising(each)),
            key=lambda each: (each.verdict is not Verdict.READY, each.name.casefold()),
        ),
        returned=sorted(
            (each for each in families if each.nomination_status is NominationStatus.RETURNED),
            key=lambda each: each.name.casefold(),
        ),
    )


def _is_promising(family: Family) -> bool:
    return family.verdict in _PROMISING and family.nomination_status in (
        None,
        NominationStatus.DRAFT,
    )


def _rows(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    given = {"area_id": actor.area_id, "actor_id": actor.user_id}
    return _promising.execute(given).all()


@Kept
def _promising() -> Select[*tuple[Any, ...]]:
    area = bindparam("area_id", type_=Integer)
    seen = scope.households_in_care(area, bindparam("actor_id", type_=Uuid))
    return (
        select(
            seen.c.id,
            seen.c.caretaker_name,
            seen.c.group_name,
            Readiness.missed_running,
            Readiness.verdict,
            Nomination.id.label("nomination_id"),
            Nomination.status.label("nomination_status"),
            Nomination.decision_reason,
        )
        .select_from(seen)
        .outerjoin(Readiness, and_(Readiness.area_id == area, Readiness.household_id == seen.c.id))
        .outerjoin(
            Nomination,
            and_(
                Nomination.area_id == area,
                Nomination.household_id == seen.c.id,
                Nomination.status.in_(open_statuses()),
            ),
        )
        .where(
            seen.c.status.in_(IN_PROGRAMME),
            or_(
                Readiness.missed_running >= MISSED_TOO_OFTEN,
                Readiness.verdict.in_(_PROMISING),
                Nomination.status == NominationStatus.RETURNED,
            ),
        )
    )


def _family(row: Row[*tuple[Any, ...]]) -> Family:
    return Family(
        id=row.id,
        name=row.caretaker_name,
        group_name=row.group_name,
        missed_running=row.missed_running or 0,
        verdict=row.verdict,
        nomination_id=row.nomination_id,
        nomination_status=row.nomination_status,
        reason=row.decision_reason or "",
    )
