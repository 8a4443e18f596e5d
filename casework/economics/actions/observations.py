"""Recording what is seen of a family's economy on one day."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import lazy_gettext
from sqlalchemy import insert, update

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, Refused
from casework.core.signals import household_facts_changed
from casework.economics.actions.recording import check_not_after_today, may_record
from casework.economics.models import Observation
from casework.economics.queries.history import observations_since
from casework.economics.rules import MOST_OBSERVATIONS, BorrowsFrom
from casework.households.actions.once import was_saved


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen or told on one day; None means not asked. Money in whole rupiah."""

    observed_on: date
    keeps_budget: bool | None = None
    saves_per_month: int | None = None
    savings_total: int | None = None
    uses_bank_account: bool | None = None
    borrows_from: BorrowsFrom | None = None
    income_per_month: int | None = None
    note: str = ""

    def asked(self) -> list[str]:
        """Names of what was asked."""
        return [
            name
            for name, value in asdict(self).items()
            if value is not None and name not in {"observed_on", "note"}
        ]


def record_observation(
    actor: Actor, household_id: uuid.UUID, seen: Seen, *, observation_id: uuid.UUID
) -> None:
    """Record what was seen. The id is made with the form: sent twice, it is recorded once.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    area_id = may_record(actor, household_id)
    if was_saved(Observation, actor, area_id, household_id, observation_id):
        return
    check_not_after_today(actor, "observed_on", seen.observed_on)
    if not seen.asked():
        raise Invalid.field("", lazy_gettext("Fill in at least one answer."))
    _check_room(actor, area_id, household_id)
    _record(actor, area_id, household_id, seen, observation_id)


def _check_room(actor: Actor, area_id: int, household_id: uuid.UUID) -> None:
    """The household is held, so that two at once cannot pass over the most there may be."""
    today = clock.midnight(actor.time_zone)
    if observations_since(area_id, household_id, actor.user_id, today) >= MOST_OBSERVATIONS:
        raise Refused(
            lazy_gettext(
                "You have recorded %(most)s observations of this family today. Go on tomorrow.",
                most=MOST_OBSERVATIONS,
            )
        )


def record_at_follow_up(
    actor: Actor,
    area_id: int,
    household_id: uuid.UUID,
    seen: Seen,
    *,
    observation_id: uuid.UUID,
) -> None:
    """Record what a follow-up visit to a graduated family found of its economy: the same facts as
    of any other day. Whoever calls has decided that the visit may be recorded, holds the household
    and asks whether it was sent before. Nothing asked is nothing recorded.
    """
    if seen.asked():
        _record(actor, area_id, household_id, seen, observation_id)


def take_back_observation(
    actor: Actor, area_id: int, household_id: uuid.UUID, observation_id: uuid.UUID
) -> None:
    """Let an observation count no more: the visit at which it was made has been corrected. It
    stays, for whoever asks what stood there before. The caller holds the household."""
    db.session.execute(
        update(Observation)
        .where(
            Observation.area_id == area_id,
            Observation.household_id == household_id,
            Observation.id == observation_id,
        )
        .values(taken_back_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    household_facts_changed.send(actor, area_id=area_id, household_ids=[household_id])


def _record(
    actor: Actor, area_id: int, household_id: uuid.UUID, seen: Seen, observation_id: uuid.UUID
) -> None:
    db.session.execute(
        insert(Observation),
        asdict(seen)
        | {
            "area_id": area_id,
            "id": observation_id,
            "household_id": household_id,
            "recorded_by": actor.user_id,
            "recorded_by_name": actor.name,
            "recorded_at": clock.now(),
        },
    )
    household_facts_changed.send(actor, area_id=area_id, household_ids=[household_id])
    audit.record(
        actor,
        Tag.OBSERVATION_RECORDED,
        subject_type="observation",
        subject_id=observation_id,
        area_id=area_id,
        household=str(household_id),
        observed_on=seen.observed_on.isoformat(),
        fields=seen.asked(),
    )
