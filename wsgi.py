"""What a server loads: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`."""

from __future__ import annotations

import click

from casework import create_app
from casework.web import static_files
from config import SettingError

app = create_app()

# `flask COMMAND` loads this file too, before there is any key: `flask keys init` must work.
if click.get_current_context(silent=True) is None:
    if not app.secret_key:
        # An exception, not an exit: gunicorn would start a worker that exits over and over.
        raise SettingError("SECRET_KEY is not set, and DATA_DIR holds no secret.key")
    app.wsgi_app = static_files.serve(app)  # type: ignore[method-assign]
