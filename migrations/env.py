"""Runs the migrations on the application's own engine, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Enum

from casework.core.db import WRITING, Base, UtcDateTime


def render_item(kind: str, item: Any, _autogen_context: Any) -> str | bool:
    """Migrations must not import the application: its own types are written as plain ones."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def leave_out_an_empty_migration(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if getattr(context.config.cmd_opts, "autogenerate", False):
        script = directives[0]
        if script.upgrade_ops.is_empty():
            directives[:] = []


def run() -> None:
    arguments = {
        **current_app.extensions["migrate"].configure_args,
        "process_revision_directives": leave_out_an_empty_migration,
        "render_item": render_item,
    }
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


run()
