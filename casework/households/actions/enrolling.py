"""Writing what a roster's plan says."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from casework.access.actor import Actor
from casework.core import clock
from casework.core.bulk import insert_many
from casework.core.db import db
from casework.core.ids import new_id
from casework.households.actions import registry
from casework.households.actions.enrolment import Change, Newcomer, Plan
from casework.households.actions.moving import Move, close_rows
from casework.households.actions.registry import Claim
from casework.households.models import Household
from casework.households.queries import numbers
from casework.households.queries.known import COMPONENTS
from casework.households.rules import HouseholdStatus

_NO_COMPONENTS = dict.fromkeys(COMPONENTS, 0)


def carry_out(actor: Actor, plans: Sequence[Plan]) -> None:
    """Write the plans of one roster, all of them, in the caller's transaction.

    The numbers come first: two who want the same one meet before anything else is written.

    Raises: Busy when somebody else takes one of the numbers at the same moment.
    """
    now = clock.now()
    written = [_Written(plan) for plan in plans]
    registry.release([number for each in written for number in each.releases()])
    registry.claim(claim for each in written for claim in each.claims())
    close_rows(actor, [move for each in written for move in each.moves()])
    for each in written:
        each.insert(now)
        _update(each.plan.area_id, each.plan.updates)


class _Written:
    """A plan with an id for each household that it adds."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._newcomers = [(new_id(), each) for each in plan.inserts]

    def releases(self) -> Iterator[bytes]:
        """Numbers that were corrected, and those of families that moved."""
        for change in self.plan.updates:
            if change.releases is not None:
                yield change.releases
            if change.moved_from is not None and change.claims is not None:
                yield change.claims
        for each in self.plan.inserts:
            if each.moved_from is not None:
                yield each.indexes.nik

    def claims(self) -> Iterator[Claim]:
        area_id = self.plan.area_id
        for household_id, each in self._newcomers:
            yield Claim(each.indexes.nik, area_id, household_id)
        for change in self.plan.updates:
            if change.claims is not None:
                yield Claim(change.claims, area_id, change.household_id)

    def moves(self) -> Iterator[Move]:
        come = [(change.household_id, change.moved_from) for change in self.plan.updates]
        come += [(household_id, each.moved_from) for household_id, each in self._newcomers]
        for household_id, bearer in come:
            if bearer is not None:
                yield Move(
                    bearer.area_id,
                    bearer.household_id,
                    self.plan.area_id,
                    household_id,
                    self.plan.stage,
                )

    def insert(self, now: datetime) -> None:
        """Those who moved apart: only they have something to remember."""
        for moved in (False, True):
            insert_many(
                Household,
                (
                    _row(self.plan, household_id, each, now)
                    for household_id, each in self._newcomers
                    if (each.moved_from is not None) is moved
                ),
            )


def _row(plan: Plan, household_id: uuid.UUID, newcomer: Newcomer, now: datetime) -> dict[str, Any]:
    enrolment = newcomer.enrolment
    sealed = numbers.seal(
        household_id,
        nik=enrolment.nik,
        no_kk=enrolment.no_kk,
        address=enrolment.address,
        known=newcomer.indexes,
    )
    row = {
        "area_id": plan.area_id,
        "id": household_id,
        "status": HouseholdStatus.ACTIVE,
        "caretaker_name": enrolment.caretaker_name,
        "caretaker_born_on": enrolment.born_on,
        "village_code": enrolment.village_code,
        "first_stage": plan.stage,
        "last_stage": plan.stage,
        "created_at": now,
        "updated_at": now,
        **_NO_COMPONENTS,
        **enrolment.components,
        "nik_sealed": sealed.nik_sealed,
        "nik_index": sealed.nik_index,
        "no_kk_sealed": sealed.no_kk_sealed,
        "no_kk_index": sealed.no_kk_index,
        "address_sealed": sealed.address_sealed,
    }
    if newcomer.moved_from is not None:
        row |= {
            "moved_from_area_id": newcomer.moved_from.area_id,
            "moved_from_id": newcomer.moved_from.household_id,
            "member_since_year": newcomer.moved_from.member_since_year,
        }
    return row


def _update(area_id: int, changes: Sequence[Change]) -> None:
    """One statement for all that change in the same columns."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        row = {**change.values, "household": change.household_id}
        by_columns.setdefault(tuple(sorted(change.values)), []).append(row)
    for columns, rows in by_columns.items():
        statement = (
            update(Household)
            .where(Household.area_id == area_id, Household.id == bindparam("household"))
            .values({name: bindparam(name) for name in columns})
        )
        db.session.connection().execute(statement, rows)
