"""The decisions and exits behind a figure of a regency, for whoever works there.

Every line of the ledger is shown, those too that take one back, so that what is listed adds up to
the figure.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, select, tuple_

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.queries.people import people
from casework.core import clock
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.paging import PAGE_SIZE, Cursor, Page
from casework.counts.queries.figures import TARGET_KINDS, Place, What, place
from casework.counts.rules import exact_pace
from casework.graduation.models import Nomination
from casework.households.scope import households
from casework.ledger.models import LedgerEntry
from casework.ledger.rules import ExitKind
from casework.regions.models import Region
from casework.regions.rules import DISTRICT_SIGNS, RegionLevel, lies_in, regency_of
from casework.regions.scope import lying_in

Key = str | uuid.UUID | None
#: From what is counted to what it comes to by the end of the year.
Heading = Callable[[int], int | None]


@dataclass(frozen=True, slots=True)
class Wanted:
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

    key: Key
    name: str | None
    households: int
    #: At this pace; None of a year that is not running, and of what nobody has targets of.
    by_year_end: int | None


@dataclass(frozen=True, slots=True)
class Behind:
    place: Place
    #: Until when it is counted; a page that is printed says it.
    day: date
    households: int
    by_year_end: int | None
    districts: Sequence[Part]
    facilitators: Sequence[Part]
    page: Page[Row[Any]]


def behind(actor: Actor, wanted: Wanted) -> Behind:
    """What the actor may see of it. Raises: NotFound for what is neither regency nor district."""
    where = place(wanted.region, RegionLevel.REGENCY, RegionLevel.DISTRICT)
    if where.area_id is None:
        raise NotFound
    lines = _lines(actor, wanted, where.area_id)
    today = clock.today(actor.time_zone)
    heading = partial(_by_year_end, wanted, today)
    districts, facilitators = _parts(lines, heading)
    households = sum(each.households for each in districts)
    return Behind(
        where,
        today,
        households,
        heading(households),
        districts if where.level is RegionLevel.REGENCY else [],
        facilitators,
        _page(actor, where.area_id, lines, wanted.after),
    )


def part_of(actor: Actor, wanted: Wanted, area_id: int) -> int:
    """How many of the figure's families the actor sees, as `behind` adds them up; `area_id` is that
    of the regency. One statement."""
    line = _lines(actor, wanted, area_id).subquery("line")
    return int(db.session.scalar(select(func.sum(line.c.amount))) or 0)


def _lines(actor: Actor, wanted: Wanted, area_id: int) -> Select[*tuple[Any, ...]]:
    """Of the ledger, with whose each is. A large regency has twelve thousand graduations in a
    year: for who sees all of them they are added up from an index alone (PostgreSQL), and what is
    shown of fifty is looked up for those fifty. For anybody else, and of other kinds, each is
    joined with its family."""
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


def _is_wanted(wanted: Wanted, area_id: int) -> Sequence[ColumnElement[bool]]:
    return (
        LedgerEntry.area_id == area_id,
        LedgerEntry.year == wanted.year,
        LedgerEntry.kind == wanted.what.kind,
        LedgerEntry.state == wanted.what.state,
        lying_in(LedgerEntry.village_code, wanted.region),
    )


def _by_year_end(wanted: Wanted, today: date, counted: int) -> int | None:
    if wanted.what.kind not in TARGET_KINDS:
        return None
    pace = exact_pace(counted, None, wanted.year, today)
    return pace.by_year_end if pace else None


def _parts(lines: Select[*tuple[Any, ...]], heading: Heading) -> tuple[list[Part], list[Part]]:
    """By district, and by whose they are, each by name; added up in one walk through the lines."""
    line, person = lines.subquery("line"), people()
    both = (line.c.district_code, line.c.facilitator_id)
    sums = select(*both, func.sum(line.c.amount).label("households")).group_by(*both).subquery()
    rows = db.session.execute(
        select(sums, Region.name.label("district"), person.c.name.label("facilitator"))
        .join(Region, Region.code == sums.c.district_code)
        .outerjoin(person, person.c.id == sums.c.facilitator_id)
    )
    districts: Counter[tuple[str, Key]] = Counter()
    facilitators: Counter[tuple[str, Key]] = Counter()
    for row in rows:
        districts[row.district, row.district_code] += int(row.households)
        facilitators[row.facilitator or "", row.facilitator_id] += int(row.households)
    return _by_name(districts, heading), _by_name(facilitators, heading)


def _by_name(sums: Mapping[tuple[str, Key], int], heading: Heading) -> list[Part]:
    """Nobody's come last."""
    order = sorted(sums, key=lambda each: (each[1] is None, each[0].casefold(), str(each[1])))
    return [
        Part(key, name or None, households := sums[name, key], heading(households))
        for name, key in order
    ]


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
