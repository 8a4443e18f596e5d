"""The targets of before their history was kept, carried into it and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import DateTime, Uuid, column, insert, select, table

from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.counts import actions
from casework.counts.queries import target_history
from casework.ledger.rules import ExitKind
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.places import MANADO, ensure_region

KIND = ExitKind.INDEPENDENT
SET_AT = datetime(2026, 1, 8, 2, 30, tzinfo=UTC)
MARIA = new_id()

#: As it was at 0016.
OLD = table(
    "target",
    *map(column, ("region_code", "year", "kind", "households", "set_by_name")),
    column("set_by", Uuid()),
    column("set_at", DateTime(timezone=True)),
)


def old_row(**changes: Any) -> dict[str, Any]:
    return {
        "region_code": MANADO,
        "year": 2026,
        "kind": KIND.value,
        "households": 40,
        "set_by": MARIA,
        "set_by_name": "Maria Ester Rondonuwu",
        "set_at": SET_AT,
    } | changes


def old_rows() -> list[dict[str, Any]]:
    with db.engine.connect() as connection:
        found = connection.execute(select(OLD).order_by(OLD.c.region_code)).mappings().all()
    return [
        dict(row) | {"set_at": row["set_at"].replace(tzinfo=row["set_at"].tzinfo or UTC)}
        for row in found
    ]


def test_who_set_the_targets_of_today_is_kept_both_ways(own_app: Flask) -> None:
    with own_app.app_context():
        downgrade(revision="0016")
        with db.engine.begin() as connection:
            connection.execute(insert(OLD), [old_row(), old_row(region_code="ID", households=9)])
        upgrade()
        (change,) = target_history.of_region(MANADO, 2026, KIND)
        assert (change.setting.households, change.before) == (40, None)
        assert (change.setting.set_by, change.setting.set_at) == (MARIA, SET_AT)
        assert change.setting.set_by_name == "Maria Ester Rondonuwu"
        assert [c.setting.households for c in target_history.of_region(None, 2026, KIND)] == [9]

        with transaction():
            ensure_region(MANADO)
            rina, sarah = UserFactory(administrator=True, name="Rina"), UserFactory()
        with transaction():
            actions.set_target(
                actor_for(rina), region_code=MANADO, year=2026, kind=KIND, households=50
            )
            actions.set_facilitator_target(actor_for(rina), sarah.id, year=2026, households=12)
        assert [
            (each.setting.households, each.before)
            for each in target_history.of_region(MANADO, 2026, KIND)
        ] == [(50, 40), (40, None)]
        rina_id = rina.id
        db.session.rollback()

        downgrade(revision="0016")
        manado, nation = old_rows()
        assert (manado["households"], manado["set_by_name"]) == (50, "Rina")
        assert manado["set_by"] == rina_id
        assert nation == old_row(region_code="ID", households=9)
        upgrade()
