"""Which people exist for an administrator: those whose region lies within the own one."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, or_, select, true

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.core.db import db
from casework.core.errors import NotFound


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """Condition on `User`. Somebody for the whole nation is in reach of the nation only."""
    own = actor.region_code
    if own is None:
        return true()
    below = User.region_code.startswith(f"{own}.", autoescape=True)
    return or_(User.region_code == own, below)


def person_for_change(actor: Actor, user_id: uuid.UUID) -> User:
    """The row itself, locked until the transaction ends. Raises: NotFound."""
    user = db.session.scalar(
        select(User)
        .where(User.id == user_id, in_reach(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if user is None:
        raise NotFound
    return user
