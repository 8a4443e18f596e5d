"""The families that a check found something about, as pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, or_, select

from casework.access.actor import Actor
from casework.core.db import db
from casework.core.paging import PAGE_SIZE, Page
from casework.households import scope
from casework.regions.models import Region
from casework.regions.queries.places import places
from casework.rosters.models import RosterImport

Key = tuple[int, uuid.UUID]
"""Number of the regency and id of a household."""


def missing_from(upload_id: uuid.UUID) -> list[Key]:
    """Whom the file leaves out, as stored with an upload that is the reader's own."""
    stored = db.session.scalar(select(RosterImport.missing).where(RosterImport.id == upload_id))
    return [
        (int(area), uuid.UUID(household_id))
        for area, ids in sorted((stored or {}).items(), key=lambda item: int(item[0]))
        for household_id in ids
    ]


def families(actor: Actor, keys: Sequence[Key], *, after: int) -> Page[Row[Any]]:
    """A page of them in this order: the columns of `scope.households` and village_name.

    `after` so many of them: the list is that of the check and stands still, unlike those that
    are paged by their last row. Who does not exist for the actor any more is left out.
    """
    shown = Page.of(keys[after : after + PAGE_SIZE + 1])
    ids: dict[int, list[uuid.UUID]] = {}
    for area_id, household_id in shown.rows:
        ids.setdefault(area_id, []).append(household_id)
    if not ids:
        return Page((), more=False)
    seen, place = scope.households(actor), places()
    query = (
        select(seen, place.c.name.label("village_name"))
        .join(place, place.c.code == seen.c.village_code)
        .where(or_(*(and_(seen.c.area_id == area, seen.c.id.in_(ids[area])) for area in ids)))
    )
    found = {(row.area_id, row.id): row for row in db.session.execute(query)}
    return Page([found[key] for key in shown.rows if key in found], shown.more)


def village_names(codes: Collection[str]) -> dict[str, str]:
    query = select(Region.code, Region.name).where(Region.code.in_(codes))
    return {row.code: row.name for row in db.session.execute(query)}
