"""Tables and rows as they were before a migration, whatever the models say by now."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, MetaData, Table, Uuid, event, insert

from casework import create_app
from tests.fixtures.application import close, settings

_AT = datetime(2026, 10, 1, tzinfo=UTC)
_CODE = "71.71"
_COMPONENTS = (
    *("pregnant", "early_childhood", "primary_school", "junior_school", "senior_school"),
    *("disability", "elderly", "rights_violation_victim"),
)


@contextmanager
def tables_as_of(revision: str, database_url: str, data: Path) -> Iterator[Flask]:
    """An application on the tables as they were then."""
    app = create_app(settings(database_url, data))
    with app.app_context():
        upgrade(revision=revision)
        yield app
    close(app)


class Rows:
    """Writes rows into the tables as they are, whatever the models say by now."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._tables = MetaData()

        @event.listens_for(self._tables, "column_reflect")
        def ids(_inspector: Any, _table: Any, column: Any) -> None:
            if str(column["type"]) in {"UUID", "CHAR(32)"}:
                column["type"] = Uuid()

    def table(self, name: str) -> Table:
        return Table(name, self._tables, autoload_with=self.connection, resolve_fks=False)

    def add(self, table: str, **values: Any) -> None:
        self.connection.execute(insert(self.table(table)).values(**values))

    def add_family(self, household_id: uuid.UUID) -> None:
        """With its regency, whose area is 1."""
        self.add(
            "area", id=1, code=_CODE, province_code="71", name="Manado", time_zone="Asia/Makassar"
        )
        self.add(
            "region", code=_CODE, level="regency", name="Manado", area_id=1, valid_from=_AT.date()
        )
        self.add(
            "household", area_id=1, id=household_id, status="active", caretaker_name="Siti",
            nik_sealed=b"", nik_index=b"", no_kk_sealed=b"", no_kk_index=b"", village_code=_CODE,
            first_stage="2026-1", last_stage="2026-1", created_at=_AT, updated_at=_AT,
            **dict.fromkeys(_COMPONENTS, 0),
        )  # fmt: skip
