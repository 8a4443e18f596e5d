"""The people an administrator looks after, and where somebody is signed in."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.models import Activation, LoginSession, User
from casework.accounts.scope import in_reach
from casework.core import clock
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.paging import PAGE_SIZE, Page
from casework.regions.queries.places import places


def _people(actor: Actor) -> Select[*tuple[Any, ...]]:
    place = places()
    return (
        select(
            User.id,
            User.username,
            User.name,
            User.job_title,
            User.employee_number,
            User.role,
            User.region_code,
            place.c.name.label("region_name"),
            place.c.area_id,
            User.is_active,
            User.password_hash.is_not(None).label("has_password"),
            User.created_at,
        )
        .outerjoin(place, place.c.code == User.region_code)
        .where(in_reach(actor))
    )


def directory(
    actor: Actor,
    *,
    role: Role | None = None,
    without_password: bool = False,
    after: uuid.UUID | None = None,
) -> Page:
    """A page of people by name; `after` is the last person of the page before. Whoever is without
    a password has not opened the link yet: what an office has to follow up, so not those whose
    account is disabled."""
    query = _people(actor).order_by(User.name, User.id).limit(PAGE_SIZE + 1)
    if role is not None:
        query = query.where(User.role == role)
    if without_password:
        query = query.where(User.password_hash.is_(None), User.is_active)
    if after is not None:
        last = select(User.name).where(User.id == after, in_reach(actor)).scalar_subquery()
        query = query.where(or_(User.name > last, (User.name == last) & (User.id > after)))
    return Page.of(db.session.execute(query).all())


def search(actor: Actor, text: str) -> Page:
    """The first people whose name or user name contains the text."""
    wanted = text.strip().lower()
    if not wanted:
        return Page.of([])
    matches = or_(
        func.lower(User.name).contains(wanted, autoescape=True),
        User.username.contains(wanted, autoescape=True),
    )
    query = _people(actor).where(matches).order_by(User.name, User.id).limit(PAGE_SIZE + 1)
    return Page.of(db.session.execute(query).all())


def person(actor: Actor, user_id: uuid.UUID) -> Row[Any]:
    """Raises: NotFound for whoever is out of reach."""
    row = db.session.execute(_people(actor).where(User.id == user_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def own(user_id: uuid.UUID) -> Row[str, str, str, Role]:
    """What a person may see and change of the own account."""
    return db.session.execute(
        select(User.job_title, User.employee_number, User.locale, User.role).where(
            User.id == user_id
        )
    ).one()


def live_sessions(user_id: uuid.UUID) -> list[Row[bytes, datetime, datetime, str]]:
    """Where the person is signed in, the latest first."""
    return list(
        db.session.execute(
            select(
                LoginSession.token_hash,
                LoginSession.created_at,
                LoginSession.expires_at,
                LoginSession.user_agent,
            )
            .where(
                LoginSession.user_id == user_id,
                LoginSession.ended_at.is_(None),
                LoginSession.expires_at > clock.now(),
            )
            .order_by(LoginSession.created_at.desc())
        )
    )


def invited(token_hash: bytes) -> Row[uuid.UUID, str, str] | None:
    """Id, user name and name of whom an activation link was made for, while it works."""
    return db.session.execute(
        select(User.id, User.username, User.name)
        .join(Activation, Activation.user_id == User.id)
        .where(
            Activation.token_hash == token_hash,
            Activation.used_at.is_(None),
            Activation.expires_at > clock.now(),
            User.is_active,
        )
    ).one_or_none()
