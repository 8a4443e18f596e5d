"""Going back before the visits, with visits there, and forward again."""

from __future__ import annotations

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from casework.core import clock
from casework.core.db import db
from tests.aftercare.families import THREE, correct, graduate, noon, poorly, rows, visit, well
from tests.factories.graduation import cast


def incomes() -> list[int]:
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT income_per_month FROM observation"))
        return sorted(row[0] for row in found)


def test_what_counts_of_a_family_s_money_outlives_its_visits(own_app: Flask) -> None:
    with own_app.app_context():
        people = cast()
        graduate(people)
        with clock.at(noon(THREE)):
            first = visit(people.hers, people, poorly(THREE, income_per_month=45_000_000))
            assert correct(people.hers, people, first, well(THREE, income_per_month=4_500_000))
        assert len(rows()) == 2
        db.session.rollback()
        downgrade(revision="0014")
        assert "follow_up_visit" not in inspect(db.engine).get_table_names()
        assert incomes() == [4_500_000]
        upgrade()
        assert rows() == []
        db.session.rollback()
        assert incomes() == [4_500_000]
        with clock.at(noon(THREE)):
            visit(people.hers, people, well(THREE))
        assert len(rows()) == 1
