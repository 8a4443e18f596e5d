"""One household with everything known of it: five statements, whatever its history."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, Select, Subquery, Uuid, and_, bindparam, select
from sqlalchemy.orm import aliased

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.curriculum.rules import Lesson, from_mask
from casework.desk.queries.case_graduation import (
    Aftercare,
    Nominations,
    nominations_and_visits,
)
from casework.economics.rules import Economy, Late, economy
from casework.graduation.models import HouseholdExit
from casework.graduation.queries.exits import last_standing
from casework.households import scope
from casework.households.models import Household
from casework.households.queries.masked import MaskedNumbers
from casework.households.queries.registers import belonged
from casework.meetings.models import Attendance, Meeting
from casework.meetings.queries.marks import marks_of
from casework.meetings.rules import (
    AttendanceFacts,
    MeetingStatus,
    Presence,
    Understanding,
    twelve_months,
)
from casework.readiness.queries.assessment import judge_known
from casework.readiness.queries.facts import known_of
from casework.readiness.rules import Assessment, Basis, Evidence, EvidenceKind
from casework.regions.models import Region
from casework.regions.scope import is_one_area

#: Registers shown unless the reader asks for all: a year of monthly meetings.
_SHOWN = 12
#: Registers read for the twelve months, also of a group that meets more often.
_READ = 60
#: A family met twice a month for twenty years.
_ALL = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """One register the household stands in."""

    meeting_id: uuid.UUID
    held_on: date
    lessons: tuple[Lesson, ...]
    topic: str
    presence: Presence
    understanding: Understanding | None
    note: str
    #: False where its stay in that group does not hold the day: it left, or was moved, since.
    belonged: bool


@dataclass(frozen=True, slots=True)
class CaseFile:
    #: A row of `households.scope`, with facilitator_name, village and district.
    household: Row[Any]
    numbers: MaskedNumbers
    #: Newest first.
    marks: list[Mark]
    shows_all_marks: bool
    attendance: AttendanceFacts
    economy: Economy
    assessment: Assessment
    #: The records that it rests on.
    basis: Basis
    nominations: Nominations
    #: None for a family that never graduated here.
    aftercare: Aftercare | None
    #: Exits of other kinds, newest first; those too that were taken back.
    exits: Sequence[HouseholdExit]
    as_of: date

    @property
    def shown_marks(self) -> list[Mark]:
        return self.marks if self.shows_all_marks else self.marks[:_SHOWN]

    @property
    def hides_marks(self) -> bool:
        return len(self.shown_marks) < len(self.marks)

    @property
    def last_year(self) -> list[Mark]:
        """The marks of the twelve months, oldest first."""
        since = twelve_months(self.as_of)
        return [each for each in reversed(self.marks) if each.held_on >= since]

    def late_observation(self, on: date) -> list[Late]:
        """Of what was seen on a day, where it was recorded long after."""
        return self.basis.late_of([Evidence(EvidenceKind.OBSERVATION, on)])

    @property
    def last_exit(self) -> HouseholdExit | None:
        return last_standing(self.exits)


def case_file(
    actor: Actor, household_id: uuid.UUID, *, as_of: date, all_marks: bool = False
) -> CaseFile:
    """Raises: NotFound."""
    household, exits = _head(actor, household_id)
    area_id: int = household.area_id
    known = known_of(area_id, [household_id], as_of=as_of)[household_id]
    nominations, aftercare = nominations_and_visits(actor, area_id, household_id, as_of)
    assessment = judge_known(known, as_of=as_of)
    return CaseFile(
        household=household,
        numbers=MaskedNumbers.of(
            household_id,
            household.nik_sealed,
            household.no_kk_sealed,
            has_address=household.has_address,
        ),
        marks=_marks(area_id, household_id, as_of, _ALL if all_marks else _READ),
        shows_all_marks=all_marks,
        attendance=known.attendance,
        economy=economy(known.observations, as_of),
        assessment=assessment,
        basis=known.basis(assessment, actor.time_zone),
        nominations=nominations,
        aftercare=aftercare,
        exits=exits,
        as_of=as_of,
    )


def _head(actor: Actor, household_id: uuid.UUID) -> tuple[Row[Any], list[HouseholdExit]]:
    """The family, and how it left otherwise: hardly any has more than one line of that."""
    given = {"area_id": actor.area_id, "actor_id": actor.user_id, "id": household_id}
    rows: Sequence[Any] = db.session.execute(_seen_by(actor), given).all()
    if not rows:
        raise NotFound
    return rows[0], [row.HouseholdExit for row in rows if row.HouseholdExit is not None]


def _seen_by(actor: Actor) -> Select[*tuple[Any, ...]]:
    if actor.role is Role.FACILITATOR:
        return _in_care()
    return _in_regency() if is_one_area(actor) else _statement(scope.households(actor))


_AREA = bindparam("area_id", type_=Integer)


@cache
def _in_care() -> Select[*tuple[Any, ...]]:
    return _statement(scope.households_in_care(_AREA, bindparam("actor_id", type_=Uuid)))


@cache
def _in_regency() -> Select[*tuple[Any, ...]]:
    return _statement(scope.households_in_regency(_AREA))


def _statement(seen: Subquery) -> Select[*tuple[Any, ...]]:
    person = people()
    village, district = aliased(Region), aliased(Region)
    return (
        select(
            seen,
            person.c.name.label("facilitator_name"),
            village.name.label("village"),
            district.name.label("district"),
            Household.nik_sealed,
            Household.no_kk_sealed,
            Household.address_sealed.is_not(None).label("has_address"),
            HouseholdExit,
        )
        .join(Household, and_(Household.area_id == seen.c.area_id, Household.id == seen.c.id))
        .join(village, village.code == seen.c.village_code)
        .outerjoin(district, district.code == village.parent_code)
        .outerjoin(person, person.c.id == seen.c.facilitator_id)
        .outerjoin(
            HouseholdExit,
            and_(HouseholdExit.area_id == seen.c.area_id, HouseholdExit.household_id == seen.c.id),
        )
        .where(seen.c.id == bindparam("id", type_=Uuid))
        .order_by(HouseholdExit.recorded_at.desc(), HouseholdExit.id.desc())
        .execution_options(populate_existing=True)
    )


def _marks(area_id: int, household_id: uuid.UUID, as_of: date, most: int) -> list[Mark]:
    rows = db.session.execute(
        marks_of(
            area_id,
            household_id,
            as_of,
            Meeting.id,
            Meeting.held_on,
            Meeting.lesson_mask,
            Meeting.adaptive_topic,
            Attendance.presence,
            Attendance.understanding,
            Attendance.note,
            belonged(household_id, area_id, Meeting.group_id, Meeting.held_on).label("belonged"),
        )
        .where(Meeting.status == MeetingStatus.SENT)
        .order_by(Meeting.held_on.desc(), Meeting.id)
        .limit(most)
    )
    return [
        Mark(
            meeting_id=row.id,
            held_on=row.held_on,
            lessons=from_mask(row.lesson_mask),
            topic=row.adaptive_topic,
            presence=row.presence,
            understanding=row.understanding,
            note=row.note,
            belonged=row.belonged,
        )
        for row in rows
    ]
