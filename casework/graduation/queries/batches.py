"""Batches to the ministry: what waits for one, what they hold, what came back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, select

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.paging import PAGE_SIZE, Page
from casework.graduation.models import BatchEntry, MinistryBatch, Nomination
from casework.graduation.rules import MOST_IN_BATCH
from casework.graduation.scope import ITS_ENTRY, with_household
from casework.graduation.states import NominationStatus
from casework.households.rules import HouseholdStatus
from casework.regions.queries.places import areas_of, places
from casework.regions.scope import in_areas, probed_areas


def batch(actor: Actor, batch_id: uuid.UUID) -> MinistryBatch:
    """Raises: NotFound, also for whoever sees only a part of the regency: a batch is whole."""
    found = db.session.scalar(
        select(MinistryBatch)
        .where(probed_areas(actor, MinistryBatch.area_id), MinistryBatch.id == batch_id)
        .execution_options(populate_existing=True)
    )
    if found is None or found.area_id not in areas_of(actor):
        raise NotFound
    return found


def batches(actor: Actor) -> Sequence[Row[Any]]:
    """The latest ones of the actor's regencies: MinistryBatch, households, waiting, established,
    refused."""
    status = Nomination.status
    counts = {
        "waiting": NominationStatus.FORWARDED,
        "established": NominationStatus.ESTABLISHED,
        "refused": NominationStatus.REFUSED,
    }
    page = (
        select(MinistryBatch.area_id, MinistryBatch.id)
        .where(in_areas(actor, MinistryBatch.area_id))
        .order_by(MinistryBatch.made_at.desc(), MinistryBatch.id.desc())
        .limit(PAGE_SIZE)
        .subquery("page")
    )
    counted = (
        select(
            BatchEntry.area_id,
            BatchEntry.batch_id,
            func.count().label("households"),
            *(func.count(case((status == each, 1))).label(name) for name, each in counts.items()),
        )
        .join(page, and_(page.c.area_id == BatchEntry.area_id, page.c.id == BatchEntry.batch_id))
        .join(
            Nomination,
            ITS_ENTRY,
        )
        .group_by(BatchEntry.area_id, BatchEntry.batch_id)
        .subquery("counted")
    )
    return db.session.execute(
        select(MinistryBatch, counted.c.households, *(counted.c[name] for name in counts))
        .join(
            counted,
            and_(
                counted.c.area_id == MinistryBatch.area_id, counted.c.batch_id == MinistryBatch.id
            ),
        )
        .order_by(MinistryBatch.made_at.desc(), MinistryBatch.id.desc())
    ).all()


def waiting_by_area(actor: Actor) -> dict[int, int]:
    """Number of a regency -> approved nominations that wait for a batch."""
    seen, joined = with_household(actor)
    rows = db.session.execute(
        select(Nomination.area_id, func.count().label("waiting"))
        .select_from(Nomination)
        .join(seen, joined)
        .where(*_waits(seen))
        .group_by(Nomination.area_id)
    )
    return {row.area_id: row.waiting for row in rows}


def waiting(actor: Actor, area_id: int) -> Sequence[Row[Any]]:
    """Approved nominations of a regency that no batch has taken yet, longest approved first, as
    many as a batch takes: id, caretaker_name, group_name, village_name, facilitator_name,
    decided_at, decided_by_name."""
    seen, joined = with_household(actor)
    village, facilitator = places(), people()
    return db.session.execute(
        select(
            Nomination.id,
            Nomination.decided_at,
            Nomination.decided_by_name,
            seen.c.caretaker_name,
            seen.c.group_name,
            village.c.name.label("village_name"),
            facilitator.c.name.label("facilitator_name"),
        )
        .select_from(Nomination)
        .join(seen, joined)
        .join(village, village.c.code == seen.c.village_code)
        .outerjoin(facilitator, facilitator.c.id == seen.c.facilitator_id)
        .where(Nomination.area_id == area_id, *_waits(seen))
        .order_by(Nomination.decided_at, Nomination.id)
        .limit(MOST_IN_BATCH)
    ).all()


def _waits(seen: Any) -> tuple[Any, ...]:
    # A roster may have let a family leave otherwise since: the ministry cannot establish that.
    return (
        Nomination.status == NominationStatus.APPROVED,
        seen.c.status == HouseholdStatus.APPROVED,
    )


def next_number(area_id: int, year: int) -> int:
    """The caller holds the regency."""
    last = db.session.scalar(
        select(func.max(MinistryBatch.number)).where(
            MinistryBatch.area_id == area_id, MinistryBatch.year == year
        )
    )
    return (last or 0) + 1


def entries(actor: Actor, found: MinistryBatch) -> Select[Any]:
    """The lines of a batch in the order of its list: BatchEntry, status, decided_at and
    decided_by_name of the nomination, household_id, household_status, caretaker_name, group_name,
    village_code, village_name, facilitator_name."""
    seen, joined = with_household(actor)
    village, facilitator = places(), people()
    return (
        select(
            BatchEntry,
            Nomination.status,
            Nomination.decided_at,
            Nomination.decided_by_name,
            seen.c.id.label("household_id"),
            seen.c.status.label("household_status"),
            seen.c.caretaker_name,
            seen.c.group_name,
            seen.c.village_code,
            village.c.name.label("village_name"),
            facilitator.c.name.label("facilitator_name"),
        )
        .select_from(BatchEntry)
        .join(
            Nomination,
            ITS_ENTRY,
        )
        .join(seen, joined)
        .join(village, village.c.code == seen.c.village_code)
        .outerjoin(facilitator, facilitator.c.id == seen.c.facilitator_id)
        .where(BatchEntry.area_id == found.area_id, BatchEntry.batch_id == found.id)
        .order_by(BatchEntry.position)
    )


def all_entries(actor: Actor, found: MinistryBatch) -> Sequence[Row[Any]]:
    return db.session.execute(entries(actor, found)).all()


def page_of_entries(actor: Actor, found: MinistryBatch, after: int) -> Page[Row[Any]]:
    """Those whose number in the list is larger than `after`."""
    rows = db.session.execute(
        entries(actor, found).where(BatchEntry.position > after).limit(PAGE_SIZE + 1)
    )
    return Page.of(rows.all())


def counts(found: MinistryBatch) -> dict[NominationStatus, int]:
    """How many nominations of a batch stand in which state."""
    rows = db.session.execute(
        select(Nomination.status, func.count().label("nominations"))
        .join(
            BatchEntry,
            ITS_ENTRY,
        )
        .where(BatchEntry.area_id == found.area_id, BatchEntry.batch_id == found.id)
        .group_by(Nomination.status)
    )
    return {row.status: row.nominations for row in rows}
