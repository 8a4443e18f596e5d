"""Static files, served compressed and to be kept for ever, for their address holds the release."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from wsgiref.headers import Headers

import rjsmin
from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from casework.web.packing import ENTRY, packed

FOR_EVER = 365 * 24 * 3600

#: Scripts of service workers, which are files of their own.
WORKERS = "sw"


def serve(app: Flask) -> Any:
    """The WSGI application with the static files in front of it.

    Earlier releases stay: a page that a phone has kept still finds its style and scripts.
    """
    releases = Path(app.config["DATA_DIR"]) / "static"
    release = str(app.static_url_path).rpartition("/")[2]
    _prepare(Path(str(app.static_folder)), releases / release)
    return WhiteNoise(
        app.wsgi_app,
        root=releases,
        prefix="/static",
        max_age=FOR_EVER,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=_harden,
    )


def _harden(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _prepare(source: Path, target: Path) -> None:
    """Copy and compress the static folder, with the scripts as one, once per release."""
    if target.is_dir():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # In a folder beside it and then renamed: another process may be at the same work.
    part = Path(mkdtemp(prefix="part-", dir=target.parent))
    try:
        copy = part / "files"
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.gz", "*.br"))
        else:
            copy.mkdir()
        scripts = copy / "js"
        modules = {path for path in scripts.rglob("*.js") if path.parent != scripts / WORKERS}
        if (entry := scripts / ENTRY).is_file():
            entry.write_text(packed(scripts, apart=(WORKERS,)), "utf-8")
            modules.remove(entry)
        for path in copy.rglob("*.js"):
            # Two fifths of what a phone would fetch are words for whoever reads the code.
            path.write_text(str(rjsmin.jsmin(path.read_text("utf-8"))), "utf-8")
        compressor = Compressor(quiet=True)
        # The modules stay beside the whole for tests; no page asks for one of them.
        for path in sorted(set(copy.rglob("*")) - modules):
            if path.is_file() and compressor.should_compress(path.name):
                compressor.compress(str(path))
        try:
            os.rename(copy, target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
