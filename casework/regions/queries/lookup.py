"""A region by its code or name, and the regions around and inside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from casework.core.db import db
from casework.regions import rules
from casework.regions.models import Region
from casework.regions.rules import RegionLevel
from casework.regions.scope import lying_in


@dataclass(frozen=True, slots=True)
class RegionRow:
    code: str
    level: RegionLevel
    name: str
    parent_code: str | None
    #: Number of the regency it lies in; None for a province.
    area_id: int | None
    #: First day on which it was no longer valid.
    valid_to: date | None


def _regions() -> Select[*tuple[Any, ...]]:
    return select(
        Region.code,
        Region.level,
        Region.name,
        Region.parent_code,
        Region.area_id,
        Region.valid_to,
    )


def region(code: str) -> RegionRow | None:
    """By its code, dotted or not; also one that is retired: old cases lie there."""
    code = rules.dotted(code) or ""
    row = db.session.execute(_regions().where(Region.code == code)).first()
    return RegionRow(*row) if row else None


def children(code: str | None) -> list[RegionRow]:
    """The valid regions directly below, by name; the provinces below None."""
    query = _regions().where(Region.parent_code == code, Region.valid_to.is_(None))
    return [RegionRow(*row) for row in db.session.execute(query.order_by(Region.name, Region.code))]


def offered(code: str | None, within: str | None) -> list[tuple[str, str]]:
    """(code, name) of what a filter by place offers to whoever sees `within`: the chosen place
    with those around it up to there, and what lies directly below it."""
    query = select(Region.code, Region.name).where(
        Region.code.in_(rules.with_ancestors(code) if code else [])
    )
    around = [
        (row.code, row.name)
        for row in (db.session.execute(query.order_by(Region.code)) if code else ())
        if row.code != within and rules.lies_in(row.code, within)
    ]
    here = code or within
    if here is not None and rules.level_of(here) is RegionLevel.VILLAGE:
        return around
    return around + [(row.code, row.name) for row in children(here)]


def path_names(codes: Collection[str]) -> dict[str, str]:
    """For each known code its name with those around it, nearest first: "Molas, Bunaken,
    Kota Manado, Sulawesi Utara". One statement, however many codes."""
    wanted = {ancestor for code in codes for ancestor in rules.with_ancestors(code)}
    if not wanted:
        return {}
    query = select(Region.code, Region.name).where(Region.code.in_(wanted))
    names = {row.code: row.name for row in db.session.execute(query)}
    return {
        code: ", ".join(
            names[ancestor]
            for ancestor in reversed(rules.with_ancestors(code))
            if ancestor in names
        )
        for code in codes
        if code in names
    }


#: More hits than this help nobody; a person types another letter.
MOST_HITS = 20


def search(
    text: str,
    *,
    level: RegionLevel | None = None,
    within: str | None = None,
    limit: int = MOST_HITS,
) -> list[RegionRow]:
    """Valid regions whose name contains the text, or whose code it is: whole names first, then
    names that begin with it; larger regions before smaller ones."""
    wanted = text.strip().lower()
    if not wanted:
        return []
    name = func.lower(Region.name)
    query = _regions().where(
        Region.valid_to.is_(None),
        or_(name.contains(wanted, autoescape=True), Region.code == rules.dotted(wanted)),
    )
    if level is not None:
        query = query.where(Region.level == level)
    if within is not None:
        query = query.where(lying_in(Region.code, within))
    # "manado" means Kota Manado before a village of that name.
    closeness = case(
        (or_(name == wanted, name.in_([f"kota {wanted}", f"kabupaten {wanted}"])), 0),
        (name.startswith(wanted, autoescape=True), 1),
        else_=2,
    )
    query = query.order_by(closeness, func.length(Region.code), Region.name, Region.code)
    return [RegionRow(*row) for row in db.session.execute(query.limit(limit))]


def names_within(code: str | None, *levels: RegionLevel) -> Iterator[tuple[str, str]]:
    """(code, name) of the valid regions in a region (None: in the country), and of those
    around it: what a roster's words are compared with. Of these levels only, if any are given.
    """
    query = select(Region.code, Region.name).where(Region.valid_to.is_(None))
    if code is not None:
        query = query.where(
            or_(lying_in(Region.code, code), Region.code.in_(rules.with_ancestors(code)))
        )
    if levels:
        query = query.where(Region.level.in_(levels))
    yield from db.session.execute(query.order_by(Region.code))


def villages_within(code: str | None) -> list[RegionRow]:
    """The valid villages of a region, by name."""
    query = _regions().where(Region.level == RegionLevel.VILLAGE, Region.valid_to.is_(None))
    if code is not None:
        query = query.where(lying_in(Region.code, code))
    return [RegionRow(*row) for row in db.session.execute(query.order_by(Region.name, Region.code))]
