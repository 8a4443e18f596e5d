"""How a request reads: statement by statement, and with no way to write.

On PostgreSQL a transaction around what only reads costs two round trips and gives nothing at
READ COMMITTED, where each statement sees its own moment anyhow; worse, the driver forgets its
prepared statements with every ROLLBACK, so that each page would be planned anew. So a request
reads on a connection in autocommit until an action opens `transaction()`. Since no rollback would
take a stray write back there, the database itself refuses one. SQLite keeps its transaction: it
costs no round trip, is one moment for the whole page, and is never committed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection
from sqlalchemy.engine import Engine

#: Key in `Session.info`: a request is being served, which reads until it opens a transaction.
SERVING = "casework_serving"
#: Key in `Session.info` and execution option of its connection: a transaction is open.
WRITING = "casework_writing"
#: Key in `Session.info`: the connection of the open transaction.
TRANSACTING = "casework_transacting"
#: Execution option of a connection on which a request reads.
_READING = "casework_reading"
#: Key in `Connection.info`: what this connection does outside of a transaction may not write.
_GUARDED = "casework_guarded"


class RequestSession(Session):
    """The database session of a request, which reads apart from its transactions."""

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Any = None, **more: Any
    ) -> Any:
        found = super().get_bind(mapper=mapper, clause=clause, bind=bind, **more)
        if bind is None and SERVING in self.info and WRITING not in self.info:
            return _for_reading(found)
        return found

    def connection(self, bind_arguments: Any = None, execution_options: Any = None) -> Connection:
        """An act asks for it with every statement, and SQLAlchemy works out anew each time which
        one it is; a transaction has one."""
        transacting: Connection | None = self.info.get(TRANSACTING)
        if transacting is None or transacting.closed or bind_arguments or execution_options:
            return super().connection(bind_arguments, execution_options)
        return transacting


@lru_cache(maxsize=64)
def _for_reading(engine: Engine) -> Engine:
    """The same engine and pool, with connections that are marked."""
    return engine.execution_options(**{_READING: True})


def begin(connection: Connection) -> None:
    """On PostgreSQL: no BEGIN for what only reads, BEGIN READ WRITE for everything else. A
    connection stays in the pool as it was used last, so pages in a row change nothing about it."""
    options = connection.get_execution_options()
    if "isolation_level" in options:
        return
    driver: Any = connection.connection.dbapi_connection
    reads = bool(options.get(_READING))
    if driver.autocommit != reads:
        driver.autocommit = reads
    if not reads:
        if driver.read_only is not False:
            driver.read_only = False
    elif not connection.info.get(_GUARDED):
        driver.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        connection.info[_GUARDED] = True
