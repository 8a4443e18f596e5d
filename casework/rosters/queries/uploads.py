"""Roster files that wait to be applied, or were: each person sees the own ones."""

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
from casework.rosters.models import RosterImport
from casework.rosters.reading.columns import Column
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.rows import RowProblem

WAITING = WaitingFiles(RosterImport, RosterImport.uploaded_at, kept_for=timedelta(days=7))
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
