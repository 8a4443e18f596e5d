from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select

from casework.core.db import db
from casework.households.models import Household
from casework.households.queries.numbers import Indexes
from casework.households.rules import HouseholdStatus

COMPONENTS = (
    "pregnant",
    "early_childhood",
    "primary_school",
    "junior_school",
    "senior_school",
    "disability",
    "elderly",
    "rights_violation_victim",
)


class Known:
    """Every household of a regency by both indexes: a roster names nearly all of them."""

    def __init__(self, area_id: int) -> None:
        query: Select[*tuple[Any, ...]] = (
            select(
                Household.id,
                Household.status,
                Household.nik_index,
                Household.no_kk_index,
                Household.address_sealed,
                Household.caretaker_name,
                Household.caretaker_born_on,
                Household.village_code,
                Household.first_stage,
                Household.last_stage,
                *(getattr(Household, name) for name in COMPONENTS),
            )
            .where(Household.area_id == area_id)
            .order_by(Household.updated_at)
        )
        rows = db.session.execute(query).all()
        closed = HouseholdStatus.MOVED
        self._by_nik = {row.nik_index: row for row in rows if row.status is not closed}
        self._by_no_kk = {row.no_kk_index: row for row in rows if row.status is not closed}
        self._moved_away = {row.nik_index: row for row in rows if row.status is closed}

    def find(self, indexes: Indexes) -> list[Row[Any]]:
        """The household that NIK and No KK belong to; two when they belong to different ones.

        A row that a move has closed is looked at last, and by NIK only: the No KK may have
        stayed with whoever stayed behind.
        """
        by_nik = self._by_nik.get(indexes.nik)
        by_no_kk = self._by_no_kk.get(indexes.no_kk)
        found = [each for each in (by_nik, by_no_kk) if each is not None]
        if not found and (moved := self._moved_away.get(indexes.nik)) is not None:
            return [moved]
        return found[:1] if len(found) == 2 and found[0].id == found[1].id else found
