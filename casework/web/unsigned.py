"""Answers that are the same for everybody, so that whatever lies on the way may keep them.

Flask-Login looks into the cookie with every answer, and Flask then says that the answer depends
on it. Of a view marked here it does not: it neither reads who asks nor writes a cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "casework_shared"


def shared(view: View) -> View:
    setattr(view, _ATTRIBUTE, True)
    return view


class _Sessions(SecureCookieSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        if not getattr(view, _ATTRIBUTE, False):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = _Sessions()
