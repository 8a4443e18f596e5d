"""A roster file on its way in: read, planned against what is known, applied as a whole."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import lazy_gettext
from sqlalchemy import select

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.bulk import keeping_all
from casework.core.db import db
from casework.core.errors import Invalid, Refused
from casework.graduation.queries.under_way import nominated
from casework.households.actions.enrolling import carry_out
from casework.households.actions.enrolment import Enrolment, Plan, plan
from casework.households.rules import is_stage, stages_around
from casework.regions.models import Area
from casework.regions.queries import areas
from casework.regions.queries.lookup import names_within
from casework.regions.rules import RegionLevel
from casework.rosters.policy import why_not_import
from casework.rosters.queries.missing import left_out
from casework.rosters.reading.columns import COMPONENTS, Column
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.places import VillageIndex
from casework.rosters.reading.roster import BadRow, Roster, read_roster
from casework.rosters.reading.rows import RosterRow, RowProblem

#: Characters of a village's code that name its regency.
_REGENCY = 5

#: Column of a roster -> column of a household.
_FIELDS = {column: column.value for column in COMPONENTS}


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows of a file are what."""

    rows: int
    added: int
    #: Among those that are added or changed: from another regency.
    moved_here: int
    changed: int
    unchanged: int
    outdated: int
    bad: int
    #: Families that are not in the file; nothing is changed about them.
    missing: int


@dataclass(frozen=True)
class Check:
    """A file beside the database as it is at this moment."""

    stage: str
    roster: Roster
    plans: tuple[Plan, ...]
    #: What cannot be taken: wrong by itself, or contradicting what is known.
    bad_rows: tuple[BadRow, ...]
    #: Whom the file leaves out: number of a regency -> households (`queries.missing`).
    missing: Mapping[int, list[uuid.UUID]] = field(default_factory=dict)

    @property
    def problems(self) -> list[RowProblem]:
        return [problem for row in self.bad_rows for problem in row.problems]

    @property
    def summary(self) -> Summary:
        return Summary(
            rows=len(self.roster.rows) + len(self.roster.bad_rows),
            added=sum(len(each.inserts) for each in self.plans),
            moved_here=sum(each.arrivals for each in self.plans),
            changed=sum(len(each.updates) for each in self.plans),
            unchanged=sum(each.unchanged for each in self.plans),
            outdated=sum(each.outdated for each in self.plans),
            bad=len(self.bad_rows),
            missing=sum(map(len, self.missing.values())),
        )


class RowsRefused(Invalid):
    """Rows are bad and were not to be skipped; nothing was written."""

    def __init__(self, checked: Check) -> None:
        words = lazy_gettext("Some rows cannot be accepted yet. Nothing was applied.")
        super().__init__({"file": [words]})
        self.checked = checked


def read(actor: Actor, data: bytes, *, progress: Callable[[int], None] | None = None) -> Roster:
    """Read the file; villages outside the actor's region are unknown to it.

    Raises: UnreadableFile when no row can be looked at; Refused when the actor's region is too
    small for a roster; Invalid before there are regions.
    """
    reason = why_not_import(actor)
    if reason is not None:
        raise Refused(reason)
    own = actor.region_code
    known = list(names_within(own, RegionLevel.PROVINCE, RegionLevel.REGENCY))
    if not known:
        raise Invalid.field(
            "file", lazy_gettext("There are no regions yet. Run: flask regions load")
        )
    with keeping_all():
        return read_roster(
            data,
            resolver=VillageIndex(known, inside=lambda code: names_within(code or own)),
            today=clock.today(actor.time_zone),
            progress=progress,
        )


def check_stage(stage: str) -> None:
    """Raises: Invalid for a stage that is none, and for one so late that every right roster to come
    would be older than it."""
    if not is_stage(stage):
        raise Invalid.field(
            "stage",
            lazy_gettext("Write the payment stage as year and quarter, for example 2026-1."),
        )
    latest = stages_around(clock.now().date())[0]
    if stage > latest:
        raise Invalid.field(
            "stage", lazy_gettext("The stage must not be later than %(latest)s.", latest=latest)
        )


def check(roster: Roster, stage: str, *, for_change: bool = False) -> Check:
    """Compare with the database; `for_change` holds what the answer depends on.

    Raises: Invalid for a stage that is none.
    """
    check_stage(stage)
    enrolments = _by_area(roster)
    with keeping_all():
        plans = plan(stage, enrolments, engaged=nominated, for_change=for_change)
        missing = {
            each.area_id: left_out(
                each.area_id,
                stage,
                villages={row.village_code for row in enrolments[each.area_id]},
                named=each.named,
                bad_rows=roster.bad_rows,
            )
            for each in plans
        }
    refused = _refused(roster, plans)
    bad = sorted([*roster.bad_rows, *refused], key=lambda row: row.number)
    return Check(stage, roster, tuple(plans), tuple(bad), missing)


def apply(actor: Actor, roster: Roster, stage: str, *, sha256: bytes, skip_bad: bool) -> Check:
    """Write what the file says, all of it or, with `skip_bad`, all rows that are fine.

    Compares again inside the transaction, behind a lock on the regencies concerned: two people
    who apply at once do not double a household.

    Raises: RowsRefused when rows are bad and not to be skipped; Busy when another regency takes
    in the same family at this moment.
    """
    areas.hold(_areas({row.village_code[:_REGENCY] for row in roster.rows}).values())
    checked = check(roster, stage, for_change=True)
    if checked.bad_rows and not skip_bad:
        raise RowsRefused(checked)
    with keeping_all():
        carry_out(actor, checked.plans)
    for each in checked.plans:
        record(
            actor,
            Tag.ROSTER_APPLIED,
            subject_type="roster",
            subject_id=sha256.hex(),
            area_id=each.area_id,
            stage=stage,
            rows=len(each.inserts) + len(each.updates) + each.unchanged + each.outdated,
            added=len(each.inserts),
            changed=len(each.updates),
            unchanged=each.unchanged,
            sha256=sha256.hex(),
        )
    return checked


def fingerprint(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _by_area(roster: Roster) -> dict[int, list[Enrolment]]:
    regencies: dict[str, list[Enrolment]] = {}
    for row in roster.rows:
        regencies.setdefault(row.village_code[:_REGENCY], []).append(_enrolment(row))
    return {area_id: regencies[code] for code, area_id in _areas(regencies).items()}


def _areas(codes: Collection[str]) -> dict[str, int]:
    """Code of a regency -> its number, lowest number first."""
    query = select(Area.code, Area.id).where(Area.code.in_(codes)).order_by(Area.id)
    return {row.code: row.id for row in db.session.execute(query)}


def _enrolment(row: RosterRow) -> Enrolment:
    house = [row.address, row.hamlet]
    if row.rt or row.rw:
        house.append(f"RT {row.rt or '-'} / RW {row.rw or '-'}")
    return Enrolment(
        reference=row.number,
        caretaker_name=row.caretaker_name,
        born_on=row.born_on,
        nik=row.nik,
        no_kk=row.no_kk,
        address=", ".join(part for part in house if part),
        village_code=row.village_code,
        components={_FIELDS[column]: members for column, members in row.components.items()},
    )


def _refused(roster: Roster, plans: Sequence[Plan]) -> list[BadRow]:
    """Rows that are fine in themselves and contradict what is known."""
    found: dict[int, tuple[CellProblem, dict[str, object]]] = {}
    names = areas.by_number({each.area_id for one in plans for each in one.elsewhere})
    for one in plans:
        for each in one.contradictions:
            found[each.reference] = (
                (CellProblem.TWO_HOUSEHOLDS, {})
                if each.other is None
                else (CellProblem.SAME_HOUSEHOLD, {"row": each.other})
            )
        for known in one.elsewhere:
            regency = {"regency": names[known.area_id].name}
            found[known.reference] = (CellProblem.KNOWN_ELSEWHERE, regency)
    label = roster.columns.label(Column.NIK)
    return [
        BadRow(
            number,
            roster.cells[number],
            (RowProblem(number, Column.NIK, label, "", code, params),),
        )
        for number, (code, params) in found.items()
    ]
