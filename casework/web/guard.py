"""Default deny: every endpoint declares what it takes, or nobody gets in.

A view carries `@public` or `@require(Permission.X)`. An endpoint with neither answers 404 to
everybody, and a test names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.reading import SERVING
from casework.core.transaction import READ_ONLY
from casework.web.errors import answer, wants_json
from casework.web.flashes import Kind, flash
from casework.web.login import actor_or_none

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "casework_access"

#: Marks an endpoint that everybody may reach, signed in or not.
PUBLIC = "public"


def public(view: View) -> View:
    setattr(view, _ATTRIBUTE, PUBLIC)
    return view


def require(permission: Permission) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, permission)
        return view

    return mark


def declared(endpoint: str) -> Permission | str | None:
    """What an endpoint declares: a permission, `PUBLIC`, or None for nothing."""
    if endpoint == "static":
        return PUBLIC
    view = current_app.view_functions.get(endpoint)
    return getattr(view, _ATTRIBUTE, None)


def _in_address() -> Iterator[str]:
    yield from (value for _name, value in request.args.items(multi=True))
    yield from (value for value in (request.view_args or {}).values() if isinstance(value, str))


def _to_sign_in() -> ResponseReturnValue:
    if wants_json():
        return answer(401, _("Sign in again. Nothing is lost."), "sign_in")
    here = request.full_path.rstrip("?")
    if request.method == "GET":
        return redirect(url_for("accounts.login", next=here))
    # Not files: a photo would cross a weak line twice and could not be kept in a page.
    if request.files:
        flash(
            Kind.NOTICE,
            _("Your login had run out. Sign in again, then choose the file once more."),
        )
        has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
        return redirect(url_for("accounts.login", next=here if has_page else None))
    # 307: the browser sends the form on to the sign-in page, which keeps what was typed.
    return redirect(url_for("accounts.login", again=here), 307)


def init_app(app: Flask) -> None:
    @app.before_request
    def guard() -> ResponseReturnValue | None:
        session = db.session()
        session.info[SERVING] = True
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            session.info[READ_ONLY] = True
        if request.endpoint is None:  # no such address: the router's own 404 or 405 follows
            return None
        # No page offers an address with a NUL in it, and PostgreSQL refuses to look for one.
        if any("\0" in value for value in _in_address()):
            raise NotFound
        wanted = declared(request.endpoint)
        if wanted == PUBLIC:
            return None
        actor = actor_or_none()
        if wanted is None:
            raise NotFound
        if actor is None:
            return _to_sign_in()
        if not actor.may(Permission(wanted)):
            raise NotFound
        return None
