"""Lines of the ledger from before they said whose they are get it from their nominations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from casework.core.db import WRITING, db
from casework.core.ids import new_id
from tests.old_rows import Rows, tables_as_of

AT = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture
def old_app(blank_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with tables_as_of("0017", blank_database_url, tmp_path) as app:
        yield app


def test_each_line_is_hers_who_nominated_and_an_exit_is_nobodys(old_app: Flask) -> None:
    household, nomination, sarah, office = (new_id() for _ in range(4))
    family = {"area_id": 1, "household_id": household}
    entry = {
        **family, "year": 2026, "amount": 1, "village_code": "71.71.01.1001",
        "counted_on": AT.date(), "entered_by": office, "entered_at": AT,
    }  # fmt: skip
    with old_app.app_context():
        with db.engine.connect().execution_options(**{WRITING: True}) as connection:
            rows = Rows(connection)
            rows.add_family(household)
            rows.add(
                "nomination", **family, id=nomination, kind="independent", status="approved",
                note="", consent_asked_by="", nominated_by=sarah, nominated_by_name="",
                nominated_at=AT, updated_at=AT, version=2,
            )  # fmt: skip
            by_nomination = {**entry, "kind": "independent", "nomination_id": nomination}
            rows.add("ledger_entry", **by_nomination, id=new_id(), state="approved")
            rows.add("ledger_entry", **by_nomination, id=new_id(), state="established")
            rows.add(
                "ledger_entry", **entry, id=new_id(), kind="natural", state="recorded",
                exit_id=new_id(),
            )  # fmt: skip
            connection.commit()
        upgrade()
        with db.engine.connect() as connection:
            ledger = Rows(connection).table("ledger_entry")
            whose = connection.execute(select(ledger.c.state, ledger.c.nominated_by)).all()
    assert dict(tuple(row) for row in whose) == {
        "approved": sarah,
        "established": sarah,
        "recorded": None,
    }
