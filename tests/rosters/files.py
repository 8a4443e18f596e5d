"""Rows of roster files, and what became of them in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.households.models import Household
from casework.households.queries import numbers
from tests.factories.rosters import final_closing_row

#: Columns of a family in Kota Bitung, another regency than `family` lives in.
IN_BITUNG = {"KELURAHAN": "PAUDEAN", "KECAMATAN": "LEMBEH SELATAN", "KABUPATEN": "KOTA BITUNG"}


def family(number: int, **changes: object) -> dict[str, object]:
    """A row of a family in Molas, Bunaken, Kota Manado."""
    return final_closing_row(number, **{"KELURAHAN": "MOLAS", "KECAMATAN": "BUNAKEN", **changes})


def families(count: int) -> list[dict[str, object]]:
    return [family(number) for number in range(1, count + 1)]


def households() -> Sequence[Household]:
    """All of them, by name, as the database has them now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Household).order_by(Household.caretaker_name)).all()


def clear_numbers(household: Household) -> tuple[str, str]:
    """NIK and No KK."""
    return (
        numbers.unseal(household.id, numbers.Number.NIK, household.nik_sealed),
        numbers.unseal(household.id, numbers.Number.NO_KK, household.no_kk_sealed),
    )


def trail(tag: Tag) -> Sequence[Row[Any]]:
    db.session.rollback()
    return db.session.execute(
        select(AuditEntry.area_id, AuditEntry.actor_name, AuditEntry.data)
        .where(AuditEntry.tag == tag.value)
        .order_by(AuditEntry.at)
    ).all()
