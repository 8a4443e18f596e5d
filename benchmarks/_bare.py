"""The rows of a saved register, written by the driver alone: the yardstick of `save_marks`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from benchmarks._office import Office
from casework.core.ids import meeting_id, new_id

_Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a register of thirty present families leaves behind, but for its group."""

    area_id: int
    user_id: uuid.UUID
    name: str
    group_id: uuid.UUID
    meeting_id: uuid.UUID
    held_on: date
    now: datetime
    households: list[uuid.UUID]

    @classmethod
    def of(
        cls, made: Office, group_id: uuid.UUID, households: list[uuid.UUID], held_on: date
    ) -> Rows:
        actor, key = made.actor, meeting_id(group_id, held_on)
        assert actor.area_id is not None
        return cls(
            actor.area_id, actor.user_id, actor.name, group_id, key, held_on, datetime.now(UTC),
            households,
        )  # fmt: skip


Writing = Callable[[psycopg.Connection[Any], Rows], None]


def with_values(connection: psycopg.Connection[Any], rows: Rows) -> None:
    """Ask who is in the group on that day; one statement of many VALUES a table."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            _MEMBERS, (rows.area_id, rows.group_id, rows.held_on, rows.held_on), prepare=True
        )
        assert len(cursor.fetchall()) == len(rows.households)
        _write_meeting(cursor, rows)
        marks = [
            value
            for household in rows.households
            for value in (
                rows.area_id, rows.meeting_id, rows.user_id, rows.now, household,
                "present", "good", "", "single", "single",
            )
        ]  # fmt: skip
        cursor.execute(_marks(len(rows.households)), marks, prepare=True)
        readiness = [
            value
            for household in rows.households
            for value in (
                rows.area_id, rows.held_on, rows.now, household, *_VERDICT,
            )
        ]  # fmt: skip
        cursor.execute(_readiness(len(rows.households)), readiness, prepare=True)
        _write_trail(cursor, rows)


def with_arrays(connection: psycopg.Connection[Any], rows: Rows) -> None:
    """Ask nothing; each column travels as one array, in half the time of the values."""
    times = len(rows.households)
    households = _array(rows.households)
    with connection.transaction(), connection.cursor() as cursor:
        _write_meeting(cursor, rows)
        marks = (
            rows.area_id, rows.meeting_id, rows.user_id, rows.now, households,
            *(_array([word] * times) for word in ("present", "good", '""', "single", "single")),
        )  # fmt: skip
        cursor.execute(_MARKS_OF_ARRAYS, marks, prepare=True)
        readiness = (
            rows.area_id, rows.held_on, rows.now, households,
            *(_array([value] * times) for value in _VERDICT),
        )  # fmt: skip
        cursor.execute(_READINESS_OF_ARRAYS, readiness, prepare=True)
        _write_trail(cursor, rows)


def _write_meeting(cursor: _Cursor, rows: Rows) -> None:
    count = len(rows.households)
    cursor.execute(
        _MEETING,
        (rows.area_id, rows.meeting_id, rows.group_id, rows.held_on, "09:00", "11:00", "Balai", 16,
         "", Jsonb([]), "", "sent", count, count, rows.user_id, rows.now, 1),
        prepare=True,
    )  # fmt: skip


def _write_trail(cursor: _Cursor, rows: Rows) -> None:
    count = len(rows.households)
    data = {"held_on": rows.held_on.isoformat(), "present": count, "total": count}
    cursor.execute(
        _AUDIT,
        (rows.area_id, new_id(), rows.now, rows.user_id, rows.name, "facilitator",
         "meeting:record", "meeting", str(rows.meeting_id), Jsonb(data)),
        prepare=True,
    )  # fmt: skip


def _values(columns: int, rows: int = 1) -> str:
    row = "(" + ", ".join(["%s"] * columns) + ")"
    return ", ".join([row] * rows)


def _array(values: Iterable[object]) -> str:
    """As the product writes one; words of the benchmark need no quoting."""
    return "{" + ",".join(map(str, values)) + "}"


def _unnested(types: str) -> str:
    return "unnest(" + ", ".join(f"CAST(%s AS {each}[])" for each in types.split()) + ")"


_MEMBERS = (
    "SELECT household.id, household.caretaker_name, household.status FROM membership"
    " JOIN household ON household.area_id = membership.area_id"
    " AND household.id = membership.household_id"
    " WHERE membership.area_id = %s AND membership.group_id = %s AND membership.from_on <= %s"
    " AND (membership.to_on IS NULL OR membership.to_on > %s)"
)
_MEETING = (
    "INSERT INTO meeting (area_id, id, group_id, held_on, starts_at, ends_at, place, lesson_mask,"
    " adaptive_topic, speakers, summary, status, present, total, recorded_by, recorded_at,"
    f" version) VALUES {_values(17)}"
    " ON CONFLICT (area_id, id) DO UPDATE SET version = excluded.version"
)
_AUDIT = (
    "INSERT INTO audit_entry (area_id, id, at, actor_id, actor_name, actor_role, tag,"
    f" subject_type, subject_id, data) VALUES {_values(10)}"
)

_MARK = (
    "INSERT INTO attendance (area_id, meeting_id, marked_by, marked_at, household_id, presence,"
    " understanding, note, marked_how, assessed_how)"
)
_MARK_ANEW = (
    " ON CONFLICT (area_id, meeting_id, household_id) DO UPDATE SET presence = excluded.presence"
)
_MARKS_OF_ARRAYS = (
    f"{_MARK} SELECT %s, %s, %s, %s, new.*"
    f" FROM {_unnested('uuid text text text text text')} AS new{_MARK_ANEW}"
)


def _marks(rows: int) -> str:
    return f"{_MARK} VALUES {_values(10, rows)}{_MARK_ANEW}"


#: verdict, score, ladder, held, attended, missed running, version of the rules.
_VERDICT = ("not_yet", 40, 1, 12, 10, 0, "bench")
_COMPUTED = ["verdict", "score", "ladder", "held", "attended", "missed_running", "rule_version"]
_VERDICTS = (
    f"INSERT INTO readiness (area_id, as_of, computed_at, household_id, {', '.join(_COMPUTED)})"
)
_VERDICTS_ANEW = " ON CONFLICT (area_id, household_id) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in ("as_of", "computed_at", *_COMPUTED)
)
_READINESS_OF_ARRAYS = (
    f"{_VERDICTS} SELECT %s, %s, %s, new.*"
    f" FROM {_unnested('uuid text int int int int int text')} AS new{_VERDICTS_ANEW}"
)


def _readiness(rows: int) -> str:
    return f"{_VERDICTS} VALUES {_values(11, rows)}{_VERDICTS_ANEW}"
