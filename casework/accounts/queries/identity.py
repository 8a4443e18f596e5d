"""From the token in a cookie to the person at work, in one statement."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.models import LoginSession, User
from casework.core import clock
from casework.core.db import db
from casework.core.kept import Kept
from casework.regions.queries.places import places

#: Where the person has no regency of the own: the nation's offices stand in Jakarta.
_NATIONAL_TIME_ZONE = "Asia/Jakarta"


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _people() -> Select[*tuple[Any, ...]]:
    place = places()
    return select(
        User.id,
        User.username,
        User.name,
        User.role,
        User.region_code,
        User.locale,
        User.facilitated_until,
        place.c.name.label("region_name"),
        place.c.area_id,
        place.c.time_zone,
    ).outerjoin(place, place.c.code == User.region_code)


def _actor(row: Row[Any]) -> Actor:
    return Actor(
        user_id=row.id,
        username=row.username,
        name=row.name,
        role=row.role,
        region_code=row.region_code,
        region_name=row.region_name or "Indonesia",
        area_id=row.area_id,
        time_zone=row.time_zone or _NATIONAL_TIME_ZONE,
        locale=row.locale,
        facilitated_until=row.facilitated_until,
    )


def find_actor(token: str) -> Actor | None:
    """The active person behind a live login session; None when it ended, expired, or the
    account was disabled: all of these act on the very next request."""
    given = {"hash_of_token": token_hash(token), "moment": clock.now()}
    row = _signed_in.execute(given).one_or_none()
    return None if row is None else _actor(row)


@Kept
def _signed_in() -> Select[*tuple[Any, ...]]:
    return (
        _people()
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(
            LoginSession.token_hash == bindparam("hash_of_token"),
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > bindparam("moment"),
            User.is_active,
        )
    )


def past_session(token: str) -> Row[datetime | None, datetime, Role] | None:
    """ended_at and expires_at of a login session, live or over, and its person's role; None once
    it is forgotten."""
    return db.session.execute(
        select(LoginSession.ended_at, LoginSession.expires_at, User.role)
        .join(User, User.id == LoginSession.user_id)
        .where(LoginSession.token_hash == token_hash(token))
    ).one_or_none()


def actor_of(username: str) -> Actor | None:
    """An active person by user name, as the command line and the demo act for one."""
    row = _named.execute({"name": username.lower()}).one_or_none()
    return None if row is None else _actor(row)


@Kept
def _named() -> Select[*tuple[Any, ...]]:
    return _people().where(User.username == bindparam("name"), User.is_active)
