"""The households of a region as rows of a table: one statement, so one moment in time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from sqlalchemy import Row, Select, String, Subquery, and_, func, or_, select, type_coerce

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.masking import mask_nik, mask_no_kk
from casework.graduation.labels import STATUSES as NOMINATION_STATUSES
from casework.graduation.models import Nomination
from casework.households import scope
from casework.households.labels import HOUSEHOLD_STATUSES
from casework.households.models import Household
from casework.households.queries import numbers
from casework.households.queries.numbers import Number
from casework.households.rules import HouseholdStatus
from casework.readiness.labels import VERDICTS
from casework.readiness.queries.current import readiness_rows
from casework.readiness.rules import Verdict
from casework.regions.models import Region
from casework.regions.rules import parent_of, regency_of, time_zone_of, with_ancestors
from casework.regions.scope import in_areas, lying_in
from casework.rosters.reading.columns import ALIASES, COMPONENTS, Column
from casework.rosters.reading.values import NUMBER_LENGTH
from casework.rosters.rules import NumbersShown

#: Rows fetched at a time.
_AT_A_TIME = 1000

_SEALED = (Household.nik_sealed, Household.no_kk_sealed)
_COMPONENTS = tuple(getattr(Household, each.value) for each in COMPONENTS)

#: Like Final Closing files, an exported roster is Indonesian whoever asks for it: another
#: program that reads it must find the same names and words every time.
_LOCALE = "id"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which households; None and the empty word are all."""

    status: HouseholdStatus | None = None
    #: Of the latest roster that named the family.
    stage: str = ""
    verdict: Verdict | None = None
    #: Name of a group.
    group: str = ""
    #: The group itself; comes before its name.
    group_id: uuid.UUID | None = None


def header(shown: NumbersShown) -> list[str]:
    personal = [] if shown is NumbersShown.NONE else [Column.NIK, Column.NO_KK]
    known = [Column.CARETAKER_NAME, *personal, Column.VILLAGE_CODE, Column.VILLAGE]
    return [
        *(ALIASES[each][0] for each in (*known, Column.DISTRICT, Column.REGENCY)),
        "KELOMPOK",
        "PENDAMPING",
        "STATUS",
        "KESIAPAN",
        *(ALIASES[each][0] for each in COMPONENTS),
        "TAHAP",
        "USULAN",
        "TANGGAL KEPUTUSAN",
    ]


#: Characters; of words as long as most are, of numbers whole: what is cut off at the edge of a
#: column is not missed by who reads it.
_WIDTHS = {
    ALIASES[Column.CARETAKER_NAME][0]: 30,
    ALIASES[Column.NIK][0]: NUMBER_LENGTH + 3,
    ALIASES[Column.NO_KK][0]: NUMBER_LENGTH + 3,
    ALIASES[Column.VILLAGE_CODE][0]: 16,
    ALIASES[Column.VILLAGE][0]: 24,
    ALIASES[Column.DISTRICT][0]: 24,
    ALIASES[Column.REGENCY][0]: 28,
    "KELOMPOK": 24,
    "PENDAMPING": 28,
    "STATUS": 24,
    "KESIAPAN": 24,
    "USULAN": 24,
    "TANGGAL KEPUTUSAN": 20,
}
_NARROW = 10


def widths(shown: NumbersShown) -> list[float]:
    """Of the columns under `header`, in a workbook."""
    return [_WIDTHS.get(name, _NARROW) for name in header(shown)]


def rows(actor: Actor, filters: Filters, shown: NumbersShown) -> Iterator[tuple[object, ...]]:
    """Rows under `header`, as they come from the database: memory does not grow with them.

    `actor` sees what lies in the region asked for (`actions.exporting.narrowed`).
    """
    line = _Line(actor, shown)
    streaming = {"yield_per": _AT_A_TIME}
    # A connection apart: what is fetched bit by bit needs a transaction, which the reading of a
    # request has not (core.reading), and is one moment from the first row to the last.
    with (
        db.engine.connect() as connection,
        connection.execute(_statement(actor, filters), execution_options=streaming) as result,
    ):
        for row in result:
            yield line.of(row)


def _statement(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    seen, person = scope.households(actor, *_SEALED, *_COMPONENTS), people()
    verdict, nomination = readiness_rows(), _latest_nominations(actor)

    def same(other: Any, column: Any) -> Any:
        return and_(other.area_id == seen.c.area_id, column == seen.c.id)

    query = (
        select(
            seen.c.id,
            seen.c.caretaker_name,
            seen.c.village_code,
            seen.c.group_name,
            person.c.name.label("facilitator_name"),
            # As text: the words are looked up by it, an enum member would only cost time.
            type_coerce(seen.c.status, String).label("status"),
            type_coerce(verdict.c.verdict, String).label("verdict"),
            seen.c.last_stage,
            type_coerce(nomination.c.status, String).label("nomination"),
            nomination.c.decided_at,
            *(seen.c[column.key] for column in (*_SEALED, *_COMPONENTS)),
        )
        .select_from(seen)
        .outerjoin(person, person.c.id == seen.c.facilitator_id)
        .outerjoin(verdict, same(verdict.c, verdict.c.household_id))
        .outerjoin(nomination, same(nomination.c, nomination.c.household_id))
    )
    if filters.status is not None:
        query = query.where(seen.c.status == filters.status)
    if filters.stage:
        query = query.where(seen.c.last_stage == filters.stage)
    if filters.verdict is Verdict.TOO_LITTLE_KNOWN:
        # No row yet means the same (`readiness_rows`).
        query = query.where(func.coalesce(verdict.c.verdict, filters.verdict) == filters.verdict)
    elif filters.verdict is not None:
        query = query.where(verdict.c.verdict == filters.verdict)
    if filters.group_id is not None:
        query = query.where(seen.c.group_id == filters.group_id)
    elif filters.group:
        query = query.where(func.lower(seen.c.group_name) == filters.group.strip().lower())
    return query.order_by(seen.c.area_id, seen.c.village_code, seen.c.caretaker_name, seen.c.id)


def _latest_nominations(actor: Actor) -> Subquery:
    """Columns area_id, household_id, status, decided_at; one row a household."""
    newest = func.row_number().over(
        partition_by=(Nomination.area_id, Nomination.household_id),
        order_by=(Nomination.nominated_at.desc(), Nomination.id.desc()),
    )
    ranked = select(
        Nomination.area_id,
        Nomination.household_id,
        Nomination.status,
        Nomination.decided_at,
        newest.label("place"),
    )
    each = ranked.where(in_areas(actor, Nomination.area_id)).subquery("ranked")
    return (
        select(each.c.area_id, each.c.household_id, each.c.status, each.c.decided_at)
        .where(each.c.place == 1)
        .subquery("nomination_latest")
    )


class _Line:
    """Makes lines of rows; knows the names of places and the words of states."""

    def __init__(self, actor: Actor, shown: NumbersShown) -> None:
        self._shown = shown
        self._names = _names(actor)
        self._places: dict[str, tuple[str, str, str]] = {}
        with force_locale(_LOCALE):
            self._statuses = {each.value: str(word) for each, word in HOUSEHOLD_STATUSES.items()}
            self._verdicts = {each.value: str(word) for each, word in VERDICTS.items()}
            self._nominations = {each.value: str(w) for each, w in NOMINATION_STATUSES.items()}
        self._unknown = self._verdicts[Verdict.TOO_LITTLE_KNOWN.value]

    def of(self, row: Row[Any]) -> tuple[object, ...]:
        return (
            row.caretaker_name,
            *self._numbers(row),
            row.village_code,
            *self._place(row.village_code),
            row.group_name,
            row.facilitator_name,
            self._statuses[row.status],
            self._verdicts.get(row.verdict, self._unknown),
            *row[-len(COMPONENTS) :],
            row.last_stage,
            self._nominations.get(row.nomination),
            _day(row.decided_at, row.village_code),
        )

    def _numbers(self, row: Row[Any]) -> tuple[str, ...]:
        if self._shown is NumbersShown.NONE:
            return ()
        nik = numbers.unseal(row.id, Number.NIK, row.nik_sealed)
        no_kk = numbers.unseal(row.id, Number.NO_KK, row.no_kk_sealed)
        if self._shown is NumbersShown.FULL:
            return nik, no_kk
        return mask_nik(nik), mask_no_kk(no_kk)

    def _place(self, code: str) -> tuple[str, str, str]:
        """Names of village, district and regency."""
        found = self._places.get(code)
        if found is None:
            district, regency = parent_of(code) or "", regency_of(code) or ""
            name = self._names.get
            found = self._places[code] = (name(code, ""), name(district, ""), name(regency, ""))
        return found


def _names(actor: Actor) -> dict[str, str]:
    """Of the regions in the actor's own and around it, also of retired ones: families of the
    past lie there."""
    query = select(Region.code, Region.name)
    own = actor.region_code
    if own is not None:
        query = query.where(or_(Region.code.in_(with_ancestors(own)), lying_in(Region.code, own)))
    return {row.code: row.name for row in db.session.execute(query)}


def _day(moment: datetime | None, village_code: str) -> date | None:
    """On the wall calendar of the village."""
    if moment is None:
        return None
    return moment.astimezone(ZoneInfo(time_zone_of(village_code))).date()
