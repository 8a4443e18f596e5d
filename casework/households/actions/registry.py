"""Keeping the national registry of NIK in step with the households (docs/decisions/0010)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import NamedTuple

from flask_babel import lazy_gettext
from sqlalchemy import LargeBinary, delete, exists, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core.among import among, portions
from casework.core.bulk import insert_many
from casework.core.db import db
from casework.core.errors import Busy
from casework.core.upsert import insert_into
from casework.households.models import Household, RegisteredNik
from casework.households.queries.registry import bearing
from casework.households.rules import HouseholdStatus

_UNIQUE_VIOLATION = "23505"


class Claim(NamedTuple):
    nik_index: bytes
    area_id: int
    household_id: uuid.UUID


def claim(claims: Iterable[Claim]) -> None:
    """Enter numbers that nobody bears. In the order of the index, so that two who want the
    same numbers wait for each other and do not lock each other out.

    Raises: Busy when somebody else has taken one since it was looked up; nothing is left of the
    transaction then.
    """
    try:
        insert_many(RegisteredNik, [each._asdict() for each in sorted(claims)])
    except DBAPIError as error:
        if _is_taken(error):
            raise Busy(
                lazy_gettext("Somebody else is registering the same families. Try again."),
                code="numbers",
            ) from error
        raise


def release(numbers: Collection[bytes]) -> None:
    """Let go of numbers that the caller has made sure nobody bears any more."""
    statement = delete(RegisteredNik).where(among(RegisteredNik.nik_index, "numbers", LargeBinary))
    for portion in portions(numbers):
        db.session.execute(statement, {"numbers": portion})


def rebuild(actor: Actor) -> int:
    """Bring the registry in line with the households; how many entries were wrong or missing.

    Where several households bear one number, that of the latest roster keeps the entry, or
    else the first: which one is right, only the offices know.
    """
    if db.engine.dialect.name == "postgresql":
        # Rosters wait; else their households would look unregistered, or their entries stray.
        db.session.execute(text("LOCK TABLE nik_registry IN EXCLUSIVE MODE"))
    before = _count()
    db.session.execute(delete(RegisteredNik).where(~exists().where(bearing())))
    taken_out = before - _count()
    ranked = (
        select(
            Household.nik_index,
            Household.area_id,
            Household.id,
            func.row_number()
            .over(
                partition_by=Household.nik_index,
                order_by=(Household.last_stage.desc(), Household.id),
            )
            .label("place"),
        )
        .where(Household.status != HouseholdStatus.MOVED)
        .subquery()
    )
    first = select(ranked.c.nik_index, ranked.c.area_id, ranked.c.id).where(ranked.c.place == 1)
    kept = _count()
    db.session.execute(
        insert_into(RegisteredNik)
        .from_select(["nik_index", "area_id", "household_id"], first)
        .on_conflict_do_nothing()
    )
    mended = taken_out + _count() - kept
    record(
        actor,
        Tag.NUMBERS_REBUILT,
        subject_type="registry",
        subject_id="nik",
        area_id=None,
        differences=mended,
    )
    return mended


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(RegisteredNik)) or 0


def _is_taken(error: DBAPIError) -> bool:
    return (
        isinstance(error, IntegrityError)
        or getattr(error.orig, "sqlstate", None) == _UNIQUE_VIOLATION
    )
