"""Files of outcomes that wait to be applied, or were: each person sees the own ones."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from casework.access.actor import Actor
from casework.core.db import db
from casework.core.errors import NotFound
from casework.core.waiting_files import WaitingFiles
from casework.graduation.models import OutcomeFile

WAITING = WaitingFiles(OutcomeFile, OutcomeFile.uploaded_at, kept_for=timedelta(days=7))

_COLUMNS: tuple[Any, ...] = (
    OutcomeFile.id,
    OutcomeFile.batch_id,
    OutcomeFile.status,
    OutcomeFile.file_name,
    OutcomeFile.sha256,
    OutcomeFile.uploaded_at,
    OutcomeFile.applied_at,
    OutcomeFile.changed,
    OutcomeFile.content_sealed.is_not(None).label("has_content"),
)


def own_file(actor: Actor, file_id: uuid.UUID) -> Row[Any]:
    """Raises: NotFound, also for what somebody else uploaded."""
    row = db.session.execute(
        select(*_COLUMNS).where(OutcomeFile.id == file_id, OutcomeFile.uploaded_by == actor.user_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def own_files(actor: Actor, batch_id: uuid.UUID) -> Sequence[Row[Any]]:
    """The latest of a batch."""
    return db.session.execute(
        select(*_COLUMNS)
        .where(OutcomeFile.batch_id == batch_id, OutcomeFile.uploaded_by == actor.user_id)
        .order_by(OutcomeFile.uploaded_at.desc())
        .limit(5)
    ).all()
