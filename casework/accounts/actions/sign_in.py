"""Signing in and out. Looking at the password is slow on purpose and needs no transaction;
what is written afterwards is short."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask_babel import lazy_gettext
from sqlalchemy import case, delete, insert, select, update

from casework.access.actor import Actor
from casework.access.roles import ROLES
from casework.accounts import passwords, throttle
from casework.accounts.models import LoginSession, LoginThrottle, User
from casework.accounts.queries.identity import actor_of, token_hash
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, TooMany
from casework.core.transaction import transaction
from casework.core.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, from one network address, with one browser."""

    username: str
    password: str
    network: str
    user_agent: str


def sign_in(attempt: Attempt, *, secret: str) -> tuple[str, Actor]:
    """Give a new token and the person when user name and password match.

    The only action that opens its own transactions: a refusal must be remembered too, and the
    password must not be computed while the database waits.
    `secret` keys the throttle's hashes, so that the table names nobody.

    Raises: TooMany while this account or network has to wait; Invalid when they do not match.
    """
    username = attempt.username.strip().lower()
    account_key = _key(secret, f"account:{username}")
    network_key = _key(secret, f"network:{attempt.network}")
    _check_wait(account_key, throttle.FREE_TRIES_ACCOUNT)
    _check_wait(network_key, throttle.FREE_TRIES_NETWORK)

    stored = db.session.scalar(
        select(User.password_hash).where(User.username == username, User.is_active)
    )
    if not passwords.matches(stored, attempt.password):
        with transaction():
            _count_failure(account_key)
            _count_failure(network_key)
        raise Invalid.field("", lazy_gettext("User name or password do not match."))

    with transaction():
        db.session.execute(delete(LoginThrottle).where(LoginThrottle.key == account_key))
        actor = actor_of(username)
        if actor is None:  # disabled between the two looks
            raise Invalid.field("", lazy_gettext("User name or password do not match."))
        token = begin_session(actor, attempt.user_agent)
        record(
            actor,
            Tag.LOGIN_STARTED,
            subject_type="account",
            subject_id=actor.user_id,
            area_id=actor.area_id,
        )
    return token, actor


def begin_session(actor: Actor, user_agent: str) -> str:
    """A fresh login session; gives its token, which is stored nowhere but in the cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.execute(
        insert(LoginSession),
        {
            "token_hash": token_hash(token),
            "user_id": actor.user_id,
            "created_at": now,
            "expires_at": now + ROLES[actor.role].absolute,
            "user_agent": user_agent[:200],
        },
    )
    return token


def sign_out(actor: Actor, token: str) -> None:
    """End this login session at the server, whatever becomes of the cookie."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token))
        .values(ended_at=clock.now())
    )
    record(
        actor,
        Tag.LOGIN_ENDED,
        subject_type="account",
        subject_id=actor.user_id,
        area_id=actor.area_id,
        why="signed out",
    )


def _key(secret: str, what: str) -> bytes:
    return hmac.digest(secret.encode(), b"login-throttle:" + what.encode(), sha256)[:16]


def _check_wait(key: bytes, free_tries: int) -> None:
    row = db.session.execute(
        select(LoginThrottle.failures, LoginThrottle.last_failed_at).where(LoginThrottle.key == key)
    ).one_or_none()
    if row is None:
        return
    left = throttle.wait(row.failures, row.last_failed_at, clock.now(), free_tries=free_tries)
    if left > timedelta(0):
        seconds = max(1, round(left.total_seconds()))
        raise TooMany(
            lazy_gettext("Too many tries. Try again in %(seconds)s seconds.", seconds=seconds),
            retry_after=seconds,
        )


def _count_failure(key: bytes) -> None:
    now = clock.now()
    wrong = insert_into(LoginThrottle).values(key=key, failures=1, last_failed_at=now)
    still_remembered = LoginThrottle.last_failed_at > now - throttle.FORGOTTEN_AFTER
    db.session.execute(
        wrong.on_conflict_do_update(
            index_elements=[LoginThrottle.key],
            set_={
                "failures": case((still_remembered, LoginThrottle.failures + 1), else_=1),
                "last_failed_at": now,
            },
        )
    )
