"""Which people exist for an administrator: those whose region lies within the own one."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, select, true

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.core.db import db
from casework.core.errors import NotFound
from casework.regions.scope import lying_in


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """Condition on `User`. Somebody for the whole nation is in reach of the nation only."""
    if actor.region_code is None:
        return true()
    return lying_in(User.region_code, actor.region_code)


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
