"""What the ministry has established of one facilitator's nominations, beside her target.

A graduation is hers who nominated the family (`LedgerEntry.nominated_by`, which never changes):
it stays hers when the group goes to a colleague, and when she moves to another regency
(docs/decisions/0026). Counted is by the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, func, literal, select, true

from casework.counts.models import TargetSetting
from casework.counts.rules import Progress, target_of_facilitator
from casework.ledger.models import LedgerEntry
from casework.ledger.rules import CountedState, ExitKind


@dataclass(frozen=True, slots=True)
class Standing:
    year: int
    progress: Progress
    #: Who set her a target of her own, and when; empty where the one of all holds.
    set_by_name: str
    set_at: datetime | None


def standing(facilitator_id: Any, year: Any) -> Subquery:
    """One row, by values or by bound parameters: counted; own target, by whom and when (null
    where nobody did). For a statement that asks for other things besides; read by `standing_of`.
    """
    setting = (
        select(TargetSetting.households, TargetSetting.set_by_name, TargetSetting.set_at)
        .where(
            TargetSetting.facilitator_id == facilitator_id,
            TargetSetting.year == year,
            TargetSetting.kind == ExitKind.INDEPENDENT,
        )
        .order_by(TargetSetting.set_at.desc(), TargetSetting.id.desc())
        .limit(1)
        .subquery("last_setting")
    )
    counted = established(year, LedgerEntry.nominated_by == facilitator_id).subquery("nominated")
    always = select(literal(1).label("one")).subquery("always")
    return (
        select(
            func.coalesce(counted.c.households, 0).label("counted"),
            setting.c.households.label("own_target"),
            setting.c.set_by_name,
            setting.c.set_at,
        )
        .select_from(always)
        .outerjoin(counted, true())
        .outerjoin(setting, true())
        .subquery("standing")
    )


def standing_of(row: Row[*tuple[Any, ...]], year: int) -> Standing:
    """From a row with the columns of `standing`."""
    is_own = row.own_target is not None
    return Standing(
        year,
        Progress(int(row.counted), target_of_facilitator(row.own_target)),
        row.set_by_name if is_own else "",
        row.set_at if is_own else None,
    )


def established(year: Any, whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """By who nominated; no row for whom nothing is counted in that year. What somebody nominated
    is graduasi mandiri (a CHECK says so)."""
    return (
        select(LedgerEntry.nominated_by, func.sum(LedgerEntry.amount).label("households"))
        .where(whose, LedgerEntry.year == year, LedgerEntry.state == CountedState.ESTABLISHED)
        .group_by(LedgerEntry.nominated_by)
    )
