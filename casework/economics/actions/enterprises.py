"""Recording a family's businesses."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import insert

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid
from casework.core.signals import household_facts_changed
from casework.economics.actions.recording import check_not_after_today, may_record
from casework.economics.models import Enterprise
from casework.economics.queries.history import enterprise_of
from casework.economics.rules import EnterpriseKind, Licence, SalesChannel
from casework.households.actions.once import was_saved


@dataclass(frozen=True, slots=True)
class Business:
    kind: EnterpriseKind
    since_on: date
    name: str = ""
    #: First day without it.
    ended_on: date | None = None
    turnover_per_month: int | None = None
    licences: frozenset[Licence] = frozenset()
    channels: frozenset[SalesChannel] = frozenset()

    def columns(self) -> dict[str, Any]:
        return asdict(self) | {
            "licences": [each.value for each in Licence if each in self.licences],
            "channels": [each.value for each in SalesChannel if each in self.channels],
        }


def record_enterprise(
    actor: Actor, household_id: uuid.UUID, business: Business, *, enterprise_id: uuid.UUID
) -> None:
    """Record a business. Sent twice, it is recorded once.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    area_id = may_record(actor, household_id)
    if was_saved(Enterprise, actor, area_id, household_id, enterprise_id):
        return
    _check_days(actor, business)
    at = clock.now()
    db.session.execute(
        insert(Enterprise),
        business.columns()
        | {
            "area_id": area_id,
            "id": enterprise_id,
            "household_id": household_id,
            "recorded_by": actor.user_id,
            "recorded_at": at,
            "updated_at": at,
        },
    )
    household_facts_changed.send(actor, area_id=area_id, household_ids=[household_id])
    audit.record(
        actor,
        Tag.ENTERPRISE_RECORDED,
        subject_type="enterprise",
        subject_id=enterprise_id,
        area_id=area_id,
        household=str(household_id),
        kind=business.kind.value,
    )


def change_enterprise(
    actor: Actor, household_id: uuid.UUID, enterprise_id: uuid.UUID, business: Business
) -> bool:
    """Correct a business or end it; False when nothing differs.

    Raises: NotFound, Refused, Invalid.
    """
    area_id = may_record(actor, household_id)
    row = enterprise_of(area_id, household_id, enterprise_id)
    _check_days(actor, business)
    wanted = business.columns()
    before = {name: getattr(row, name) for name in wanted}
    changes = {
        name: [_plain(before[name]), _plain(value)]
        for name, value in wanted.items()
        if before[name] != value
    }
    if not changes:
        return False
    for name in changes:
        setattr(row, name, wanted[name])
    row.updated_at = clock.now()
    db.session.flush()
    household_facts_changed.send(actor, area_id=area_id, household_ids=[household_id])
    audit.record(
        actor,
        Tag.ENTERPRISE_CHANGED,
        subject_type="enterprise",
        subject_id=enterprise_id,
        area_id=area_id,
        household=str(household_id),
        changes=changes,
    )
    return True


def _check_days(actor: Actor, business: Business) -> None:
    check_not_after_today(actor, "since_on", business.since_on)
    if business.ended_on is None:
        return
    check_not_after_today(actor, "ended_on", business.ended_on)
    if business.ended_on <= business.since_on:
        raise Invalid.field("ended_on", lazy_gettext("Write a day after the business began."))


def _plain(value: Any) -> Any:
    """For the trail, which is JSON."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
