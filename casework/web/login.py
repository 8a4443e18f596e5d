"""Who this browser is signed in as: Flask-Login over our own table of login sessions.

The signed cookie holds a random token and the time it was last used; the table (accounts)
knows the token's hash, so a session can be ended from the server. The time of last use lives
in the cookie because a GET never writes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from casework.access.actor import Actor
from casework.access.roles import ROLES
from casework.core import clock
from casework.core.errors import NotFound

#: Keys of the signed cookie.
_SEEN = "seen"
_LOCALE = "locale"
_OWNER = "owner"

#: The cookie is written again at most this often; shorter would only cost bytes on every page.
_SEEN_STEP = 60


_BY_ITSELF = "casework_by_itself"

View = TypeVar("View", bound=Callable[..., Any])


def by_itself(view: View) -> View:
    """Marks what a phone asks without anybody: that is no use of the login (safety row 7.3.1)."""
    setattr(view, _BY_ITSELF, True)
    return view


def _is_asked_by_itself() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _BY_ITSELF, False)


class SignedIn(UserMixin):
    """What Flask-Login carries: the actor, known to the cookie by the token only."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def actor_or_none() -> Actor | None:
    """Who is signed in, looked up once per request; None for nobody."""
    if not has_request_context() or not current_user.is_authenticated:
        return None
    actor: Actor = current_user.actor
    return actor


def current_actor() -> Actor:
    """Who is signed in. Only for views behind `@require`; raises NotFound otherwise."""
    actor = actor_or_none()
    if actor is None:
        raise NotFound
    return actor


def current_token() -> str | None:
    """The token of this browser's login session; None for nobody."""
    return current_user.token if current_user.is_authenticated else None


def former_token() -> str | None:
    """The token of a login that is over, which this browser still shows; None where somebody is
    signed in, or nobody was since the last signing out."""
    token = None if current_user.is_authenticated else session.get("_user_id")
    return str(token) if token else None


def begin(token: str, actor: Actor) -> None:
    """Sign this browser in: everything of the former visitor is forgotten but the language."""
    locale = session.get(_LOCALE)
    session.clear()
    if locale:
        session[_LOCALE] = locale
    # The token that forms of this request have is the former session's; Flask-WTF keeps it here.
    g.pop("csrf_token", None)
    session[_OWNER] = str(actor.user_id)
    session[_SEEN] = int(clock.now().timestamp())
    login_user(SignedIn(token, actor))


def is_owner(actor: Actor) -> bool:
    """Whether this browser was last signed in as the same person, and not signed out since."""
    return bool(session.get(_OWNER) == str(actor.user_id))


def end() -> str | None:
    """Sign this browser out; gives the token whose session is to be ended in the table."""
    token = current_token()
    locale = session.get(_LOCALE)
    logout_user()
    session.clear()
    if locale:
        session[_LOCALE] = locale
    return token


def init_app(app: Flask, find_actor: Callable[[str], Actor | None]) -> None:
    """`find_actor` gives the person behind a live token, from the table of login sessions."""
    manager = LoginManager(app)
    # Phones change networks all day: a new address is no reason to sign anybody out.
    manager.session_protection = None

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        actor = find_actor(token)
        if actor is None:
            return None
        now = int(clock.now().timestamp())
        idle = timedelta(seconds=now - int(session.get(_SEEN, 0)))
        if idle > ROLES[actor.role].idle:
            return None
        if idle.total_seconds() >= _SEEN_STEP and not _is_asked_by_itself():
            session[_SEEN] = now
        return SignedIn(token, actor)
