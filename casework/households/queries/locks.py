"""Making acts on the same households wait for each other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select

from casework.core.among import among
from casework.core.db import db
from casework.core.kept import Kept
from casework.households.models import Household


def hold(area_id: int, household_ids: Sequence[uuid.UUID]) -> None:
    """Hold these households until the transaction ends, so that what is computed from their
    facts sees the facts of whoever came first. The caller has got them through `scope`.

    SQLite has one writer at a time anyway. Rows that refer to a household can still be added.
    """
    if db.engine.dialect.name == "sqlite":
        return
    _held.execute({"area": area_id, "ids": list(household_ids)})


@Kept
def _held() -> Select[*tuple[Any, ...]]:
    return (
        select(Household.id)
        .where(
            Household.area_id == bindparam("area", type_=Integer),
            among(Household.id, "ids"),
        )
        .order_by(Household.id)
        .with_for_update(key_share=True)
    )
