"""Regencies by the number that case rows carry."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, select

from casework.core.db import db
from casework.regions.models import Area


def by_number(area_ids: Collection[int]) -> dict[int, Row[Any]]:
    """Number -> columns id, code, name and time_zone."""
    if not area_ids:
        return {}
    query: Select[*tuple[Any, ...]] = select(Area.id, Area.code, Area.name, Area.time_zone).where(
        Area.id.in_(area_ids)
    )
    return {row.id: row for row in db.session.execute(query)}


def regency(area_id: int) -> Row[Any]:
    """The one that a case row carries, with the columns of `by_number`."""
    return by_number([area_id])[area_id]


def numbers_and_codes() -> dict[int, str]:
    """Of all regencies, a few hundred: number -> code."""
    return {row.id: row.code for row in db.session.execute(select(Area.id, Area.code))}


def hold(area_ids: Collection[int]) -> None:
    """Let rosters of the same regencies wait for each other until the transaction ends.

    Not a full lock: what refers to a regency, a new group for one, need not wait.
    """
    db.session.execute(
        select(Area.id)
        .where(Area.id.in_(area_ids))
        .order_by(Area.id)
        .with_for_update(key_share=True)
    )
