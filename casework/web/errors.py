"""One place where what was refused becomes an answer: a page, or JSON for machines."""

from __future__ import annotations

import secrets

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
    session,
)
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from casework.core.db import db
from casework.core.errors import Busy, CaseworkError, TooMany
from casework.web.locale import CHOSEN, DEFAULT, LANGUAGES
from casework.web.navigation import LOST

#: Pages under templates/errors/ for what the person can mend; other statuses use 400.
_PAGES = {400, 403, 404, 409, 413, 422, 429}


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith(("/api/", "/sync")) or best == "application/json"


def answer(
    status: int, message: str, code: str, retry_after: int | None = None, *, page: str = ""
) -> Response:
    """`page`: another one under templates/errors/ than that of the status."""
    if wants_json():
        response = jsonify(error={"status": status, "code": code, "message": message})
    elif status >= 500:
        response = make_response(_bare_page(503 if status == 503 else 500, code))
    else:
        setattr(g, LOST, True)
        page = page or str(status if status in _PAGES else 400)
        response = make_response(render_template(f"errors/{page}.html", message=message, code=code))
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _bare_page(status: int, code: str) -> str:
    """A page that asks neither the database nor who is signed in: both may be what failed."""
    template = current_app.jinja_env.get_template(f"errors/{status}.html")
    chosen = session.get(CHOSEN)
    with force_locale(chosen if chosen in LANGUAGES else DEFAULT):
        return template.render(code=code)


def _of_status(error: HTTPException) -> dict[str, str]:
    """Headers that belong to a status, as the methods that an address does take (405)."""
    return {name: value for name, value in error.get_headers() if name != "Content-Type"}


def new_code() -> str:
    """What the person reads to us over the phone; the line of the log carries the same."""
    return f"G-{secrets.token_hex(2).upper()}"


def init_app(app: Flask) -> None:
    @app.errorhandler(CaseworkError)
    def refused(error: CaseworkError) -> Response:
        db.session.rollback()
        retry_after = error.retry_after if isinstance(error, TooMany | Busy) else None
        return answer(error.status, str(error), error.code, retry_after)

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> Response:
        return answer(
            400,
            _("This page was open for too long. Go back, reload it and send it again."),
            "stale_form",
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if 300 <= status < 400:
            return error.get_response()  # type: ignore[return-value]
        response = answer(status, "", type(error).__name__)
        response.headers.update(_of_status(error))
        return response

    @app.errorhandler(OperationalError)
    def database_away(error: OperationalError) -> Response:
        current_app.logger.error("database unavailable: %s", error.orig)
        db.session.rollback()
        return answer(503, "", "database", Busy.retry_after)

    @app.errorhandler(IntegrityError)
    def clash(error: IntegrityError) -> Response:
        """The database held a rule that the action's own check let pass, as when two people
        send at the same moment. Nothing was saved, and the newest state shows what is wrong."""
        code = new_code()
        current_app.logger.error(
            "refused by the database %s at %s: %s", code, request.endpoint, error.orig
        )
        db.session.rollback()
        return answer(
            409,
            _(
                "Go back, reload the page and look again. If this comes back, tell us the code"
                " %(code)s.",
                code=code,
            ),
            code,
            page="clash",
        )

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        if app.testing and app.config["PROPAGATE_EXCEPTIONS"] is not False:
            raise error
        code = new_code()
        current_app.logger.exception("unexpected error %s at %s", code, request.endpoint)
        db.session.rollback()
        return answer(500, "", code)
