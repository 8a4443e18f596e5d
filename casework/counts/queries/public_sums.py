"""The exact sums behind public figures, by regency; kept a minute.

For `queries.public` alone (an architecture test), which shows them as `counts.rules` lets it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select, true, union_all

from casework.core.db import db
from casework.core.kept_a_while import kept_a_while
from casework.counts.queries.figures import What
from casework.counts.rules import Code, Counts, Parts, closed_months
from casework.ledger.models import MonthTally, Tally
from casework.ledger.rules import ExitKind
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


@kept_a_while
def of_years(kind: ExitKind, cut_off: date, province: str | None) -> Sums:
    """Of every year, in every state of the kind: past years from their tally, the running one from
    its closed months."""
    past = select(Tally.area_id, Tally.year, Tally.state, Tally.counted).where(
        Tally.kind == kind, Tally.year < cut_off.year
    )
    running = (
        select(MonthTally.area_id, MonthTally.year, MonthTally.state, func.sum(MonthTally.counted))
        .where(
            MonthTally.kind == kind,
            MonthTally.year == cut_off.year,
            MonthTally.month <= cut_off.month,
        )
        .group_by(MonthTally.area_id, MonthTally.year, MonthTally.state)
    )
    closed = union_all(past, running).subquery("closed")
    rows = _with_every_regency(closed, province, closed.c.year, closed.c.state, closed.c.counted)
    return _sums(
        (above, code, state and What(kind, state), year, households)
        for above, code, year, state, households in rows
    )


@kept_a_while
def of_kinds(cut_off: date, year: int, province: str | None) -> Sums:
    """Of one year, in every kind and state. The running year is its tally less the months that
    are not over: there are fewer of them than of the others, and here all kinds are read."""
    tally = select(Tally.area_id, Tally.kind, Tally.state, Tally.counted).where(Tally.year == year)
    if year == cut_off.year:
        open_months = select(
            MonthTally.area_id, MonthTally.kind, MonthTally.state, -MonthTally.counted
        ).where(MonthTally.year == year, MonthTally.month > cut_off.month)
        whole = union_all(tally, open_months).subquery("whole")
        columns = (whole.c.area_id, whole.c.kind, whole.c.state)
        tally = select(*columns, func.sum(whole.c.counted).label("counted")).group_by(*columns)
    closed = tally.subquery("closed")
    rows = _with_every_regency(closed, province, closed.c.kind, closed.c.state, closed.c.counted)
    return _sums(
        (above, code, kind and What(kind, state), year, households)
        for above, code, kind, state, households in rows
    )


@kept_a_while
def of_months(
    what: What, cut_off: date, year: int, province: str | None
) -> Mapping[str, Mapping[int, int]]:
    """Of one year: province -> closed month -> count."""
    rows = db.session.execute(
        select(Area.province_code, MonthTally.month, func.sum(MonthTally.counted))
        .join(Area, Area.id == MonthTally.area_id)
        .where(
            MonthTally.kind == what.kind,
            MonthTally.state == what.state,
            MonthTally.year == year,
            MonthTally.month <= closed_months(year, cut_off),
            _inside(province),
        )
        .group_by(Area.province_code, MonthTally.month)
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for above, month, households in rows:
        found[above][month] = int(households)
    return found


def _with_every_regency(closed: Subquery, province: str | None, *columns: Any) -> Iterable[Any]:
    """Province and regency before the columns, which are None where nobody was counted."""
    return db.session.execute(
        select(Area.province_code, Area.code, *columns)
        .outerjoin(closed, closed.c.area_id == Area.id)
        .where(_inside(province))
        .order_by(Area.code)
    )


def _sums(rows: Iterable[tuple[str, str, What | None, int, Any]]) -> Sums:
    parts: dict[str, dict[str, None]] = defaultdict(dict)
    counts: dict[tuple[What, int], dict[str, int]] = defaultdict(dict)
    for above, code, what, year, households in rows:
        parts[above][code] = None
        if what is not None:
            counts[what, year][code] = int(households)
    inside: dict[Code, Sequence[str]] = {None: tuple(parts)}
    inside.update((above, tuple(codes)) for above, codes in parts.items())
    return Sums(inside, counts)


def _inside(province: str | None) -> ColumnElement[bool]:
    return true() if province is None else Area.province_code == province
