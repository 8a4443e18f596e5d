"""Rows that are only ever added: the audit trail, the ledger, the events."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Mapper

from casework.core.db import Base


class AppendOnly(RuntimeError):
    """A row that may only be added was changed or deleted."""


def _refuse(_mapper: Mapper[Any], _connection: Any, target: object) -> None:
    raise AppendOnly(f"{type(target).__name__} rows are only ever added")


def append_only(model: type[Base]) -> None:
    """Let the mapper refuse to update or delete rows of `model`. In production the database
    role may not either (deploy/postgresql.sql)."""
    event.listen(model, "before_update", _refuse)
    event.listen(model, "before_delete", _refuse)
