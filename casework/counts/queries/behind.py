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

from casework.access.actor import Actor
from casework.access.roles import Role
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
from casework.regions.rules import DISTRICT_SIGNS, RegionLevel, lies_in, regency_of
from casework.regions.scope import lying_in


@dataclass(frozen=True, slots=True)
class Asked:
    what: What
    year: int
    #: A regency, or a district of one.
    region: str
    #: Whose they are: of graduasi mandiri who nominated the family, as her target counts it
    #: (docs/decisions/0026); of another exit, which nobody puts forward, who looks after the
    #: family's group today.
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
    lines = _lines(actor, wanted, place.area_id)
    districts, facilitators = _by_district(lines), _by_facilitator(lines)
    return Behind(
        place,
        sum(each.households for each in districts),
        districts if place.level is RegionLevel.REGENCY else [],
        facilitators,
        _page(actor, place.area_id, lines, wanted.after),
    )


def _lines(actor: Actor, wanted: Asked, area_id: int) -> Select[*tuple[Any, ...]]:
    """Of the ledger, with whose each is. A regency has twelve thousand in a year: they are added
    up from an index alone, what is shown of fifty is looked up for those fifty, and families are
    asked for only by whom some of them may not exist for."""
    lines = select(
        LedgerEntry.id,
        LedgerEntry.entered_at,
        LedgerEntry.counted_on,
        LedgerEntry.amount,
        LedgerEntry.nomination_id,
        LedgerEntry.household_id,
        func.substr(LedgerEntry.village_code, 1, DISTRICT_SIGNS).label("district_code"),
    ).where(*_is_wanted(wanted, area_id))
    is_mandiri = wanted.what.kind is ExitKind.INDEPENDENT
    whose: ColumnElement[Any] = LedgerEntry.nominated_by.expression
    if not is_mandiri or not _sees_all(actor, wanted.region):
        seen = households(actor)
        lines = lines.join(
            seen,
            and_(seen.c.area_id == area_id, seen.c.id == LedgerEntry.household_id),
        )
        if not is_mandiri:
            whose = seen.c.facilitator_id
    if wanted.facilitator:
        lines = lines.where(whose == wanted.facilitator)
    return lines.add_columns(whose.label("facilitator_id"))


def _sees_all(actor: Actor, region: str) -> bool:
    """Whether every family of that place exists for the actor, wherever in it the family lived
    when it was counted."""
    return actor.role is not Role.FACILITATOR and lies_in(regency_of(region), actor.region_code)


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


def _by_district(lines: Select[*tuple[Any, ...]]) -> list[Part]:
    line = lines.subquery("line")
    sums = _sums(line, line.c.district_code)
    return _parts(
        select(sums.c.key, Region.name, sums.c.households)
        .join(Region, Region.code == sums.c.key)
        .order_by(Region.name)
    )


def _by_facilitator(lines: Select[*tuple[Any, ...]]) -> list[Part]:
    line, person = lines.subquery("line"), people()
    sums = _sums(line, line.c.facilitator_id)
    return _parts(
        select(sums.c.key, person.c.name, sums.c.households)
        .outerjoin(person, person.c.id == sums.c.key)
        .order_by(person.c.name, sums.c.key)
    )


def _sums(line: Subquery, key: ColumnElement[Any]) -> Subquery:
    total = func.sum(line.c.amount).label("households")
    return select(key.label("key"), total).group_by(key).subquery("sums")


def _parts(rows: Select[*tuple[Any, ...]]) -> list[Part]:
    return [Part(key, name, int(number)) for key, name, number in db.session.execute(rows)]


def _page(
    actor: Actor, area_id: int, lines: Select[*tuple[Any, ...]], after: Cursor | None
) -> Page[Row[Any]]:
    """The latest first."""
    if after is not None:
        last = tuple_(literal(after.at, LedgerEntry.entered_at.type), literal(after.id))
        lines = lines.where(tuple_(LedgerEntry.entered_at, LedgerEntry.id) < last)
    order = (LedgerEntry.entered_at.desc(), LedgerEntry.id.desc())
    line = lines.order_by(*order).limit(PAGE_SIZE + 1).subquery("line")
    seen, person = households(actor), people()
    shown = (
        select(
            line,
            Nomination.status,
            seen.c.caretaker_name,
            seen.c.group_name,
            person.c.name.label("facilitator_name"),
        )
        .join(seen, and_(seen.c.area_id == area_id, seen.c.id == line.c.household_id))
        .outerjoin(
            Nomination,
            and_(Nomination.area_id == area_id, Nomination.id == line.c.nomination_id),
        )
        .outerjoin(person, person.c.id == line.c.facilitator_id)
        .order_by(line.c.entered_at.desc(), line.c.id.desc())
    )
    return Page.of(db.session.execute(shown).all(), PAGE_SIZE)
