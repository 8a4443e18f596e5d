"""Signing in and out. Looking at the password is slow on purpose and needs no transaction;
what is written afterwards is short."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import Executable, bindparam, delete, insert, or_, select

from casework.access.actor import Actor
from casework.access.roles import ROLES
from casework.accounts import known_browsers, passwords, throttle
from casework.accounts.actions.login_sessions import end_session
from casework.accounts.actions.slow_down import Brakes, tidy_when_due
from casework.accounts.models import LoginSession, User
from casework.accounts.queries.identity import actor_of, token_hash
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, NotFound
from casework.core.kept import Kept
from casework.core.transaction import transaction


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, from one network address, with one browser."""

    username: str
    password: str
    network: str
    user_agent: str
    #: What this browser was given when somebody signed in with it (`known_browsers`).
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody signed in: the token of the new login session, and the mark of the browser."""

    actor: Actor
    token: str
    mark: str


def sign_in(attempt: Attempt, *, secret: str) -> Entered:
    """Begin a login session when user name and password match.

    Opens its own transactions: a refusal must be remembered too, and the password must not be
    computed while the database waits.
    `secret` keys the throttle's hashes, so that the table names nobody.

    Raises: TooMany while such a try has to wait; Invalid when they do not match.
    """
    tidy_when_due()
    username = attempt.username.strip().lower()
    stored = db.session.scalar(
        select(User.password_hash).where(User.username == username, User.is_active)
    )
    mark = known_browsers.recognized(attempt.marks, username, stored, secret=secret)
    if mark:
        brakes = Brakes.of_browser(mark, secret=secret)
    else:
        brakes = Brakes.of_stranger(username, attempt.network, secret=secret)
    brakes.check()

    is_right = passwords.matches(stored, attempt.password)
    with transaction():
        # Again, and whatever came out: of a hundred tries sent at once all were let through
        # above, and none of them may learn more than if they had come one by one.
        brakes.check_and_hold()
        if not is_right:
            _remember_wrong_try(username, brakes.count(is_account=stored is not None))
        elif stored and (actor := _with_password(username, stored)):
            brakes.release()
            token = begin_session(actor, attempt.user_agent)
            record(
                actor,
                Tag.LOGIN_STARTED,
                subject_type="account",
                subject_id=actor.user_id,
                area_id=actor.area_id,
            )
            mark = mark or known_browsers.new_mark(username, stored, secret=secret)
            return Entered(actor, token, mark)
    raise _no_match()


def _with_password(username: str, stored: str) -> Actor | None:
    """The person, unless disabled or given another password between the two looks. Whoever
    changes the password now waits, and then ends the session that begins here."""
    now = select(User.password_hash).where(User.username == username, User.is_active)
    if db.session.scalar(now.with_for_update(read=True, of=User)) != stored:
        return None
    return actor_of(username)


def _no_match() -> Invalid:
    return Invalid.field("", lazy_gettext("User name or password do not match."))


def _remember_wrong_try(username: str, failures: int) -> None:
    """A line of the trail once mistyping has turned into guessing; the brake keeps the number
    of lines small. A name that no account has is nobody's affair."""
    if failures < throttle.FREE_TRIES:
        return
    actor = actor_of(username)
    if actor is not None:
        record(
            actor,
            Tag.LOGIN_FAILED,
            subject_type="account",
            subject_id=actor.user_id,
            area_id=actor.area_id,
            failures=failures,
        )


def begin_session(actor: Actor, user_agent: str) -> str:
    """A fresh login session; gives its token, which is stored nowhere but in the cookie.
    Sessions of this person that are over are forgotten on the way."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    _forget_past.execute({"person": actor.user_id, "now": now})
    _begin.execute(
        {
            "token_hash": token_hash(token),
            "user_id": actor.user_id,
            "created_at": now,
            "expires_at": now + ROLES[actor.role].absolute,
            "user_agent": user_agent[:200],
        }
    )
    return token


_begin = Kept(lambda: insert(LoginSession))


@Kept
def _forget_past() -> Executable:
    return delete(LoginSession).where(
        LoginSession.user_id == bindparam("person"),
        or_(LoginSession.expires_at <= bindparam("now"), LoginSession.ended_at.is_not(None)),
    )


def sign_out(actor: Actor, token: str) -> None:
    """End this login session at the server, whatever becomes of the cookie."""
    with suppress(NotFound):  # ended already, from another browser
        end_session(actor, token_hash(token))
