"""Static files under an address that holds their release, so that phones may keep them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask

from casework.web import packing


def release(static: Path) -> str:
    """Twelve hex digits of what lies in the static folder and of how it is packed: another byte,
    another address."""
    digest = hashlib.sha256(Path(packing.__file__).read_bytes())
    for path in sorted(static.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(static)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def init_app(app: Flask) -> None:
    """`asset("css/app.css")` for templates: a page asks a dozen times, and the router need not
    think about an address that never changes."""
    folder = app.static_url_path
    app.jinja_env.globals["asset"] = lambda name: f"{folder}/{name}"
