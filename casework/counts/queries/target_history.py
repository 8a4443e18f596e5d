"""Who set which target, when, and what it was before."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from casework.core.db import db
from casework.counts.models import TargetSetting
from casework.counts.rules import NATION, Change, Setting, changes
from casework.ledger.rules import ExitKind

#: Of one subject and year: nobody sets a target more often.
_SHOWN = 100


def of_region(region_code: str | None, year: int, kind: ExitKind) -> list[Change]:
    """Newest first; None is the nation."""
    return _changes(TargetSetting.region_code == (region_code or NATION), year, kind)


def of_facilitator(facilitator_id: uuid.UUID, year: int) -> list[Change]:
    """Newest first."""
    return _changes(TargetSetting.facilitator_id == facilitator_id, year, ExitKind.INDEPENDENT)


def last_set(subject: ColumnElement[bool], year: int, kind: ExitKind) -> int | None:
    """What the last setting of that region or facilitator says; None where it was taken back, or
    there is none."""
    row = db.session.execute(_newest_first(subject, year, kind).limit(1)).one_or_none()
    return None if row is None else row.households


def _changes(subject: ColumnElement[bool], year: int, kind: ExitKind) -> list[Change]:
    found = db.session.execute(_newest_first(subject, year, kind).limit(_SHOWN + 1)).all()
    return changes(map(_setting, found))[:_SHOWN]


def _newest_first(
    subject: ColumnElement[bool], year: int, kind: ExitKind
) -> Select[*tuple[Any, ...]]:
    return (
        select(
            TargetSetting.households,
            TargetSetting.set_by,
            TargetSetting.set_by_name,
            TargetSetting.set_at,
        )
        .where(subject, TargetSetting.year == year, TargetSetting.kind == kind)
        .order_by(TargetSetting.set_at.desc(), TargetSetting.id.desc())
    )


def _setting(row: Row[Any]) -> Setting:
    return Setting(row.households, row.set_by, row.set_by_name, row.set_at)
