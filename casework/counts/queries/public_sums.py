"""The exact sums behind public figures, by regency, as they stood at the end of the last full
month: what was taken back since then is still counted.

For `queries.public` alone (an architecture test), which shows them as `counts.rules` lets it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    extract,
    func,
    select,
    true,
    type_coerce,
    union_all,
)

from casework.core.db import db
from casework.core.kept_a_while import kept_a_while
from casework.counts.queries.figures import What
from casework.counts.rules import Code, Counts, Parts, closed_months
from casework.ledger.models import LedgerEntry, MonthTally, Tally
from casework.ledger.rules import OTHER_EXITS, CountedState, ExitKind
from casework.regions.models import Area
from casework.regions.rules import WIB

Summed = type[Tally] | type[MonthTally] | type[LedgerEntry]


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
    """Of every year, in every state of the kind. Two statements."""
    return _by_regency(cut_off, province, lambda table: table.kind == kind)


def of_other_kinds(cut_off: date, year: int, province: str | None) -> Sums:
    """Of one year, in every kind but graduasi mandiri, which `of_years` has. Two statements."""
    return _by_regency(
        cut_off, province, lambda table: and_(table.year == year, table.kind.in_(OTHER_EXITS))
    )


def of_months(
    what: What, cut_off: date, year: int, province: str | None
) -> tuple[Parts, Mapping[int, Counts]]:
    """Of each closed month of one year. Two statements."""
    months = range(1, closed_months(year, cut_off) + 1)
    counted = select(MonthTally.month, MonthTally.area_id, MonthTally.counted).where(
        MonthTally.kind == what.kind,
        MonthTally.state == what.state,
        MonthTally.year == year,
        MonthTally.month <= len(months),
        _inside(MonthTally.area_id, province),
    )
    month = extract("month", LedgerEntry.counted_on)
    taken_back = _taken_back(cut_off, province, month, LedgerEntry.area_id).where(
        LedgerEntry.kind == what.kind, LedgerEntry.state == what.state, LedgerEntry.year == year
    )
    closed: CompoundSelect[Any] = union_all(counted, taken_back)
    rows = db.session.execute(closed).all()
    places = _regencies(province)
    found: dict[int, dict[str, int]] = {each: defaultdict(int) for each in months}
    for each, area_id, households in rows:
        found[int(each)][places[area_id][1]] += int(households)
    return _parts(places), found


def _taken_back(cut_off: date, province: str | None, *columns: Any) -> Select[Any]:
    """Of closed months, since the last of them was over."""
    since = datetime.combine(cut_off + timedelta(days=1), time(), ZoneInfo(WIB))
    names = columns or _what(LedgerEntry)
    return (
        select(*names, -func.sum(LedgerEntry.amount))
        .where(
            LedgerEntry.amount < 0,
            LedgerEntry.entered_at >= since,
            LedgerEntry.counted_on <= cut_off,
            _inside(LedgerEntry.area_id, province),
        )
        .group_by(*names)
    )


def _what(table: Summed) -> tuple[Any, ...]:
    # Thousands of rows have the same few words: each is read once, further down.
    kind, state = type_coerce(table.kind, String), type_coerce(table.state, String)
    return kind, state, table.year, table.area_id


def _by_regency(
    cut_off: date, province: str | None, asked: Callable[[Summed], ColumnElement[bool]]
) -> Sums:
    """The running year is its tally less the months that are not over: most of the year there are
    fewer of them than of the others."""
    tally = select(*_what(Tally), Tally.counted).where(
        asked(Tally), Tally.year <= cut_off.year, _inside(Tally.area_id, province)
    )
    open_months = select(*_what(MonthTally), -MonthTally.counted).where(
        asked(MonthTally),
        MonthTally.year == cut_off.year,
        MonthTally.month > cut_off.month,
        _inside(MonthTally.area_id, province),
    )
    taken_back = _taken_back(cut_off, province).where(asked(LedgerEntry))
    closed: CompoundSelect[Any] = union_all(tally, open_months, taken_back)
    rows = db.session.execute(closed).all()
    # Beside them and not joined: each row is then half as wide.
    places = _regencies(province)
    counts: dict[tuple[str, str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind, state, year, area_id, households in rows:
        counts[kind, state, year][places[area_id][1]] += int(households)
    return Sums(
        _parts(places),
        {
            (What(ExitKind(kind), CountedState(state)), year): of_regencies
            for (kind, state, year), of_regencies in counts.items()
        },
    )


@kept_a_while
def _regencies(province: str | None) -> Mapping[int, tuple[str, str]]:
    """By number: province and code, in the order of codes. A new one has nothing to show before
    the month is over."""
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
