"""Chromium, and something for it to look at."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright
from werkzeug.serving import WSGIRequestHandler, make_server

#: The whole browser, which keeps a profile as that of a phone does.
WHOLE = ("chromium", "chromium-browser", "google-chrome")
#: The same without windows, menus and services of its own: half of the work for each page.
LIGHT = ("chromium-headless-shell", *WHOLE)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(RuntimeError):
    """There is none on this machine; deploy/browser.sh installs it where that is possible."""


def launch(playwright: Playwright) -> Browser:
    """Raises: NoChromium; playwright's Error when it does not start."""
    return playwright.chromium.launch(executable_path=_program(LIGHT), args=list(FLAGS))


def launch_on(chromium: Browser, disk: Path, **settings: Any) -> BrowserContext:
    """Another browser than `chromium`, which keeps its profile in that folder."""
    return chromium.browser_type.launch_persistent_context(
        disk, executable_path=_program(WHOLE), args=list(FLAGS), **settings
    )


def _program(names: tuple[str, ...]) -> str:
    """Raises: NoChromium."""
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        raise NoChromium("there is no chromium on the path; see deploy/browser.sh")
    return program


def as_served(app: Flask) -> Flask:
    """As a browser finds it: with the tokens in its forms, and the static files in front."""
    from casework.web import static_files

    app.config["WTF_CSRF_ENABLED"] = True
    app.wsgi_app = static_files.serve(app)  # type: ignore[method-assign]
    return app


class _Silent(WSGIRequestHandler):
    def log(self, *_words: object) -> None:
        """Not between the lines of the test run."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers meanwhile."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
