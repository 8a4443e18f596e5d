"""The decisions and exits behind a figure of a regency, for whoever works there.

Every line of the ledger is shown, those too that take one back, so that what is listed adds up to
the figure.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.paging import PAGE_SIZE, Cursor, Page
from casework.counts.queries.figures import What
from casework.graduation.models import Nomination
from casework.households.scope import households
from casework.ledger.models import LedgerEntry
from casework.ledger.rules import ExitKind
from casework.regions.models import Region
from casework.regions.rules import DISTRICT_SIGNS, RegionLevel
from casework.regions.scope import lying_in


@dataclass(frozen=True, slots=True)
class Asked:
    what: What
    year: int
    #: A regency, or a district of one.
    region: str
    #: Whose they are: see `_whose`.
    facilitator: uuid.UUID | None = None
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Of the figure: a district, or what is a facilitator's; no key: families whose group nobody
    looks after."""

    key: str | uuid.UUID | None
    name: str | None
    households: int


@dataclass(frozen=True, slots=True)
class Behind:
    #: code, name, level, area_id
    place: Row[Any]
    households: int
    districts: Sequence[Part]
    facilitators: Sequence[Part]
    page: Page[Row[Any]]


def behind(actor: Actor, wanted: Asked) -> Behind:
    """What the actor may see of it. Raises: NotFound for what is neither regency nor district."""
    place = _place(wanted.region)
    seen, person = households(actor), people()
    whose = _whose(wanted, seen)
    counted = (
        select(
            LedgerEntry.id,
            LedgerEntry.entered_at,
            LedgerEntry.counted_on,
            LedgerEntry.amount,
            LedgerEntry.nomination_id,
            LedgerEntry.household_id,
            func.substr(LedgerEntry.village_code, 1, DISTRICT_SIGNS).label("district_code"),
            Nomination.status,
            seen.c.caretaker_name,
            seen.c.group_name,
            whose.label("facilitator_id"),
            person.c.name.label("facilitator_name"),
        )
        .select_from(LedgerEntry)
        # An exit of another kind has none.
        .outerjoin(
            Nomination,
            and_(
                Nomination.area_id == LedgerEntry.area_id,
                Nomination.id == LedgerEntry.nomination_id,
            ),
        )
        .join(
            seen,
            and_(seen.c.area_id == LedgerEntry.area_id, seen.c.id == LedgerEntry.household_id),
        )
        .outerjoin(person, person.c.id == whose)
        .where(*_is_wanted(wanted, place.area_id))
    )
    if wanted.facilitator:
        counted = counted.where(whose == wanted.facilitator)
    parts = _parts(counted)
    return Behind(
        place,
        sum(each.households for each in parts[0]),
        parts[0] if place.level is RegionLevel.REGENCY else [],
        parts[1],
        _page(counted, wanted.after),
    )


def _whose(wanted: Asked, seen: Subquery) -> ColumnElement[Any] | InstrumentedAttribute[Any]:
    """Whose a counted family is: of graduasi mandiri who nominated it, as her target counts it
    (docs/decisions/0026); of another exit, which nobody puts forward, who looks after the
    family's group today."""
    if wanted.what.kind is ExitKind.INDEPENDENT:
        return Nomination.nominated_by
    return seen.c.facilitator_id


def _place(code: str) -> Row[Any]:
    row: Any = db.session.execute(
        select(Region.code, Region.name, Region.level, Region.area_id).where(
            Region.code == code,
            Region.level.in_([RegionLevel.REGENCY, RegionLevel.DISTRICT]),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    found: Row[Any] = row
    return found


def _is_wanted(wanted: Asked, area_id: int) -> Sequence[ColumnElement[bool]]:
    return (
        LedgerEntry.area_id == area_id,
        LedgerEntry.year == wanted.year,
        LedgerEntry.kind == wanted.what.kind,
        LedgerEntry.state == wanted.what.state,
        lying_in(LedgerEntry.village_code, wanted.region),
    )


def _parts(counted: Select[*tuple[Any, ...]]) -> tuple[list[Part], list[Part]]:
    """By district and by facilitator, by name, in one statement each."""
    lines = counted.subquery("counted")
    total = func.sum(lines.c.amount)
    by_district = (
        select(lines.c.district_code, Region.name, total)
        .join(Region, Region.code == lines.c.district_code)
        .group_by(lines.c.district_code, Region.name)
        .order_by(Region.name)
    )
    by_facilitator = (
        select(lines.c.facilitator_id, lines.c.facilitator_name, total)
        .group_by(lines.c.facilitator_id, lines.c.facilitator_name)
        .order_by(lines.c.facilitator_name, lines.c.facilitator_id)
    )
    districts, facilitators = (
        [Part(key, name, int(number)) for key, name, number in db.session.execute(statement)]
        for statement in (by_district, by_facilitator)
    )
    return districts, facilitators


def _page(counted: Select[*tuple[Any, ...]], after: Cursor | None) -> Page[Row[Any]]:
    """The latest first."""
    if after is not None:
        last = tuple_(literal(after.at, LedgerEntry.entered_at.type), literal(after.id))
        counted = counted.where(tuple_(LedgerEntry.entered_at, LedgerEntry.id) < last)
    order = (LedgerEntry.entered_at.desc(), LedgerEntry.id.desc())
    return Page.of(
        db.session.execute(counted.order_by(*order).limit(PAGE_SIZE + 1)).all(), PAGE_SIZE
    )
