"""What was called off: by whom, when and why."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, select

from casework.core.db import db
from casework.meetings.models import CalledOff


def called_off_in(
    area_id: ColumnElement[int], meeting_id: ColumnElement[uuid.UUID]
) -> ScalarSelect[int]:
    """The version that calling a meeting off made, the last time, to be asked for along with
    something else; 0: it never was."""
    return (
        select(func.coalesce(func.max(CalledOff.version), 0))
        .where(CalledOff.area_id == area_id, CalledOff.meeting_id == meeting_id)
        .scalar_subquery()
    )


def called_off(area_id: int, meeting_id: uuid.UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Each time that a meeting was called off, the latest first: version, reason, moved_to,
    called_off_by, called_off_by_name, called_off_at. The caller has got the meeting through
    `scope`."""
    return db.session.execute(
        select(
            CalledOff.version,
            CalledOff.reason,
            CalledOff.moved_to,
            CalledOff.called_off_by,
            CalledOff.called_off_by_name,
            CalledOff.called_off_at,
        )
        .where(CalledOff.area_id == area_id, CalledOff.meeting_id == meeting_id)
        .order_by(CalledOff.version.desc())
    ).all()
