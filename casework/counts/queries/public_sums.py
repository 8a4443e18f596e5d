"""The exact sums behind public figures, by regency.

For `queries.public` alone (an architecture test), which shows them as `counts.rules` lets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    func,
    select,
    true,
    type_coerce,
    union_all,
)

from casework.core.db import db
from casework.counts.queries.figures import What
from casework.counts.rules import Code, Counts, Parts, closed_months
from casework.ledger.models import MonthTally, Tally
from casework.ledger.rules import CountedState, ExitKind
from casework.regions.models import Area


@dataclass(frozen=True, slots=True)
class Sums:
    """By what is counted, year and regency."""

    #: The provinces of the nation, the regencies of each; also those in which nobody was counted.
    parts: Parts
    counts: Mapping[tuple[What, int], Counts]

    def of(self, what: What, year: int) -> Counts:
        return self.counts.get((what, year), {})

    @property
    def first_year(self) -> int | None:
        return min((year for _what, year in self.counts), default=None)


def of_years(kind: ExitKind, cut_off: date, province: str | None) -> Sums:
    """Of every year, in every state of the kind: past years from their tally, the running one from
    its closed months. Two statements."""
    inside = _inside(Tally.area_id, province)
    past = select(*_columns(Tally)).where(Tally.kind == kind, Tally.year < cut_off.year, inside)
    *what, counted = _columns(MonthTally)
    running = (
        select(*what, func.sum(counted))
        .where(
            MonthTally.kind == kind,
            MonthTally.year == cut_off.year,
            MonthTally.month <= cut_off.month,
            _inside(MonthTally.area_id, province),
        )
        .group_by(*what)
    )
    return _by_regency(union_all(past, running), province)


def of_kinds(cut_off: date, year: int, province: str | None) -> Sums:
    """Of one year, in every kind and state. The running year is its tally less the months that
    are not over: there are fewer of them than of the others, and here all kinds are read. Two
    statements."""
    tally = select(*_columns(Tally)).where(Tally.year == year, _inside(Tally.area_id, province))
    *what, counted = _columns(MonthTally)
    open_months = select(*what, -counted).where(
        MonthTally.year == year,
        MonthTally.month > closed_months(year, cut_off),
        _inside(MonthTally.area_id, province),
    )
    return _by_regency(union_all(tally, open_months), province)


def of_months(
    what: What, year: int, months: Sequence[int], province: str | None
) -> tuple[Parts, list[Counts]]:
    """Of each of these months of one year. Two statements."""
    rows = db.session.execute(
        select(MonthTally.month, MonthTally.area_id, MonthTally.counted).where(
            MonthTally.kind == what.kind,
            MonthTally.state == what.state,
            MonthTally.year == year,
            MonthTally.month.in_(months),
            _inside(MonthTally.area_id, province),
        )
    ).all()
    places = _regencies(province)
    counts: dict[int, dict[str, int]] = {month: {} for month in months}
    for month, area_id, households in rows:
        counts[month][places[area_id][1]] = households
    return _parts(places), list(counts.values())


def _columns(table: type[Tally] | type[MonthTally]) -> tuple[Any, ...]:
    # Thousands of rows have the same few words: each is read once, further down.
    kind, state = type_coerce(table.kind, String), type_coerce(table.state, String)
    return kind, state, table.year, table.area_id, table.counted


def _by_regency(closed: CompoundSelect[Any], province: str | None) -> Sums:
    rows = db.session.execute(closed).all()
    # Beside them and not joined: each row is then half as wide.
    places = _regencies(province)
    counts: dict[tuple[str, str, int], dict[str, int]] = {}
    for kind, state, year, area_id, households in rows:
        counted = counts.setdefault((kind, state, year), {})
        code = places[area_id][1]
        counted[code] = counted.get(code, 0) + int(households)
    return Sums(
        _parts(places),
        {
            (What(ExitKind(kind), CountedState(state)), year): of_regencies
            for (kind, state, year), of_regencies in counts.items()
        },
    )


def _regencies(province: str | None) -> Mapping[int, tuple[str, str]]:
    """By number: province and code, in the order of codes."""
    rows = db.session.execute(
        select(Area.id, Area.province_code, Area.code)
        .where(true() if province is None else Area.province_code == province)
        .order_by(Area.code)
    )
    return {area_id: (above, code) for area_id, above, code in rows}


def _parts(places: Mapping[int, tuple[str, str]]) -> Parts:
    parts: dict[Code, list[str]] = {None: []}
    for above, code in places.values():
        if above not in parts:
            parts[None].append(above)
            parts[above] = []
        parts[above].append(code)
    return parts


def _inside(area_id: Any, province: str | None) -> ColumnElement[bool]:
    if province is None:
        return true()
    of_province: ColumnElement[bool] = area_id.in_(
        select(Area.id).where(Area.province_code == province)
    )
    return of_province
