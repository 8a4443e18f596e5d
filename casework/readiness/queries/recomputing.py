"""Reading all households, regency by regency, to prove or renew what is stored of them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from casework.core.db import db
from casework.households.queries.components import components
from casework.readiness.models import Readiness
from casework.readiness.queries.assessment import figures_on
from casework.readiness.queries.facts import known_of


def batches(area_id: int, size: int) -> Iterator[list[uuid.UUID]]:
    """Every household of a regency, by id, so many at a time."""
    household = components().subquery("component")
    after: uuid.UUID | None = None
    while True:
        page = select(household.c.household_id).where(household.c.area_id == area_id)
        if after is not None:
            page = page.where(household.c.household_id > after)
        found = list(db.session.scalars(page.order_by(household.c.household_id).limit(size)))
        if not found:
            return
        yield found
        after = found[-1]


def stored(area_id: int, household_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row[Any]]:
    """What is stored of these households."""
    table = Readiness.__table__
    rows = db.session.execute(
        select(table).where(table.c.area_id == area_id, table.c.household_id.in_(household_ids))
    )
    return {row.household_id: row for row in rows}


def wrong(area_id: int, household_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Households whose stored verdict is not what the facts say, each on the day it was stored
    for: time alone changes verdicts too (answers grow old), and that is no fault.

    A household of which nothing is recorded may have no row.
    """
    rows = stored(area_id, household_ids)
    by_day: dict[date, list[uuid.UUID]] = defaultdict(list)
    for each in household_ids:
        by_day[rows[each].as_of if each in rows else date.max].append(each)
    found = []
    for day, ids in by_day.items():
        figures = figures_on(day)
        for each, known in known_of(area_id, ids, as_of=day).items():
            if each not in rows:
                differs = not known.is_blank
            else:
                row = rows[each]._mapping
                differs = any(row[k] != v for k, v in figures(known)._asdict().items())
            if differs:
                found.append(each)
    return sorted(found)
