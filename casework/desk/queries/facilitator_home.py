"""What a facilitator looks at first: whom to meet, whom to visit, whom to put forward."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Integer,
    Row,
    Select,
    SmallInteger,
    Uuid,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from casework.access.actor import Actor
from casework.aftercare.queries import due
from casework.core import clock
from casework.core.db import UtcDateTime
from casework.core.kept import Kept
from casework.counts.queries.standing import Standing, standing, standing_of
from casework.graduation.labels import outcome_words
from casework.graduation.models import BatchEntry, Nomination
from casework.graduation.states import (
    COUNTS_AS_ESTABLISHED,
    NominationStatus,
    open_statuses,
)
from casework.households import scope
from casework.households.rules import IN_PROGRAMME
from casework.meetings.queries.months import GroupMonth, groups_in_month
from casework.meetings.rules import MISSED_TOO_OFTEN
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict

#: What the ministry answered is news for so long; the family's page keeps it.
_ANSWERED_WITHIN = timedelta(days=45)
_ANSWERED = (NominationStatus.ESTABLISHED, NominationStatus.REFUSED)

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
    is_in_programme: bool


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
    #: What was answered first, then what is on its way.
    with_ministry: Sequence[WithMinistry]
    #: Graduated families to visit, and how many of those visits are late.
    to_visit: int
    late: int
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
    found = _rows(actor, today.year)
    rows = [row for row in found if row.id is not None]
    # A family that was refused and forwarded anew has two rows.
    families = list({row.id: _family(row) for row in rows}.values())
    return FacilitatorHome(
        month=today.replace(day=1),
        to_meet=[each for each in groups if not each.met_on and not each.draft_on],
        drafts=[each for each in groups if each.draft_on],
        differing=[each for each in groups if each.differs_on],
        met=[each for each in groups if each.met_on and not each.draft_on],
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
            key=lambda each: (each.verdict is not Verdict.READY, each.name.casefold()),
        ),
        returned=sorted(
            (each for each in families if each.nomination_status is NominationStatus.RETURNED),
            key=lambda each: each.name.casefold(),
        ),
        with_ministry=_with_ministry(rows),
        to_visit=sum(row.is_to_visit for row in rows),
        late=sum(row.is_to_visit and row.is_late for row in rows),
        # Each row says the same, and there is one at least.
        standing=standing_of(found[0], today.year),
    )


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
        and family.verdict in _PROMISING
        and family.nomination_status
        in (
            None,
            NominationStatus.DRAFT,
        )
    )


def _rows(actor: Actor, year: int) -> Sequence[Row[*tuple[Any, ...]]]:
    given = {
        "area_id": actor.area_id,
        "actor_id": actor.user_id,
        "year": year,
        "answered_since": clock.now() - _ANSWERED_WITHIN,
        **due.parameters(actor),
    }
    return _families_and_standing.execute(given).all()


@Kept
def _families_and_standing() -> Select[*tuple[Any, ...]]:
    """Her standing beside each family; alone where no family asks for anything."""
    own = standing(bindparam("actor_id", type_=Uuid), bindparam("year", type_=SmallInteger))
    families = _asking().subquery("asking")
    return select(own, families).select_from(own).outerjoin(families, true())


def _asking() -> Select[*tuple[Any, ...]]:
    area = bindparam("area_id", type_=Integer)
    seen = scope.households_in_care(area, bindparam("actor_id", type_=Uuid))
    answered = aliased(Nomination)
    is_news = or_(
        answered.status == NominationStatus.FORWARDED,
        and_(
            answered.status.in_(_ANSWERED),
            answered.updated_at >= bindparam("answered_since", type_=UtcDateTime),
        ),
    )
    is_to_visit = and_(
        answered.status.in_(COUNTS_AS_ESTABLISHED),
        due.is_to_visit(area, answered.id, BatchEntry.stage),
    )
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
            seen.c.status.in_(IN_PROGRAMME).label("is_in_programme"),
            answered.id.label("ministry_id"),
            answered.status.label("ministry_status"),
            BatchEntry.stage,
            BatchEntry.refusal,
            func.coalesce(is_news, false()).label("is_news"),
            func.coalesce(is_to_visit, false()).label("is_to_visit"),
            func.coalesce(due.is_late(BatchEntry.stage, BatchEntry.outcome_at), false()).label(
                "is_late"
            ),
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
        .outerjoin(
            answered,
            and_(
                answered.area_id == area,
                answered.household_id == seen.c.id,
                answered.status.in_((NominationStatus.FORWARDED, *_ANSWERED)),
            ),
        )
        .outerjoin(
            BatchEntry,
            and_(BatchEntry.area_id == area, BatchEntry.nomination_id == answered.id),
        )
        .where(
            or_(
                and_(
                    seen.c.status.in_(IN_PROGRAMME),
                    or_(
                        Readiness.missed_running >= MISSED_TOO_OFTEN,
                        Readiness.verdict.in_(_PROMISING),
                        Nomination.status == NominationStatus.RETURNED,
                    ),
                ),
                is_news,
                is_to_visit,
            )
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
        is_in_programme=row.is_in_programme,
    )
