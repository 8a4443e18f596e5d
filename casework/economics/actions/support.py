"""Recording the support that a family received."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import insert

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.economics.actions.recording import check_not_after_today, may_record
from casework.economics.models import SupportReceived
from casework.economics.policy import why_not_record_support
from casework.economics.rules import SupportKind
from casework.households.actions.once import was_saved


def record_support(
    actor: Actor,
    household_id: uuid.UUID,
    *,
    support_id: uuid.UUID,
    kind: SupportKind,
    received_on: date,
    provider: str,
    note: str = "",
) -> None:
    """Record support that the family received, also with its graduation or after it. Sent twice,
    it is recorded once.

    Readiness is not computed from support, so no verdict changes.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    area_id = may_record(actor, household_id, why_not_record_support)
    said = {"kind": kind, "received_on": received_on, "provider": provider, "note": note}
    if was_saved(SupportReceived, actor, area_id, household_id, support_id, said):
        return
    check_not_after_today(actor, "received_on", received_on)
    db.session.execute(
        insert(SupportReceived),
        said
        | {
            "area_id": area_id,
            "id": support_id,
            "household_id": household_id,
            "recorded_by": actor.user_id,
            "recorded_by_name": actor.name,
            "recorded_at": clock.now(),
        },
    )
    audit.record(
        actor,
        Tag.SUPPORT_RECORDED,
        subject_type="support_received",
        subject_id=support_id,
        area_id=area_id,
        household=str(household_id),
        kind=kind.value,
    )
