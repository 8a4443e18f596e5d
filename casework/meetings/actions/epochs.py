"""Beginning anew after a backup was put back."""

from __future__ import annotations

import uuid

from sqlalchemy import insert, select

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.meetings.models import Epoch
from casework.meetings.queries.epochs import epoch_number as number_now
from casework.meetings.rules import epoch_number


def begin_epoch(actor: Actor) -> uuid.UUID:
    """From now on versions are counted in a new range, and phones offer again what they sent."""
    latest = db.session.scalar(select(number_now())) or 0
    epoch_id = uuid.uuid4()
    db.session.execute(
        insert(Epoch),
        {
            "number": epoch_number(clock.now(), latest),
            "id": epoch_id,
            "began_at": clock.now(),
        },
    )
    record_audit(
        actor,
        Tag.SERVER_RESTORED,
        subject_type="epoch",
        subject_id=epoch_id,
        area_id=None,
    )
    return epoch_id
