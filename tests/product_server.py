"""The product as it is served: gunicorn, the static files in front, processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask

from tests import nursery

_SECONDS = 60


class Server:
    """The product as it is served, in processes that can be killed."""

    def __init__(self, app: Flask) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        given = app.config
        self._environment = {
            **os.environ,
            "DATABASE_URL": given["SQLALCHEMY_DATABASE_URI"],
            "DATA_DIR": str(given["DATA_DIR"]),
            "SECRET_KEY": given["SECRET_KEY"],
            "CASEWORK_KEYS": given["CASEWORK_KEYS"],
            "COOKIE_SECURE": "0",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
        }
        self.start()

    def start(self) -> None:
        # Read once for both processes, unlike in production, where each can be replaced by a
        # newer release while the other serves.
        self._process: int | None = nursery.start(
            self._environment,
            *("gunicorn", "-c", "deploy/gunicorn.conf.py"),
            *("--log-level", "critical", "--preload", "wsgi:app"),
        )

    def kill(self) -> None:
        if self._process is None:
            return
        # It may have ended by itself.
        with suppress(ProcessLookupError):
            os.killpg(self._process, signal.SIGKILL)
        nursery.await_end(self._process)
        self._process = None

    def await_answer(self) -> None:
        """Raises: AssertionError when it does not come up."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError("the server did not come up")


@contextmanager
def product_server(app: Flask) -> Iterator[Server]:
    """It serves the database of that application, and answers."""
    server = Server(app)
    try:
        server.await_answer()
        yield server
    finally:
        server.kill()
