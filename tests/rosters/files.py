"""Rows of roster files, and what became of them in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from casework.access.actor import Actor, command_line
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.clock import today
from casework.core.db import db
from casework.core.transaction import transaction
from casework.households.models import Household
from casework.households.queries import numbers
from casework.households.queries.registry import (
    Difference,
    areas_with_households,
    stray_entries,
    unregistered,
)
from casework.households.rules import stages_around
from casework.regions.rules import WIB
from casework.rosters.actions import importing
from tests.factories.rosters import as_csv, final_closing_row

#: Columns of a family in Kota Bitung, another regency than `family` lives in.
IN_BITUNG = {"KELURAHAN": "PAUDEAN", "KECAMATAN": "LEMBEH SELATAN", "KABUPATEN": "KOTA BITUNG"}
#: Payment stages, the later ones later, of those that the page offers today.
FIRST, SECOND, THIRD = sorted(stages_around(today(WIB)))[1:4]


def family(number: int, **changes: object) -> dict[str, object]:
    """A row of a family in Molas, Bunaken, Kota Manado."""
    return final_closing_row(number, **{"KELURAHAN": "MOLAS", "KECAMATAN": "BUNAKEN", **changes})


def families(count: int) -> list[dict[str, object]]:
    return [family(number) for number in range(1, count + 1)]


def take_in(
    *rows: dict[str, object],
    stage: str = FIRST,
    actor: Actor | None = None,
    skip_bad: bool = False,
) -> importing.Check:
    """Apply rows as a file; the operator's unless told otherwise."""
    actor = actor or command_line()
    data = as_csv(rows)
    roster = importing.read(actor, data)
    db.session.rollback()
    with transaction():
        return importing.apply(
            actor, roster, stage, sha256=importing.fingerprint(data), skip_bad=skip_bad
        )


def registry_differences() -> list[Difference]:
    db.session.rollback()
    areas = areas_with_households()
    return [each for area in areas for each in unregistered(area)] + list(stray_entries())


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
