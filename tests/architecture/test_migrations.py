"""The migrations lead to the models, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from casework import create_app
from casework.core.db import Base, db
from tests.architecture.sources import ROOT
from tests.fixtures.application import close, settings

#: SQLite tells nothing of an index on the end of a column; PostgreSQL is asked for it too.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection of expression-based index:sqlalchemy.exc.SAWarning",
    "ignore:autogenerate skipping metadata-specified expression-based index:UserWarning",
)


@pytest.fixture
def bare_app(blank_database_url: str, tmp_path: Path) -> Any:
    """An application on a database without any table."""
    app = create_app(settings(blank_database_url, tmp_path))
    yield app
    close(app)


def schema(app: Flask) -> dict[str, Any]:
    """Tables, columns, keys and indexes as the database itself tells them."""
    with app.app_context():
        inspector = inspect(db.engine)
        return {
            table: {
                "columns": [
                    (column["name"], str(column["type"]), column["nullable"])
                    for column in inspector.get_columns(table)
                ],
                "primary": inspector.get_pk_constraint(table)["constrained_columns"],
                "indexes": sorted(
                    (str(index["name"]), tuple(index["column_names"]), bool(index["unique"]))
                    for index in inspector.get_indexes(table)
                ),
                "foreign": sorted(
                    (tuple(key["constrained_columns"]), key["referred_table"])
                    for key in inspector.get_foreign_keys(table)
                ),
                "checks": sorted(
                    str(check["name"]) for check in inspector.get_check_constraints(table)
                ),
            }
            for table in sorted(inspector.get_table_names())
            if table != "alembic_version"
        }


def test_the_models_are_what_the_migrations_make(bare_app: Flask) -> None:
    with bare_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            differences = compare_metadata(context, Base.metadata)
    assert not differences, (
        "the models moved on; add a migration with `flask db migrate`:\n"
        + "\n".join(map(str, differences))
    )


def test_every_migration_can_be_taken_back(bare_app: Flask) -> None:
    """Up and down step by step, then up again: the same schema as at the first time."""
    revisions = [
        script.revision
        for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions("base", "heads")
    ][::-1]
    with bare_app.app_context():
        for revision in revisions:
            upgrade(revision=revision)
            downgrade(revision="-1")
            upgrade(revision=revision)
        first = schema(bare_app)
        downgrade(revision="base")
        assert schema(bare_app) == {}
        upgrade()
    assert schema(bare_app) == first


def test_migrations_are_numbered_in_one_line() -> None:
    scripts = list(ScriptDirectory(str(ROOT / "migrations")).walk_revisions("base", "heads"))[::-1]
    assert [script.revision for script in scripts] == [
        f"{number:04d}" for number in range(1, len(scripts) + 1)
    ], "name migrations 0001, 0002, …: flask db migrate --rev-id 0002 -m words"
