"""Case management for the facilitators of PKH."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import config as environment
from casework import wiring
from casework.accounts.queries.identity import find_actor
from casework.core.db import db
from casework.regions.queries.areas import numbers_and_codes
from casework.web import (
    assets,
    commands,
    compression,
    errors,
    guard,
    headers,
    health,
    locale,
    login,
    navigation,
    unsigned,
)
from casework.web.pages import PageEnvironment

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application: settings from the environment unless given."""
    static = ROOT / "static"
    app = Flask(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(static),
        static_url_path=f"/static/{assets.release(static)}",
    )
    app.config.from_mapping(environment.from_environment() if config is None else config)
    app.jinja_environment = PageEnvironment
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if app.config.get("PROXY_COUNT"):
        hops = app.config["PROXY_COUNT"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]

    db.init_app(app)
    wiring.register_models()
    Migrate(app, db, directory=str(ROOT / "migrations"))
    CSRFProtect(app)
    login.init_app(app, find_actor)
    unsigned.init_app(app)
    guard.init_app(app)
    headers.init_app(app)
    compression.init_app(app)
    errors.init_app(app)
    locale.init_app(app, wiring.collect_labels())
    assets.init_app(app)
    navigation.init_app(app, wiring.MENU)
    health.init_app(app)
    wiring.register_pages(app)
    wiring.register_commands(app)
    commands.init_app(app, wiring.collect_kept_files(), numbers_and_codes)
    wiring.connect_signals()
    return app
