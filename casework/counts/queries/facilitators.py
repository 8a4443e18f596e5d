"""The facilitators of a place, what each has reached and is to reach."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    func,
    or_,
    select,
    true,
)

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.models import User
from casework.accounts.scope import in_reach
from casework.core import clock
from casework.core.db import db
from casework.core.errors import NotFound
from casework.counts.models import TargetSetting
from casework.counts.queries.standing import established
from casework.counts.rules import Pace, Progress, exact_pace, target_of_facilitator
from casework.ledger.models import LedgerEntry
from casework.ledger.rules import ExitKind
from casework.regions.scope import lying_in


@dataclass(frozen=True, slots=True)
class FacilitatorFigure:
    id: uuid.UUID
    name: str
    #: Where she works today.
    region_code: str | None
    is_active: bool
    #: Whether she still is one.
    is_facilitator: bool
    #: Whether she was one in that year, or in a part of it: without, there is no target.
    worked: bool
    #: What somebody set for her; None where the programme's own target holds.
    own: int | None
    progress: Progress
    #: None without a target, too.
    pace: Pace | None


def worked_in(actor: Actor, year: int) -> ColumnElement[bool]:
    """Condition on `User`: a facilitator in that year, or in a part of it."""
    zone = ZoneInfo(actor.time_zone)
    first, next_first = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    return and_(
        User.created_at < next_first,
        or_(
            and_(User.role == Role.FACILITATOR, User.role_since < next_first),
            User.facilitated_until >= first,
        ),
    )


def by_facilitator(actor: Actor, region: str, year: int) -> list[FacilitatorFigure]:
    """Everybody who works in a regency or part of it, wherever she was counted; the largest gap
    first. Whose account was disabled is there as long as something is counted."""
    here = and_(lying_in(User.region_code, region), worked_in(actor, year))
    found = _figures(actor, year, here)
    return sorted(
        (each for each in found if each.is_active or each.progress.counted),
        key=lambda each: (-(each.progress.gap or 0), each.name.casefold()),
    )


def facilitator(actor: Actor, facilitator_id: uuid.UUID, year: int) -> FacilitatorFigure:
    """Raises: NotFound for who is out of reach, or never was a facilitator."""
    ever = or_(User.role == Role.FACILITATOR, User.facilitated_until.is_not(None))
    found = _figures(actor, year, and_(User.id == facilitator_id, ever))
    if not found:
        raise NotFound
    return found[0]


def at_work(region: str | None) -> int:
    """Facilitators of today in a region; None is the nation."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(User)
            .where(
                User.role == Role.FACILITATOR,
                User.is_active,
                true() if region is None else lying_in(User.region_code, region),
            )
        )
        or 0
    )


def at_work_by_region(region: str | None, signs: int) -> dict[str, int]:
    """The same, by the first characters of the code: of provinces, or of regencies."""
    code = func.substr(User.region_code, 1, signs).label("code")
    rows = db.session.execute(
        select(code, func.count().label("facilitators"))
        .where(
            User.role == Role.FACILITATOR,
            User.is_active,
            true() if region is None else lying_in(User.region_code, region),
        )
        .group_by(code)
    )
    return {row.code: row.facilitators for row in rows}


def _figures(actor: Actor, year: int, who: ColumnElement[bool]) -> list[FacilitatorFigure]:
    """In two statements."""
    order = (TargetSetting.set_at.desc(), TargetSetting.id.desc())
    place = func.row_number().over(partition_by=TargetSetting.facilitator_id, order_by=order)
    settings = (
        select(TargetSetting.facilitator_id, TargetSetting.households, place.label("place"))
        .where(TargetSetting.year == year, TargetSetting.kind == ExitKind.INDEPENDENT)
        .where(TargetSetting.facilitator_id.in_(select(User.id).where(who)))
        .subquery("setting")
    )
    rows: Sequence[Row[Any]] = db.session.execute(
        select(
            User.id,
            User.name,
            User.region_code,
            User.is_active,
            worked_in(actor, year).label("worked"),
            (User.role == Role.FACILITATOR).label("is_facilitator"),
            settings.c.households.label("own"),
        )
        .outerjoin(settings, and_(settings.c.facilitator_id == User.id, settings.c.place == 1))
        .where(who, in_reach(actor))
    ).all()
    # By themselves: joined in, a planner that expects a single person adds up all entries again
    # for each.
    theirs = LedgerEntry.nominated_by.in_([row.id for row in rows])
    counted = {
        row.nominated_by: int(row.households)
        for row in db.session.execute(established(year, theirs))
    }
    today = clock.today(actor.time_zone)
    return [
        FacilitatorFigure(
            row.id,
            row.name,
            row.region_code,
            row.is_active,
            row.is_facilitator,
            bool(row.worked),
            row.own,
            progress := Progress(counted.get(row.id, 0), target_of_facilitator(row.own)),
            exact_pace(progress.counted, progress.target, year, today) if row.worked else None,
        )
        for row in rows
    ]
