"""The exact sums behind public figures, by regency, as they stood at the end of the last full
month: what was taken back since then is still counted.

For `queries.public` alone (an architecture test), which shows them as `counts.rules` lets it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    extract,
    func,
    select,
    true,
    union_all,
)

from casework.core.db import db
from casework.core.kept_a_while import kept_a_while
from casework.counts.queries.figures import What
from casework.counts.rules import Code, Counts, Parts, closed_months
from casework.ledger.models import LedgerEntry, MonthTally, Tally
from casework.ledger.rules import OTHER_EXITS, ExitKind, states_of
from casework.regions.models import Area
from casework.regions.rules import WIB

Summed = type[Tally] | type[MonthTally] | type[LedgerEntry]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class _Places:
    """All regencies of the nation, or of one province."""

    #: Number of the regency -> its code.
    codes: Mapping[int, str]
    #: The provinces of the nation, the regencies of each; also those in which nobody was counted.
    parts: Parts


@kept_a_while
def _places(province: str | None) -> _Places:
    """Kept, for regencies come once in years; a new one has nothing to show before its first month
    is over."""
    codes, parts = {}, defaultdict[Code, list[str]](list)
    for area_id, above, code in db.session.execute(
        select(Area.id, Area.province_code, Area.code)
        .where(true() if province is None else Area.province_code == province)
        .order_by(Area.code)
    ):
        codes[area_id] = code
        if above not in parts:
            parts[None].append(above)
        parts[above].append(code)
    return _Places(codes, dict(parts))


def of_years(
    kind: ExitKind, cut_off: date, province: str | None
) -> tuple[Parts, Mapping[What, Mapping[int, Counts]]]:
    """Of every year since the first in which anybody was counted, in every state of the kind."""
    years = range(min(_first_year(kind) or cut_off.year, cut_off.year), cut_off.year + 1)
    stood = _as_it_stood(cut_off, province, lambda table: table.kind == kind)
    cells = {
        (state, year): and_(stood.c.state == state, stood.c.year == year)
        for state in states_of(kind)
        for year in years
    }
    parts, found = _spread(stood, cells, province)
    return parts, {
        What(kind, state): {year: found[state, year] for year in years} for state in states_of(kind)
    }


def of_other_kinds(
    cut_off: date, year: int, province: str | None
) -> tuple[Parts, Mapping[What, Counts]]:
    """Of one year, in every kind but graduasi mandiri, which `of_years` has."""
    stood = _as_it_stood(
        cut_off, province, lambda table: and_(table.year == year, table.kind.in_(OTHER_EXITS))
    )
    kinds = {What.in_first_state(kind): stood.c.kind == kind for kind in OTHER_EXITS}
    return _spread(stood, kinds, province)


def of_months(
    what: What, cut_off: date, year: int, province: str | None
) -> tuple[Parts, Mapping[int, Counts]]:
    """What was counted in each closed month of one year, and in no other."""
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
    closed = union_all(counted, taken_back).subquery()
    return _spread(closed, {each: closed.c.month == each for each in months}, province)


@kept_a_while
def _first_year(kind: ExitKind) -> int | None:
    first: int | None = db.session.scalar(select(func.min(Tally.year)).where(Tally.kind == kind))
    return first


def _as_it_stood(
    cut_off: date, province: str | None, asked: Callable[[Summed], ColumnElement[bool]]
) -> Subquery:
    """Rows of the key and a number: of each key they add up to what was counted at the end of the
    cut-off day; `asked` picks the rows of a table.

    The running year is its tally less the months that are not over: most of the year there are
    fewer of them than of the others. What was taken back afterwards counts still.
    """
    tally = select(*_key(Tally), Tally.counted).where(
        asked(Tally), Tally.year <= cut_off.year, _inside(Tally.area_id, province)
    )
    open_months = select(*_key(MonthTally), -MonthTally.counted).where(
        asked(MonthTally),
        MonthTally.year == cut_off.year,
        MonthTally.month > cut_off.month,
        _inside(MonthTally.area_id, province),
    )
    taken_back = _taken_back(cut_off, province, *_key(LedgerEntry)).where(asked(LedgerEntry))
    return union_all(tally, open_months, taken_back).subquery()


def _taken_back(cut_off: date, province: str | None, *columns: Any) -> Select[Any]:
    """How many were taken back after the cut-off day of what had been counted up to it, by these
    columns of the ledger; above nought, to be added to the tallies, which lack them."""
    since = datetime.combine(cut_off + timedelta(days=1), time(), ZoneInfo(WIB))
    # A sum of small integers is a large one, and of large ones a decimal, on PostgreSQL.
    households = cast(-func.sum(LedgerEntry.amount), Integer)
    return (
        select(*columns, households)
        .where(
            LedgerEntry.amount < 0,
            LedgerEntry.entered_at >= since,
            LedgerEntry.counted_on <= cut_off,
            _inside(LedgerEntry.area_id, province),
        )
        .group_by(*columns)
    )


def _key(table: Summed) -> tuple[Any, ...]:
    return table.kind, table.state, table.year, table.area_id


def _spread(
    rows: Subquery, cells: Mapping[Key, ColumnElement[bool]], province: str | None
) -> tuple[Parts, Mapping[Key, Counts]]:
    """Each cell by regency: the database puts a regency's cells beside each other in one row. One
    by one they are thousands, and to read them takes longer than to add them up."""
    sums = [func.sum(case((where, rows.c.counted), else_=0)) for where in cells.values()]
    found = db.session.execute(select(rows.c.area_id, *sums).group_by(rows.c.area_id)).all()
    places = _places(province)
    by_regency = [(places.codes[row[0]], row) for row in found]
    return places.parts, {
        cell: {code: row[number] for code, row in by_regency}
        for number, cell in enumerate(cells, 1)
    }


def _inside(area_id: Any, province: str | None) -> ColumnElement[bool]:
    if province is None:
        return true()
    of_province: ColumnElement[bool] = area_id.in_(
        select(Area.id).where(Area.province_code == province)
    )
    return of_province
