"""All that readiness is computed from, for many households, in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from string import ascii_lowercase
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CompoundSelect,
    Date,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from casework.core.among import among
from casework.core.db import UtcDateTime
from casework.core.kept import Kept
from casework.curriculum.rules import economics_lessons
from casework.economics.queries.facts import enterprises, lessons_of, observations
from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseFacts,
    EnterpriseKind,
    Licence,
    ObservationFacts,
)
from casework.households.queries.components import components
from casework.meetings.queries.facts import (
    NEVER_MARKED,
    attendance_rows,
    facts_of,
    parameters,
)
from casework.meetings.rules import AttendanceFacts
from casework.readiness.models import ReadinessCheck
from casework.readiness.rules import (
    Answer,
    Assessment,
    AttendanceYear,
    Basis,
    Check,
    Components,
    HouseholdFacts,
    basis,
    latest_answers,
)


@dataclass(slots=True)
class Known:
    """What is on record of one household, as it came in rows."""

    attendance: AttendanceFacts = NEVER_MARKED
    components: Components | None = None
    member_since_year: int | None = None
    observations: list[ObservationFacts] = field(default_factory=list)
    enterprises: list[EnterpriseFacts] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Nobody has recorded anything yet but what the roster says."""
        return not (
            self.attendance.held
            or self.attendance.missed_running
            or self.attendance.last_present_on
            or self.observations
            or self.enterprises
            or self.checks
        )

    def facts(self) -> HouseholdFacts:
        return HouseholdFacts(
            attendance=AttendanceYear(self.attendance.held, self.attendance.attended),
            lessons=lessons_of(self.attendance),
            observations=tuple(self.observations),
            enterprises=tuple(self.enterprises),
            member_since_year=self.member_since_year,
            components=self.components,
        )

    def basis(
        self, assessment: Assessment, time_zone: str, recorded_until: datetime | None = None
    ) -> Basis:
        """What the assessment rested on, of what stands now; `recorded_until`: of one of then."""
        return basis(
            self.observations,
            self.enterprises,
            self.checks,
            as_of=assessment.as_of,
            answers_valid_days=assessment.instrument.thresholds.answers_valid_days,
            time_zone=time_zone,
            recorded_until=recorded_until,
        )

    def answers(self, as_of: date) -> dict[str, Answer]:
        return latest_answers(self.checks, as_of)


def known_of(
    area_id: int, household_ids: Collection[uuid.UUID], *, as_of: date
) -> dict[uuid.UUID, Known]:
    """What is known of each household; rows later than the day may be in it, the rules leave
    them out. The caller has got the households through `scope`."""
    found = {each: Known() for each in household_ids}
    if found:
        records = _records.execute(parameters(area_id, list(found), as_of=as_of))
        for row in records.all():
            _READERS[row.record](found[row.household_id], row, as_of)
    return found


def _read_attendance(known: Known, row: Row[Any], as_of: date) -> None:
    columns = dict(zip(_ATTENDANCE.values(), _OF_ATTENDANCE(row), strict=True))
    known.attendance = facts_of(columns, as_of=as_of)


def _read_components(known: Known, row: Row[Any], _as_of: date) -> None:
    known.components = Components(
        pregnant=row.n_1, disability=row.n_2, elderly=row.n_3, others=row.n_4
    )
    known.member_since_year = row.n_5


def _read_observation(known: Known, row: Row[Any], _as_of: date) -> None:
    known.observations.append(
        ObservationFacts(
            observed_on=row.day_1,
            recorded_at=row.recorded_at,
            keeps_budget=row.yes_1,
            saves_per_month=row.n_1,
            savings_total=row.n_2,
            uses_bank_account=row.yes_2,
            borrows_from=None if row.word is None else BorrowsFrom(row.word),
            income_per_month=row.n_3,
        )
    )


def _read_enterprise(known: Known, row: Row[Any], _as_of: date) -> None:
    known.enterprises.append(
        EnterpriseFacts(
            kind=EnterpriseKind(row.word),
            since_on=row.day_1,
            ended_on=row.day_2,
            licences=frozenset(Licence(each) for each in row.document or ()),
            recorded_at=row.recorded_at,
            changed_at=row.changed_at,
        )
    )


def _read_check(known: Known, row: Row[Any], _as_of: date) -> None:
    known.checks.append(Check(row.day_1, row.recorded_at, row.document or {}))


#: By the first column; the second is the household's id.
_READERS = {
    "attendance": _read_attendance,
    "household": _read_components,
    "observation": _read_observation,
    "enterprise": _read_enterprise,
    "check": _read_check,
}

_LESSONS = [each.running_no for each in economics_lessons()]

#: Column of the union -> column of `attendance_rows`.
_ATTENDANCE = {
    "word": "marks",
    **{f"n_{at}": f"rank_{number}" for at, number in enumerate(_LESSONS, start=1)},
    **{f"day_{at}": f"on_{number}" for at, number in enumerate(_LESSONS, start=1)},
}

#: What the kinds of record have in common: a UNION, because a save may take few statements and
#: joining them would multiply their rows.
_SHAPE: Mapping[str, TypeEngine[Any]] = {
    "recorded_at": UtcDateTime(),
    "changed_at": UtcDateTime(),
    "word": String(),
    "yes_1": Boolean(),
    "yes_2": Boolean(),
    "document": ReadinessCheck.__table__.c.answers.type,
    **{f"day_{at}": Date() for at in range(1, len(_LESSONS) + 1)},
    **{f"n_{at}": BigInteger() for at in range(1, 6)},
}

_OF_ATTENDANCE = itemgetter(*(2 + list(_SHAPE).index(column) for column in _ATTENDANCE))


def _first(source: Select[*tuple[Any, ...]], **columns: str) -> Select[*tuple[Any, ...]]:
    """The records that give the union its names and types."""
    found = source.selected_columns
    return source.with_only_columns(
        literal_column("'attendance'").label("record"),
        found.household_id,
        *(
            (found[columns[name]] if name in columns else cast(null(), of_type)).label(name)
            for name, of_type in _SHAPE.items()
        ),
    )


def _further(
    kind: str, source: Select[*tuple[Any, ...]], **columns: str
) -> Select[*tuple[Any, ...]]:
    """Records of one kind, which say as little as they can of the shape they come in: a text of
    more than 4,096 letters the driver reads anew every time."""
    found = source.selected_columns
    values = (
        found[columns[name]]
        if name in columns
        else literal_column("NULL").label(ascii_lowercase[at])
        for at, name in enumerate(_SHAPE)
    )
    return source.with_only_columns(literal_column(f"'{kind}'"), found.household_id, *values).where(
        found.area_id == bindparam("area", type_=Integer),
        among(found.household_id, "ids"),
    )


@Kept
def _records() -> CompoundSelect[*tuple[Any, ...]]:
    checks = select(
        ReadinessCheck.area_id,
        ReadinessCheck.household_id,
        ReadinessCheck.answered_on,
        ReadinessCheck.recorded_at,
        ReadinessCheck.answers,
    )
    return union_all(
        _first(attendance_rows(), **_ATTENDANCE),
        _further(
            "household",
            components(),
            n_1="pregnant",
            n_2="disability",
            n_3="elderly",
            n_4="others",
            n_5="member_since_year",
        ),
        _further(
            "observation",
            observations(),
            day_1="observed_on",
            recorded_at="recorded_at",
            word="borrows_from",
            yes_1="keeps_budget",
            yes_2="uses_bank_account",
            n_1="saves_per_month",
            n_2="savings_total",
            n_3="income_per_month",
        ),
        _further(
            "enterprise",
            enterprises(),
            day_1="since_on",
            day_2="ended_on",
            recorded_at="recorded_at",
            changed_at="updated_at",
            word="kind",
            document="licences",
        ),
        _further(
            "check", checks, day_1="answered_on", recorded_at="recorded_at", document="answers"
        ),
    )
