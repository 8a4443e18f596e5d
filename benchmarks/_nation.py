"""A whole nation in PostgreSQL: families in every village, five years of graduations.

Made by the database itself, regency by regency, as the product's actions would have left it: what
they take days for takes minutes here. Indexes are made afterwards, as a restore makes them.
"""

from __future__ import annotations

import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.termui import progressbar
from flask import Flask
from sqlalchemy import Connection, String, cast, func, select, text
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from casework import create_app
from casework.access.actor import command_line
from casework.core import kept_a_while
from casework.core.db import Base, db
from casework.core.transaction import transaction
from casework.counts.views.asked import cut_off
from casework.graduation.models import Nomination
from casework.ledger.models import MonthTally, Tally
from casework.regions.actions import load_regions
from casework.regions.models import Area, Region
from casework.regions.official import official_list
from casework.regions.rules import DISTRICT_SIGNS, RegionLevel, lies_in, regency_of
from tests.databases import DURABLE_SETTINGS, postgresql
from tests.factories.places import MANADO
from tests.fixtures.application import FreshContextClient, settings

#: Of the issue that set the goals: 1.2 million graduations a year of 10 million families.
GRADUATE_A_YEAR = 0.12
YEARS = 5
#: domain.md 2.2.
OF_A_GROUP, GROUPS_OF_A_FACILITATOR = 30, 12

#: Filled before they have indexes and foreign keys.
_FILLED = (
    "household",
    "group_of_households",
    "membership",
    "assignment",
    "nomination",
    "ledger_entry",
)


@dataclass(frozen=True)
class Nation:
    app: Flask
    households: int
    #: The regency with the most villages, and the largest of its districts.
    regency: str
    district: str
    #: One of that regency.
    facilitator: uuid.UUID


@contextmanager
def nation(households: int, *, of_regencies: int = 1) -> Iterator[Nation]:
    """About so many families; each village has as many as every other. Of the regencies one in
    `of_regencies`, with the largest and that of the factories among them: the programme reached
    them one after the other, and a village was never in it with a tenth of its poor."""
    durable = DURABLE_SETTINGS | {"maintenance_work_mem": "512MB", "max_wal_size": "8GB"}
    with postgresql("nation", durable) as server, tempfile.TemporaryDirectory() as data:
        given = settings(server.create_database("nation"), Path(data))
        app = create_app(given | {kept_a_while.SETTING: 3600})
        app.test_client_class = FreshContextClient
        with app.app_context():
            db.create_all()
            with transaction():
                load_regions(command_line(), official_list())
            villages = _villages()
            regencies = Counter(map(regency_of, villages))
            regency = max(regencies, key=lambda code: regencies[code])
            districts = Counter(
                code[:DISTRICT_SIGNS] for code in villages if lies_in(code, regency)
            )
            a_village = max(households // len(villages), 1)
            chosen = {*list(regencies)[::of_regencies], regency, MANADO}
            made = _fill(a_village, sorted(chosen))
            yield Nation(
                app,
                made,
                regency,
                max(districts, key=lambda code: districts[code]),
                _facilitator_of(regency),
            )
            db.session.remove()
            db.engine.dispose()


def _villages() -> list[str]:
    codes = select(Region.code).where(Region.level == RegionLevel.VILLAGE)
    return sorted(db.session.scalars(codes))


def _facilitator_of(regency: str) -> uuid.UUID:
    one = select(func.min(cast(Nomination.nominated_by, String)))
    area = select(Area.id).where(Area.code == regency).scalar_subquery()
    return uuid.UUID(db.session.scalar(one.where(Nomination.area_id == area)))


def _fill(a_village: int, regencies: list[str]) -> int:
    db.session.remove()  # what it reads would keep others from the tables
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET synchronous_commit = off"))
        connection.execute(text("SET work_mem = '128MB'"))
        tables = [Base.metadata.tables[name] for name in _FILLED]
        keys = [key for table in tables for key in table.foreign_key_constraints]
        indexes = [index for table in tables for index in table.indexes]
        for key in keys:
            connection.execute(DropConstraint(key))
        for index in indexes:
            connection.execute(DropIndex(index))
        with progressbar(regencies, label="Regencies", file=sys.stderr) as bar:
            for regency in bar:
                _fill_regency(connection, regency, a_village)
        with progressbar(indexes, label="Indexes", file=sys.stderr) as bar:
            for index in bar:
                connection.execute(CreateIndex(index))
        for key in keys:
            connection.execute(AddConstraint(key, isolate_from_table=False))
        _sum_up(connection)
        connection.execute(text("VACUUM ANALYZE"))
        return int(connection.scalar(text("SELECT count(*) FROM household")) or 0)


def _fill_regency(connection: Connection, regency: str, a_village: int) -> None:
    given = {
        "regency": regency,
        "a_village": a_village,
        "graduated": round(a_village * GRADUATE_A_YEAR * YEARS),
        "years": YEARS,
        "this_year": cut_off().year,
        "cut_off": cut_off(),
        "of_a_group": OF_A_GROUP,
        "groups": GROUPS_OF_A_FACILITATOR,
    }
    for statement in _STATEMENTS:
        connection.execute(statement, given)


#: Villages of the regency with a number each, and the families of each with a number. Whatever
#: belongs together has its key from the same words.
_WITH = """
WITH village AS (
  SELECT area_id, code, row_number() OVER (ORDER BY code) - 1 AS village_no
  FROM region WHERE level = 'village' AND code LIKE :regency || '.%'
), family AS (
  SELECT area_id, code, n, md5(code || ' family ' || n)::uuid AS id,
    md5(code || ' group ' || (n - 1) / :of_a_group)::uuid AS group_id,
    -- The groups of a village one after the other, and those of the next village.
    md5(:regency || ' facilitator '
      || (village_no * ((:a_village - 1) / :of_a_group + 1) + (n - 1) / :of_a_group) / :groups
    )::uuid AS facilitator_id,
    n <= :graduated AS is_graduate,
    LEAST(make_date(:this_year - n % :years, 1 + n * 7 % 12, 1 + n * 11 % 28), :cut_off) AS on_day
  FROM village, generate_series(1, :a_village) AS n
)
"""

_STATEMENTS = [
    text(_WITH + each)
    for each in (
        """
INSERT INTO household (area_id, id, status, caretaker_name, nik_sealed, nik_index, no_kk_sealed,
  no_kk_index, village_code, pregnant, early_childhood, primary_school, junior_school,
  senior_school, disability, elderly, rights_violation_victim, first_stage, last_stage,
  created_at, updated_at)
SELECT area_id, id, CASE WHEN is_graduate THEN 'graduated' ELSE 'active' END,
  'Keluarga ' || substr(id::text, 1, 8) || ' ' || n,
  -- As long as sealed numbers are.
  decode(repeat('00', 45), 'hex'), decode(md5('nik' || id), 'hex'),
  decode(repeat('00', 45), 'hex'), decode(md5('kk' || id), 'hex'),
  code, 0, n % 2, n % 3, n % 2, 0, 0, n % 5 / 4, 0, '2022-1', '2026-4', now(), now()
FROM family""",
        """
INSERT INTO group_of_households (area_id, id, name, village_code, meeting_place, created_at)
SELECT DISTINCT area_id, group_id, 'Kelompok ' || substr(group_id::text, 1, 8), code, '', now()
FROM family""",
        """
INSERT INTO membership (area_id, household_id, from_on, group_id, to_on, by_exit)
SELECT area_id, id, make_date(:this_year - :years, 1, 1), group_id,
  CASE WHEN is_graduate THEN on_day + 30 END, is_graduate
FROM family""",
        """
INSERT INTO user_account (id, username, name, job_title, employee_number, role, role_since,
  region_code, locale, is_active, created_at)
SELECT DISTINCT facilitator_id, 'pendamping' || substr(facilitator_id::text, 1, 13),
  'Pendamping ' || substr(facilitator_id::text, 1, 8), '', '', 'facilitator',
  now() - interval '6 years', :regency, 'id', true, now() - interval '6 years'
FROM family""",
        """
INSERT INTO assignment (area_id, group_id, facilitator_id, from_on)
SELECT DISTINCT area_id, group_id, facilitator_id, make_date(:this_year - :years, 1, 1)
FROM family""",
        """
INSERT INTO nomination (area_id, id, household_id, kind, status, note, consent_asked_by,
  nominated_by, nominated_by_name, nominated_at, submitted_by, submitted_at, first_submitted_at,
  decided_by, decided_by_name, decided_at, decision_reason, updated_at, version)
SELECT area_id, md5('nomination ' || id)::uuid, id, 'independent', 'established', 'mampu', '',
  facilitator_id, 'Pendamping ' || substr(facilitator_id::text, 1, 8), on_day - 30,
  facilitator_id, on_day - 20, on_day - 20,
  md5('supervisor')::uuid, 'Ketua Tim', on_day, 'usaha berjalan, keluarga sanggup', on_day + 30, 5
FROM family WHERE is_graduate""",
        """
INSERT INTO ledger_entry (area_id, id, year, kind, state, amount, household_id, nomination_id,
  nominated_by, village_code, counted_on, entered_by, entered_at)
SELECT area_id, md5(state || id)::uuid, EXTRACT(year FROM on_day), 'independent', state, 1, id,
  md5('nomination ' || id)::uuid, facilitator_id, code, on_day, md5('supervisor')::uuid, on_day
FROM family, (VALUES ('approved'), ('established')) AS counted (state) WHERE is_graduate""",
    )
]


def _sum_up(connection: Connection) -> None:
    for tally, columns in ((MonthTally, "year, month"), (Tally, "year")):
        month = "EXTRACT(month FROM counted_on) AS month"
        connection.execute(
            text(
                f"INSERT INTO {tally.__tablename__}"
                f" (area_id, {columns}, kind, state, counted, updated_at)"
                f" SELECT area_id, {columns}, kind, state, sum(amount), now()"
                f" FROM (SELECT *, {month} FROM ledger_entry) AS entry"
                f" GROUP BY area_id, {columns}, kind, state"
            )
        )
