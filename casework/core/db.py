"""The database: base class, column types, kinds of table, and how connections behave."""

from __future__ import annotations

import enum
import uuid
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Enum, MetaData, Uuid, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.pool import Pool
from sqlalchemy.types import TypeDecorator

from casework.core import reading, resting, sqlite
from casework.core.database_errors import cut_short
from casework.core.reading import WRITING, RequestSession

#: Every constraint has a name from the first migration on: SQLite can only drop named ones.
NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone must not reach the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


def enum_type(members: type[enum.Enum]) -> Enum:
    """Stored by value, as text: a new member needs no migration. A text that is no value of it is
    refused, or nothing could read the row again."""
    return Enum(
        members, native_enum=False, length=32, values_callable=_values, validate_strings=True
    )


#: None is the database's NULL, not the word `null` inside a document.
_JSON = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Base of every model: plain typed columns, no dataclass behaviour."""

    # On the registry and not on the class: Flask-SQLAlchemy copies the class body, and
    # SQLAlchemy takes a second `type_annotation_map` beside a registry for a mistake.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime,
            uuid.UUID: Uuid,
            dict[str, Any]: _JSON,
            list[dict[str, Any]]: _JSON,
            list[str]: _JSON,
            list[int]: _JSON,
            enum.Enum: enum_type(enum.Enum),
        },
    )


# Not a setting: what is refused must never be printed with its values (core.database_errors).
db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": RequestSession},
    engine_options={"hide_parameters": True},
)


class TableKind(enum.Enum):
    """How a table would be spread over machines (docs/decisions/0003)."""

    #: Case rows: `area_id` leads every key.
    DISTRIBUTED = "distributed"
    #: Small, rarely written, wanted everywhere: regions, users, targets.
    REFERENCE = "reference"
    #: Belongs to the serving machine: login sessions, throttles, uploads in progress.
    LOCAL = "local"
    #: Keyed by what is looked for in the whole nation, and spread by that: says in which regency
    #: the case rows are (docs/decisions/0010).
    NATIONAL = "national"


def table(kind: TableKind, *constraints: Any) -> tuple[Any, ...]:
    """`__table_args__` with the kind of the table written into `Table.info`."""
    return (*constraints, {"info": {"kind": kind.value}})


event.listen(Engine, "handle_error", cut_short)
event.listen(Pool, "checkin", resting.note)
event.listen(Pool, "checkout", resting.look)


@event.listens_for(Engine, "connect")
def _prepare(dbapi_connection: Any, _record: Any) -> None:
    if type(dbapi_connection).__module__.startswith("sqlite3"):
        sqlite.prepare(dbapi_connection)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        reading.begin(connection)
    else:
        writing = connection.get_execution_options().get(WRITING, False)
        sqlite.begin(connection, writing=writing)
