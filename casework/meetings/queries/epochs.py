"""The epoch that the server is in, to be asked for along with something else."""

from __future__ import annotations

import uuid

from sqlalchemy import ScalarSelect, func, select

from casework.meetings.models import Epoch


def epoch_number() -> ScalarSelect[int]:
    """0 before the first restore."""
    return select(func.coalesce(func.max(Epoch.number), 0)).scalar_subquery()


def epoch_id() -> ScalarSelect[uuid.UUID]:
    """Null before the first restore."""
    return select(Epoch.id).order_by(Epoch.number.desc()).limit(1).scalar_subquery()
