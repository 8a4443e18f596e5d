"""Ending login sessions: acts on the very next request of that browser."""

from __future__ import annotations

import uuid

from sqlalchemy import CursorResult, update

from casework.access.actor import Actor
from casework.accounts.models import LoginSession
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import NotFound


def end_session(actor: Actor, session_hash: bytes) -> None:
    """End one of the actor's own login sessions. Raises: NotFound for anybody else's."""
    if not _end(actor.user_id, LoginSession.token_hash == session_hash):
        raise NotFound
    _record(actor, actor.user_id, actor.area_id, 1)


def end_all(
    actor: Actor, user_id: uuid.UUID, area_id: int | None, *, keep: bytes | None = None
) -> int:
    """End every login session of a person but the one to keep; gives how many those were.

    The caller has checked that the actor may do this to that person; `area_id` is hers.
    """
    ended = _end(user_id, *([LoginSession.token_hash != keep] if keep else []))
    if ended:
        _record(actor, user_id, area_id, ended)
    return ended


def _end(user_id: uuid.UUID, *which: object) -> int:
    done = db.session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), *which)  # type: ignore[arg-type]
        .values(ended_at=clock.now())
    )
    assert isinstance(done, CursorResult)  # noqa: S101 - an UPDATE always gives one
    return done.rowcount


def _record(actor: Actor, user_id: uuid.UUID, area_id: int | None, sessions: int) -> None:
    record(
        actor,
        Tag.LOGIN_ENDED,
        subject_type="account",
        subject_id=user_id,
        area_id=area_id,
        sessions=sessions,
    )
