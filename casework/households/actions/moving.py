"""Closing the row of a family that another regency's roster names now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, select, update

from casework.access.actor import Actor
from casework.audit.actions import Line, record_all
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.among import among, portions
from casework.core.db import db
from casework.households.models import Group, Household, Membership
from casework.households.rules import HouseholdStatus
from casework.regions.queries import areas


@dataclass(frozen=True, slots=True)
class Move:
    """From a row that is closed to one that stays open."""

    area_id: int
    household_id: uuid.UUID
    to_area_id: int
    to_household_id: uuid.UUID
    #: Of the roster that told of it.
    stage: str


def close_rows(actor: Actor, moves: Sequence[Move]) -> None:
    """Close the rows that families have moved from, and what hangs on them: they belong to no
    group there any more and lead none. Both regencies find it in their trail.

    The caller holds the rows and knows that they may be closed. Scope does not apply: who
    loads a roster acts on other regencies through this, and through nothing else.
    """
    if not moves:
        return
    regencies = areas.by_number(
        {area for each in moves for area in (each.area_id, each.to_area_id)}
    )
    by_area: dict[int, list[uuid.UUID]] = {}
    for move in moves:
        by_area.setdefault(move.area_id, []).append(move.household_id)
    for area_id, household_ids in by_area.items():
        today = clock.today(regencies[area_id].time_zone)
        for portion in portions(household_ids):
            _close(actor, area_id, portion, today)
    record_all(actor, Tag.HOUSEHOLD_MOVED, _lines(moves, regencies))


def _close(actor: Actor, area_id: int, household_ids: list[uuid.UUID], today: date) -> None:
    ids = {"ids": household_ids}
    db.session.execute(
        update(Household)
        .where(Household.area_id == area_id, among(Household.id, "ids"))
        .values(status=HouseholdStatus.MOVED, updated_at=clock.now())
        .execution_options(synchronize_session=False),
        ids,
    )
    of_them = (Membership.area_id == area_id, among(Membership.household_id, "ids"))
    # Of a family that had left the programme before: it may come back into another group.
    db.session.execute(
        update(Membership)
        .where(*of_them, Membership.by_exit)
        .values(by_exit=False)
        .execution_options(synchronize_session=False),
        ids,
    )
    in_group = (*of_them, Membership.to_on.is_(None))
    left = db.session.execute(
        select(Membership.household_id, Membership.group_id).where(*in_group), ids
    ).all()
    if not left:
        return
    # What began today has not been: a stay ends after the day on which it begins.
    db.session.execute(
        delete(Membership)
        .where(*in_group, Membership.from_on >= today)
        .execution_options(synchronize_session=False),
        ids,
    )
    db.session.execute(
        update(Membership)
        .where(*in_group)
        .values(to_on=today)
        .execution_options(synchronize_session=False),
        ids,
    )
    db.session.execute(
        update(Group)
        .where(Group.area_id == area_id, among(Group.leader_id, "ids"))
        .values(leader_id=None)
        .execution_options(synchronize_session=False),
        ids,
    )
    record_all(
        actor,
        Tag.MEMBERSHIP_CHANGED,
        [
            Line(
                area_id,
                "household",
                row.household_id,
                {"from_group": str(row.group_id), "to_group": None, "on": today.isoformat()},
            )
            for row in left
        ],
    )


def _lines(moves: Sequence[Move], regencies: Mapping[int, Row[Any]]) -> list[Line]:
    """One for each end, the same words in both."""
    lines = []
    for move in moves:
        data = {
            "from_regency": regencies[move.area_id].name,
            "to_regency": regencies[move.to_area_id].name,
            "stage": move.stage,
        }
        lines.append(Line(move.area_id, "household", move.household_id, data))
        lines.append(Line(move.to_area_id, "household", move.to_household_id, data))
    return lines
