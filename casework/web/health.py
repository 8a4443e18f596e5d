"""For whoever watches the servers: alive, and ready to serve. Says nothing else."""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from casework.core.db import db
from casework.web.guard import public


def init_app(app: Flask) -> None:
    @app.get("/healthz")
    @public
    def healthz() -> Response:
        """The process answers; it asks nobody else."""
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    @public
    def readyz() -> Response:
        """The database answers too: send people here."""
        try:
            db.session.execute(select(1))
        except DBAPIError:
            return Response(
                "database\n", status=503, mimetype="text/plain", headers={"Retry-After": "5"}
            )
        return Response("ok\n", mimetype="text/plain")
