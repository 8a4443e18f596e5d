"""Who graduated, for the ceremony of a place and some payment stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, select

from casework.access.actor import Actor
from casework.core.db import db
from casework.graduation.models import BatchEntry, MinistryBatch, Nomination
from casework.graduation.queries.established import established
from casework.households.scope import households
from casework.regions.models import Region
from casework.regions.rules import DISTRICT_SIGNS, REGENCY_SIGNS
from casework.regions.scope import lying_in

#: Families of one ceremony. A hall holds no more, nor does a printer's tray.
#: Source: none official (the largest ceremony found in the press had 415 families in 16
#: districts); product default.
MOST_INVITED = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    #: Payment stages from which the graduations are established, both included.
    first: str
    last: str
    #: A part of the actor's region; None for all of it.
    region: str | None = None


def stages(actor: Actor) -> list[str]:
    """Payment stages from which somebody in the actor's region graduated, the latest first."""
    seen, done = households(actor), established()
    return list(
        db.session.scalars(
            select(done.c.stage)
            .join(seen, and_(seen.c.area_id == done.c.area_id, seen.c.id == done.c.household_id))
            .group_by(done.c.stage)
            .order_by(done.c.stage.desc())
        )
    )


def graduates(actor: Actor, wanted: Wanted) -> Sequence[Row[Any]]:
    """By district, village and name; one more than `MOST_INVITED` where there are too many.

    Columns: id, caretaker_name, stage, nomination_id, facilitator_name (who nominated),
    village_name, district_name, regency_name; number, year and position of the nomination's batch.
    """
    seen, done = households(actor), established()
    village, district, regency = (
        Region.__table__.alias(),
        Region.__table__.alias(),
        Region.__table__.alias(),
    )
    code = seen.c.village_code
    query = (
        select(
            seen.c.id,
            seen.c.caretaker_name,
            done.c.stage,
            done.c.nomination_id,
            Nomination.nominated_by_name.label("facilitator_name"),
            village.c.name.label("village_name"),
            district.c.name.label("district_name"),
            regency.c.name.label("regency_name"),
            MinistryBatch.number,
            MinistryBatch.year,
            BatchEntry.position,
        )
        .select_from(done)
        .join(seen, and_(seen.c.area_id == done.c.area_id, seen.c.id == done.c.household_id))
        .join(
            Nomination,
            and_(Nomination.area_id == done.c.area_id, Nomination.id == done.c.nomination_id),
        )
        .join(
            BatchEntry,
            and_(
                BatchEntry.area_id == done.c.area_id,
                BatchEntry.nomination_id == done.c.nomination_id,
            ),
        )
        .join(
            MinistryBatch,
            and_(
                MinistryBatch.area_id == BatchEntry.area_id,
                MinistryBatch.id == BatchEntry.batch_id,
            ),
        )
        .join(village, village.c.code == code)
        .join(district, district.c.code == func.substr(code, 1, DISTRICT_SIGNS))
        .join(regency, regency.c.code == func.substr(code, 1, REGENCY_SIGNS))
        .where(done.c.stage.between(wanted.first, wanted.last))
        .order_by(regency.c.name, district.c.name, village.c.name, seen.c.caretaker_name, seen.c.id)
        .limit(MOST_INVITED + 1)
    )
    if wanted.region:
        query = query.where(lying_in(code, wanted.region))
    return db.session.execute(query).all()
