"""The families in a facilitator's care that ask for something, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
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
from casework.aftercare.queries import alerts, due
from casework.core import clock
from casework.core.db import UtcDateTime
from casework.core.kept import Kept
from casework.counts.queries.standing import standing
from casework.graduation.models import BatchEntry, Nomination
from casework.graduation.states import (
    COUNTS_AS_ESTABLISHED,
    NominationStatus,
    open_statuses,
)
from casework.households import scope
from casework.households.rules import IN_PROGRAMME, HouseholdStatus
from casework.meetings.rules import MISSED_TOO_OFTEN
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict

#: What the ministry answered is news for so long; the family's page keeps it.
_ANSWERED_WITHIN = timedelta(days=45)
_ANSWERED = (NominationStatus.ESTABLISHED, NominationStatus.REFUSED)

PROMISING = (Verdict.READY, Verdict.NEARLY_READY)


def asking(actor: Actor, year: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """A row for each family and each answer of the ministry, with the facilitator's standing
    in every one; one row without a family where none asks for anything."""
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
    is_alert = and_(
        answered.status.in_(COUNTS_AS_ESTABLISHED),
        seen.c.status == HouseholdStatus.GRADUATED,
        alerts.needs_attention(area, answered.id),
    )
    earlier = aliased(Nomination)
    withdrawn_at = (
        select(func.max(earlier.updated_at))
        .where(
            earlier.area_id == area,
            earlier.household_id == seen.c.id,
            earlier.status == NominationStatus.WITHDRAWN,
        )
        .scalar_subquery()
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
            func.coalesce(is_alert, false()).label("is_alert"),
            withdrawn_at.label("withdrawn_at"),
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
                        Readiness.verdict.in_(PROMISING),
                        Nomination.status == NominationStatus.RETURNED,
                    ),
                ),
                is_news,
                is_to_visit,
                is_alert,
            )
        )
    )
