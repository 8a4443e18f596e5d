"""What an error of the database says: what was wrong, and never with whose data.

PostgreSQL adds a DETAIL that quotes the refused row, and a COPY the line it stopped at; drivers
put both into the message, and from there they reach every log and terminal that prints it. The
message is therefore cut at its source, for all that ever read it.
"""

from __future__ import annotations

import psycopg
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import DBAPIError, StatementError


def say_less(error: BaseException) -> None:
    """Leave the primary message, SQLSTATE and the constraint's name in an error of psycopg.
    SQLite's driver quotes no values."""
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        error.args = (_facts(error),)


def _facts(error: psycopg.Error) -> str:
    found = error.diag
    # That of a DataError quotes as well: invalid input syntax for type integer: "9901...".
    is_quoting = isinstance(error, psycopg.DataError)
    message = type(error).__name__ if is_quoting else found.message_primary
    codes = [f"SQLSTATE {error.sqlstate}"]
    if found.constraint_name:
        codes.append(f"constraint {found.constraint_name}")
    return f"{message} ({', '.join(codes)})"


def cut_short(context: ExceptionContext) -> None:
    """Listener of `handle_error`, which the driver's every error passes."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    say_less(error)
    if isinstance(wrapped, StatementError) and isinstance(error, psycopg.Error):
        # Composed before this was called.
        wrapped.args = (f"({type(error).__name__}) {error}", *wrapped.args[1:])


def as_elsewhere(error: psycopg.Error, statement: str, dialect: Dialect) -> BaseException:
    """What SQLAlchemy would have raised, for a statement that was sent past it."""
    say_less(error)
    return DBAPIError.instance(
        statement, None, error, psycopg.Error, hide_parameters=True, dialect=dialect
    )
