"""The role that serves in production can rewrite nothing that is only ever added."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import ProgrammingError

from casework.core import append_only
from casework.core.db import Base, db
from tests.architecture.sources import ROOT
from tests.databases import Server
from tests.fixtures.application import close, make_app

pytestmark = pytest.mark.postgres

SCRIPT = (ROOT / "deploy" / "postgresql.sql").read_text(encoding="utf-8")


def append_only_tables() -> set[str]:
    return {
        str(mapper.local_table.name)
        for mapper in Base.registry.mappers
        if event.contains(mapper.class_, "before_update", append_only._refuse)
    }


def protected_tables() -> set[str]:
    found = re.search(r"REVOKE UPDATE, DELETE, TRUNCATE ON(.*?)FROM", SCRIPT, re.DOTALL)
    assert found is not None
    return {name.strip() for name in found.group(1).split(",")}


def tables_told_of() -> set[str]:
    """That cannot be rewritten, in the handbook of whoever runs a server."""
    handbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.search(r"may neither UPDATE nor DELETE in([^:]*):", handbook)
    assert found is not None
    return set(re.findall(r"`(\w+)`", found.group(1)))


@pytest.fixture(scope="module")
def installation(
    postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database as `flask db upgrade` leaves it."""
    app = make_app(postgresql_server.create_database("roles"), tmp_path_factory.mktemp("data"))
    with app.app_context():
        yield db.engine
    close(app)


@pytest.fixture
def serving(installation: Engine) -> Iterator[Connection]:
    """A connection with the rights of the application in production."""
    with installation.connect() as connection:
        connection.exec_driver_sql(SCRIPT)
        connection.exec_driver_sql("SET LOCAL ROLE casework_serving")
        yield connection
        # Roles belong to the whole server: nothing of this is committed.
        connection.rollback()


def refused(connection: Connection, statement: str) -> bool:
    point = connection.begin_nested()
    try:
        connection.execute(text(statement))
    except ProgrammingError as error:
        point.rollback()
        return "permission denied" in str(error.orig) or "must be owner" in str(error.orig)
    point.rollback()
    return False


def test_the_script_protects_exactly_what_the_models_only_add_to(serving: Connection) -> None:
    assert protected_tables() == append_only_tables()


def test_the_handbook_tells_of_the_same_tables(serving: Connection) -> None:
    assert tables_told_of() == append_only_tables()


def test_what_is_only_added_cannot_be_changed_or_deleted(serving: Connection) -> None:
    for name in sorted(protected_tables()):
        assert refused(serving, f"DELETE FROM {name}"), name
        column = next(iter(Base.metadata.tables[name].columns)).name
        assert refused(serving, f"UPDATE {name} SET {column} = {column}"), name
        assert refused(serving, f"TRUNCATE {name}"), name


def test_tables_cannot_be_altered(serving: Connection) -> None:
    assert refused(serving, "ALTER TABLE household ADD COLUMN x integer")
    assert refused(serving, "CREATE TABLE x (y integer)")
    assert refused(serving, "UPDATE alembic_version SET version_num = 'x'")


def test_the_work_itself_can_be_done(serving: Connection) -> None:
    tables = set(Base.metadata.tables) - protected_tables()
    for name in sorted(tables):
        assert not refused(serving, f"DELETE FROM {name} WHERE false"), name
    for name in sorted(protected_tables()):
        column = next(iter(Base.metadata.tables[name].columns)).name
        statement = f"INSERT INTO {name} ({column}) SELECT {column} FROM {name} WHERE false"
        assert not refused(serving, statement), name
