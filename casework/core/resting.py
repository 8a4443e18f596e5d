"""Whether a connection that rested in the pool still leads to the database.

A database that was restarted must not cost each thread a failed request. Asking it before every
request costs everybody a round trip; the socket knows nearly as much for nothing, since a server
that goes away says so, and one that is well says nothing unasked.
"""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy.exc import DisconnectionError

#: Seconds. Firewalls between us forget a silent connection without a word to either side, but
#: after minutes: one that rested longer is asked.
_TRUSTED = 30

_SINCE = "casework_resting_since"


def note(dbapi_connection: Any, record: Any) -> None:
    """When a connection comes back."""
    if dbapi_connection is not None:
        record.info[_SINCE] = time.monotonic()


def look(dbapi_connection: Any, record: Any, _proxy: Any) -> None:
    """When one is taken out. Raises: DisconnectionError, whereupon the pool opens another."""
    since = record.info.get(_SINCE)
    if since is None or not hasattr(dbapi_connection, "pgconn"):  # new, or a file
        return
    if not dbapi_connection.closed and _is_silent(dbapi_connection.pgconn.socket):
        if time.monotonic() - since < _TRUSTED or _answers(dbapi_connection):
            return
    elif _answers(dbapi_connection):  # a notice, such as that of changed settings
        return
    raise DisconnectionError("the database closed this connection while it rested")


def _is_silent(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return not poll.poll(0)


def _answers(connection: Any) -> bool:
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except connection.Error:
        return False
    return True
