"""Recording what is seen of a family's economy. Rungs are computed, never recorded."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import insert, select

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, Refused
from casework.core.signals import household_facts_changed
from casework.economics.models import Enterprise, Observation, SupportReceived
from casework.economics.policy import why_not_record
from casework.economics.queries.history import enterprise_of
from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseKind,
    Licence,
    SalesChannel,
    SupportKind,
)
from casework.households import scope


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen or told on one day; None means not asked. Money in whole rupiah."""

    observed_on: date
    keeps_budget: bool | None = None
    saves_per_month: int | None = None
    savings_total: int | None = None
    uses_bank_account: bool | None = None
    borrows_from: BorrowsFrom | None = None
    income_per_month: int | None = None
    note: str = ""

    def asked(self) -> list[str]:
        """Names of what was asked."""
        return [
            name
            for name, value in asdict(self).items()
            if value is not None and name not in {"observed_on", "note"}
        ]


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


def record_observation(
    actor: Actor, household_id: uuid.UUID, seen: Seen, *, observation_id: uuid.UUID
) -> None:
    """Record what was seen. The id is made with the form: sent twice, it is recorded once.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    area_id = _may_record(actor, household_id)
    if _is_there(Observation, actor, area_id, household_id, observation_id):
        return
    _not_after_today(actor, "observed_on", seen.observed_on)
    if not seen.asked():
        raise Invalid.field("", lazy_gettext("Fill in at least one answer."))
    db.session.execute(
        insert(Observation),
        asdict(seen)
        | {
            "area_id": area_id,
            "id": observation_id,
            "household_id": household_id,
            "recorded_by": actor.user_id,
            "recorded_by_name": actor.name,
            "recorded_at": clock.now(),
        },
    )
    household_facts_changed.send(actor, area_id=area_id, household_ids=[household_id])
    audit.record(
        actor,
        Tag.OBSERVATION_RECORDED,
        subject_type="observation",
        subject_id=observation_id,
        area_id=area_id,
        household=str(household_id),
        observed_on=seen.observed_on.isoformat(),
        fields=seen.asked(),
    )


def record_enterprise(
    actor: Actor, household_id: uuid.UUID, business: Business, *, enterprise_id: uuid.UUID
) -> None:
    """Record a business. Sent twice, it is recorded once.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    area_id = _may_record(actor, household_id)
    if _is_there(Enterprise, actor, area_id, household_id, enterprise_id):
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
    area_id = _may_record(actor, household_id)
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
    """Record support that the family received. Sent twice, it is recorded once.

    Readiness is not computed from support, so no verdict changes.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    area_id = _may_record(actor, household_id)
    if _is_there(SupportReceived, actor, area_id, household_id, support_id):
        return
    _not_after_today(actor, "received_on", received_on)
    db.session.execute(
        insert(SupportReceived),
        {
            "area_id": area_id,
            "id": support_id,
            "household_id": household_id,
            "kind": kind,
            "received_on": received_on,
            "provider": provider,
            "note": note,
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


def _may_record(actor: Actor, household_id: uuid.UUID) -> int:
    """The household's area; its row is held until the transaction ends."""
    household = scope.household_for_change(actor, household_id)
    reason = why_not_record(actor, household.status)
    if reason is not None:
        raise Refused(reason)
    return household.area_id


def _is_there(
    model: type[Observation | Enterprise | SupportReceived],
    actor: Actor,
    area_id: int,
    household_id: uuid.UUID,
    row_id: uuid.UUID,
) -> bool:
    """Whether this very form was saved before: a bad network sends twice."""
    row = db.session.execute(
        select(model.household_id, model.recorded_by).where(
            model.area_id == area_id, model.id == row_id
        )
    ).one_or_none()
    if row is None:
        return False
    if row.household_id != household_id or row.recorded_by != actor.user_id:
        raise Conflict(lazy_gettext("This form was used already. Open the page again."))
    return True


def _check_days(actor: Actor, business: Business) -> None:
    _not_after_today(actor, "since_on", business.since_on)
    if business.ended_on is None:
        return
    _not_after_today(actor, "ended_on", business.ended_on)
    if business.ended_on <= business.since_on:
        raise Invalid.field("ended_on", lazy_gettext("Write a day after the business began."))


def _not_after_today(actor: Actor, name: str, on: date) -> None:
    if on > clock.today(actor.time_zone):
        raise Invalid.field(name, lazy_gettext("The date must not be after today."))


def _plain(value: Any) -> Any:
    """For the trail, which is JSON."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
