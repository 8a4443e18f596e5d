"""Files from phones that wait for the person whose work is in them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from casework.access.actor import Actor
from casework.accounts.queries.identity import actor_of
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.waiting_files import WaitingFiles
from casework.households import scope
from casework.offline.models import RescueFile

#: A file that nobody sent in so long holds what nobody misses.
WAITING = WaitingFiles(RescueFile, RescueFile.brought_at, kept_for=timedelta(days=90))
MOST_RECENT = 10

_Row = Row[*tuple[Any, ...]]

_COLUMNS = (
    RescueFile.id,
    RescueFile.file_name,
    RescueFile.sha256,
    RescueFile.commands,
    RescueFile.brought_by,
    RescueFile.brought_by_name,
    RescueFile.brought_at,
    RescueFile.sent_at,
    RescueFile.content_sealed.is_not(None).label("has_content"),
)


def own_files(actor: Actor) -> Sequence[_Row]:
    """The newest first, whoever brought them."""
    return db.session.execute(
        select(*_COLUMNS)
        .where(RescueFile.owner_id == actor.user_id)
        .order_by(RescueFile.brought_at.desc(), RescueFile.id)
        .limit(MOST_RECENT)
    ).all()


def own_file(actor: Actor, file_id: uuid.UUID) -> _Row:
    """Raises: NotFound, also for what is somebody else's."""
    row = db.session.execute(
        select(*_COLUMNS).where(RescueFile.id == file_id, RescueFile.owner_id == actor.user_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def content(actor: Actor, file_id: uuid.UUID) -> str:
    """The file as it was brought. Raises: NotFound once it is no longer kept."""
    return WAITING.content(file_id, RescueFile.owner_id == actor.user_id).decode()


def names_of_groups(actor: Actor, group_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Of those that are in her care now."""
    if not group_ids:
        return {}
    group = scope.groups(actor)
    rows = db.session.execute(select(group.c.id, group.c.name).where(group.c.id.in_(group_ids)))
    return {row.id: row.name for row in rows}


class Owner(NamedTuple):
    name: str
    username: str
    #: None where the account is disabled.
    actor: Actor | None


def owner_of(user_id: uuid.UUID) -> Owner | None:
    """For the command line, which sees the whole nation."""
    person = people()
    row = db.session.execute(
        select(person.c.name, person.c.username).where(person.c.id == user_id)
    ).one_or_none()
    return Owner(row.name, row.username, actor_of(row.username)) if row else None
