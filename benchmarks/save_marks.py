"""Saving 30 marks through the product beside the bare driver transaction of the same rows.

Both write one meeting, 30 marks, 30 readiness rows and one line of the trail, with one commit,
on the same PostgreSQL, in turn. The bare transaction asks which households the group has on that
day and writes its rows with one statement of many VALUES a table: that is the yardstick the goal
was set with. Beside it, without a goal, stands the fastest way the driver has: columns as arrays,
nothing asked. The product signs the person in, finds the register, checks it, and computes
readiness from twelve months.
"""

from __future__ import annotations

import time
import uuid
from datetime import date, timedelta
from typing import Any

import psycopg

from benchmarks._bare import Rows, Writing, with_arrays, with_values
from benchmarks._office import Browser, Office, line, office, p50, served
from casework.core import clock
from casework.meetings.forms import register_field

#: Many groups with few days each, and others for the bare driver: a group meets once a month, and
#: what readiness reads of a year must stay a year's worth while this goes on.
GROUPS = 25
#: Days of each group that the product takes, and as many for either way of the bare driver.
DAYS = 5
WARM_UP = 20
GOAL, STRETCH = 2.5, 2.0


def main() -> bool:
    with office(groups=2 * GROUPS) as made, served(made) as browser:
        through_app: list[float] = []
        values: list[float] = []
        arrays: list[float] = []
        address = made.database_url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            today = clock.today(made.actor.time_zone)
            token = browser.token(f"/groups/{next(iter(made.groups))}/meetings/new")
            groups = list(made.groups.items())
            pairs = list(zip(groups[:GROUPS], groups[GROUPS:], strict=True))
            for day in range(DAYS):
                for (group_id, members), (bare_id, bare_members) in pairs:
                    held_on = today - timedelta(days=2 * day)
                    through_app.append(_save(browser, token, group_id, members, held_on))
                    # As a browser follows the answer: what was said is shown once and forgotten,
                    # and does not pile up in the cookie.
                    browser.get("/account")
                    for way, times in ((with_values, values), (with_arrays, arrays)):
                        times.append(_bare(way, connection, made, bare_id, bare_members, held_on))
                        held_on -= timedelta(days=1)
    app_ms, bare_ms, arrays_ms = (p50(each[WARM_UP:]) for each in (through_app, values, arrays))
    print(f"p50: product {app_ms:.2f} ms, bare {bare_ms:.2f} ms, bare arrays {arrays_ms:.2f} ms")
    print(f"save of 30 marks / bare transaction of arrays: {app_ms / arrays_ms:.2f} (no goal)")
    ratio = app_ms / bare_ms
    print(f"stretch goal {STRETCH:g}: {'reached' if ratio <= STRETCH else 'not reached'}")
    return line("save of 30 marks / bare transaction", ratio, GOAL)


def _bare(
    way: Writing,
    connection: psycopg.Connection[Any],
    made: Office,
    group_id: uuid.UUID,
    members: list[uuid.UUID],
    held_on: date,
) -> float:
    rows = Rows.of(made, group_id, members, held_on)
    started = time.perf_counter()
    way(connection, rows)
    return time.perf_counter() - started


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
