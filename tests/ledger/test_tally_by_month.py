"""The step to a tally by month, with counts in the database."""

from __future__ import annotations

from datetime import date

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from casework.core.db import db
from casework.core.transaction import transaction
from casework.ledger.queries import differences, tally_sums
from tests.factories.accounts import UserFactory
from tests.factories.counted import graduated
from tests.ledger.test_ledger import WHAT

DAYS = (date(2025, 12, 31), date(2026, 10, 1), date(2026, 11, 2), date(2026, 11, 3))


def test_what_was_counted_before_there_were_months_gets_its_month(own_app: Flask) -> None:
    with own_app.app_context():
        with transaction():
            sarah = UserFactory()
            for day in DAYS:
                area_id = graduated(sarah, day, state=WHAT[1]).area_id
        db.engine.dispose()
        downgrade(revision="0010")
        with db.engine.connect() as connection:
            assert not inspect(connection).has_table("tally_month")
        db.engine.dispose()
        upgrade()
        assert tally_sums(area_id) == {
            (2025, None, *WHAT): 1,
            (2025, 12, *WHAT): 1,
            (2026, None, *WHAT): 3,
            (2026, 10, *WHAT): 1,
            (2026, 11, *WHAT): 2,
        }
        assert differences(area_id) == []
