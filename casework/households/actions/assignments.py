"""In whose care a group is since when; on any day at most one facilitator's."""

from __future__ import annotations

import uuid
from datetime import date

from flask_babel import format_date, lazy_gettext
from sqlalchemy import select

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.errors import Invalid
from casework.households import scope
from casework.households.actions.stays import move
from casework.households.models import Assignment
from casework.households.policy import check_day, check_facilitator
from casework.households.rules import Overlap


def assign(actor: Actor, group_id: uuid.UUID, facilitator_id: uuid.UUID, on: date) -> None:
    """Give a group into a facilitator's care from that day on; she sees it from the next
    request on, and whoever had it no longer does.

    Raises: NotFound; Invalid on `on` or `facilitator`.
    """
    check_day(actor, on)
    group = scope.group_for_change(actor, group_id)
    check_facilitator(facilitator_id, group.village_code)
    rows = list(
        db.session.scalars(
            select(Assignment)
            .where(Assignment.area_id == group.area_id, Assignment.group_id == group_id)
            .order_by(Assignment.from_on)
            .execution_options(populate_existing=True)
        )
    )
    begin = Assignment(
        area_id=group.area_id,
        group_id=group_id,
        from_on=on,
        facilitator_id=facilitator_id,
        to_on=None,
    )
    try:
        moved = move(rows, begin)
    except Overlap as overlap:
        raise Invalid.field(
            "on",
            lazy_gettext(
                "The group has been in other care since %(day)s. Choose that day or a later one.",
                day=format_date(overlap.stay.to_on or overlap.stay.from_on, "d MMM y"),
            ),
        ) from None
    if moved is None:
        return
    record(
        actor,
        Tag.ASSIGNMENT_CHANGED,
        subject_type="group",
        subject_id=group_id,
        area_id=group.area_id,
        from_facilitator=str(moved.before) if moved.before else None,
        to_facilitator=str(facilitator_id),
        on=on.isoformat(),
    )
