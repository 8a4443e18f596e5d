"""Roster files that wait to be applied, or were: each person sees the own ones."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from casework.access.actor import Actor
from casework.core.crypto import current_keyring
from casework.core.db import db
from casework.core.errors import NotFound
from casework.rosters.models import RosterImport
from casework.rosters.reading.columns import Column
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.rows import RowProblem

#: Where a waiting file is bound to: moved to another row, it does not open.
TABLE, FIELD = "roster_import", "content"
MOST_RECENT = 10

_COLUMNS = (
    RosterImport.id,
    RosterImport.status,
    RosterImport.stage,
    RosterImport.file_name,
    RosterImport.summary,
    RosterImport.uploaded_at,
    RosterImport.applied_at,
)


def own_upload(actor: Actor, upload_id: uuid.UUID) -> Row[Any]:
    """Raises: NotFound, also for what somebody else uploaded."""
    row = db.session.execute(
        select(
            *_COLUMNS,
            RosterImport.problems,
            RosterImport.sha256,
            RosterImport.content_sealed.is_not(None).label("has_content"),
        ).where(RosterImport.id == upload_id, RosterImport.uploaded_by == actor.user_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def recent_uploads(actor: Actor) -> Sequence[Row[Any]]:
    return db.session.execute(
        select(*_COLUMNS)
        .where(RosterImport.uploaded_by == actor.user_id)
        .order_by(RosterImport.uploaded_at.desc())
        .limit(MOST_RECENT)
    ).all()


def content(upload_id: uuid.UUID) -> bytes:
    """The file as it was uploaded. Raises: NotFound once it is no longer kept."""
    sealed = db.session.scalar(
        select(RosterImport.content_sealed).where(RosterImport.id == upload_id)
    )
    if sealed is None:
        raise NotFound
    return current_keyring().open(sealed, table=TABLE, row=str(upload_id), field=FIELD)


def problems(upload: Row[Any]) -> list[RowProblem]:
    """The first problems, as they were stored."""
    return [
        RowProblem(
            each["row"],
            Column(each["column"]),
            each["label"],
            each["value"],
            CellProblem(each["code"]),
            each["params"],
        )
        for each in upload.problems
    ]
