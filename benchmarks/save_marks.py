"""Saving 30 marks through the product beside the bare driver transaction of the same rows.

Both write one meeting, 30 marks, 30 readiness rows and one line of the trail, with one commit,
on the same PostgreSQL, in turn. The bare transaction reads nothing; the product signs the
person in, finds the register, checks it, and computes readiness from twelve months.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from benchmarks._office import Browser, Office, line, office, p50, served
from casework.core import clock
from casework.core.ids import meeting_id, new_id
from casework.meetings.forms import register_field

#: Many groups with few days each: a group meets once a month, and what readiness reads of a
#: year must stay a year's worth while this goes on.
GROUPS = 25
#: Days of each group that the product takes, and as many that the bare driver takes.
DAYS = 5
WARM_UP = 20
GOAL, STRETCH = 2.5, 2.0


def main() -> bool:
    with office(groups=GROUPS) as made, served(made) as browser:
        through_app: list[float] = []
        bare: list[float] = []
        address = made.database_url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            today = clock.today(made.actor.time_zone)
            token = browser.token(f"/groups/{next(iter(made.groups))}/meetings/new")
            for day in range(DAYS):
                for group_id, members in made.groups.items():
                    held_on = today - timedelta(days=2 * day)
                    through_app.append(_save(browser, token, group_id, members, held_on))
                    # As a browser follows the answer: what was said is shown once and forgotten,
                    # and does not pile up in the cookie.
                    browser.get("/account")
                    held_on -= timedelta(days=1)
                    bare.append(_bare(connection, made, group_id, members, held_on))
    app_ms, bare_ms = p50(through_app[WARM_UP:]), p50(bare[WARM_UP:])
    print(f"p50: product {app_ms:.2f} ms, bare transaction {bare_ms:.2f} ms")
    ratio = app_ms / bare_ms
    print(f"stretch goal {STRETCH:g}: {'reached' if ratio <= STRETCH else 'not reached'}")
    return line("save of 30 marks / bare transaction", ratio, GOAL)


def _save(
    browser: Browser, token: str, group_id: uuid.UUID, members: list[uuid.UUID], held_on: date
) -> float:
    fields = [
        ("csrf_token", token), ("held_on", held_on.isoformat()), ("lesson", "5"),
        ("starts_at", "09:00"), ("ends_at", "11:00"), ("place", "Balai"), ("topic", ""),
        ("base_version", "0"), ("register", register_field(members)), ("bulk", ""), ("filled", ""),
    ]  # fmt: skip
    for number in range(1, len(members) + 1):
        fields += [(f"p{number}", "present"), (f"u{number}", "good"), (f"n{number}", "")]
    fields.append(("step", "save"))
    started = time.perf_counter()
    status = browser.post(f"/groups/{group_id}/meetings/new", fields)
    taken = time.perf_counter() - started
    assert status == 302, status
    return taken


def _bare(
    connection: psycopg.Connection[Any],
    made: Office,
    group_id: uuid.UUID,
    members: list[uuid.UUID],
    held_on: date,
) -> float:
    """The same rows, as few statements as the driver needs, each prepared once; columns travel
    as arrays, which takes half the time of three hundred values one by one."""
    area, user, now = made.actor.area_id, made.actor.user_id, datetime.now(UTC)
    key = meeting_id(group_id, held_on)
    started = time.perf_counter()
    times = len(members)
    households = _array(members)
    marks = (
        area, key, user, now, households,
        *(_array([word] * times) for word in ("present", "good", '""', "single", "single")),
    )  # fmt: skip
    readiness = (
        area, held_on, now, households, _array(["not_yet"] * times),
        *(_array([number] * times) for number in (40, 1, 12, 10, 0)), _array(["bench"] * times),
    )  # fmt: skip
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            _MEETING,
            (area, key, group_id, held_on, "09:00", "11:00", "Balai", 16, "", Jsonb([]), "",
             "sent", 30, 30, user, now, 1),
            prepare=True,
        )  # fmt: skip
        cursor.execute(_MARKS, marks, prepare=True)
        cursor.execute(_READINESS, readiness, prepare=True)
        data = {"held_on": held_on.isoformat(), "status": "sent", "present": 30, "total": 30}
        cursor.execute(
            _AUDIT,
            (area, new_id(), now, user, made.actor.name, "facilitator", "meeting:record",
             "meeting", str(key), Jsonb(data)),
            prepare=True,
        )  # fmt: skip
    return time.perf_counter() - started


def _array(values: Iterable[object]) -> str:
    """As the product writes one; words of the benchmark need no quoting."""
    return "{" + ",".join(map(str, values)) + "}"


def _values(columns: int) -> str:
    return "(" + ", ".join(["%s"] * columns) + ")"


def _unnested(types: str) -> str:
    return "unnest(" + ", ".join(f"CAST(%s AS {each}[])" for each in types.split()) + ")"


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
_MARKS = (
    "INSERT INTO attendance (area_id, meeting_id, marked_by, marked_at, household_id, presence,"
    " understanding, note, marked_how, assessed_how) SELECT %s, %s, %s, %s, new.*"
    f" FROM {_unnested('uuid text text text text text')} AS new"
    " ON CONFLICT (area_id, meeting_id, household_id) DO UPDATE SET presence = excluded.presence"
)
_COMPUTED = ["verdict", "score", "ladder", "held", "attended", "missed_running", "rule_version"]
_READINESS = (
    "INSERT INTO readiness (area_id, as_of, computed_at, household_id,"
    f" {', '.join(_COMPUTED)}) SELECT %s, %s, %s, new.*"
    f" FROM {_unnested('uuid text int int int int int text')} AS new"
    " ON CONFLICT (area_id, household_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in ("as_of", "computed_at", *_COMPUTED))
)
