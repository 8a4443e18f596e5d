"""The cookies by which a browser is known in which somebody has signed in before."""

from __future__ import annotations

from flask import after_this_request, current_app, request, url_for
from werkzeug.wrappers import Response

from casework.accounts import known_browsers

#: As long as browsers keep any cookie; it is given anew with every login.
_KEPT_SECONDS = 400 * 24 * 3600


def marks() -> tuple[str, ...]:
    """What this browser shows, of whichever people."""
    names = (_name(slot) for slot in range(known_browsers.SLOTS))
    return tuple(request.cookies[name] for name in names if name in request.cookies)


def remember(username: str, mark: str) -> None:
    """With the answer to this request. Sent back to the sign-in page only: on every page it
    would cost a weak line its bytes."""
    secret = str(current_app.secret_key)
    name = _name(known_browsers.slot(username, secret=secret))

    @after_this_request
    def put(response: Response) -> Response:
        response.set_cookie(
            name,
            mark,
            max_age=_KEPT_SECONDS,
            path=url_for("accounts.login"),
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
        return response


def _name(slot: int) -> str:
    # Browsers accept the prefix over TLS only; `__Host-` would have to be sent everywhere.
    prefix = "__Secure-" if current_app.config["SESSION_COOKIE_SECURE"] else ""
    return f"{prefix}casework-known-{slot}"
