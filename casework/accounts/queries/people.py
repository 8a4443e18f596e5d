from __future__ import annotations

import uuid
from collections.abc import Collection
from functools import cache

from sqlalchemy import Subquery, select

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.core.db import db


@cache
def people() -> Subquery:
    """Columns id, name, username, role, region_code, is_active (not disabled), has_password
    (has signed up): what other features may know of a person. To be joined once in a statement;
    built once."""
    return select(
        User.id,
        User.name,
        User.username,
        User.role,
        User.region_code,
        User.is_active,
        User.password_hash.is_not(None).label("has_password"),
    ).subquery("person")


def names_of(_actor: Actor, *, user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """For whoever has got these ids from what they may read."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}
