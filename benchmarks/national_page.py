"""The public page of the nation, of its largest province and of a regency, on PostgreSQL with ten
years of counts of all 514 regencies, each month until this one, every kind and state: time in the
server, from the request to the whole page.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import func, insert, select

from benchmarks._office import line, milliseconds
from casework import create_app
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.counts import paces
from casework.counts.views.asked import cut_off
from casework.ledger.models import MonthTally, Tally
from casework.ledger.rules import ExitKind, states_of
from casework.regions.models import Area
from casework.web.pace import Pace
from tests.databases import DURABLE_SETTINGS, postgresql
from tests.fixtures.application import settings
from tests.fixtures.demo import load_regions_of_the_demo

YEARS = 10
TIMES = 25
GOAL_MILLISECONDS = 50
PAGES = (
    "/national",
    "/national?region=33",
    "/national?region=33.01",
    "/api/v1/counts?level=regency",
)


def main() -> bool:
    paces.ASKING = Pace("counts", most=1e9, a_second=1e9)
    with postgresql("bench", DURABLE_SETTINGS) as server, tempfile.TemporaryDirectory() as data:
        app = create_app(settings(server.create_database("counts"), Path(data)))
        with app.app_context():
            db.create_all()
            load_regions_of_the_demo()
            _fill()
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        results = [_measure(app, page) for page in PAGES]
        return all(results)


def _fill() -> None:
    """As the actions would have left it; 1.2 million a year are 195 of a regency and month."""
    chance, now = random.Random(1), clock.now()
    with transaction() as session:
        for area_id in list(session.scalars(select(Area.id))):
            rows = [
                {
                    "area_id": area_id,
                    "year": year,
                    "month": month,
                    "kind": kind,
                    "state": state,
                    "counted": chance.choice([0, 3, 9, 40, 195, 400]),
                    "updated_at": clock.now(),
                }
                for year in range(cut_off().year - YEARS + 1, cut_off().year + 1)
                for month in range(1, 13)
                if (year, month) <= (now.year, now.month)
                for kind in ExitKind
                for state in states_of(kind)
            ]
            session.execute(insert(MonthTally), rows)
        key = (MonthTally.area_id, MonthTally.year, MonthTally.kind, MonthTally.state)
        sums = select(*key, func.sum(MonthTally.counted), func.max(MonthTally.updated_at))
        columns = ["area_id", "year", "kind", "state", "counted", "updated_at"]
        session.execute(insert(Tally).from_select(columns, sums.group_by(*key)))


def _measure(app: Flask, page: str) -> bool:
    client = app.test_client()

    def ask() -> None:
        assert client.get(page).status_code == 200

    ask()
    return line(page, median(milliseconds(ask) for _ in range(TIMES)), GOAL_MILLISECONDS, " ms")
