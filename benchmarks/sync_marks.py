"""Registers of 30 marks that phones send to /sync, beside the same rows by the bare driver.

Several phones at once on two workers; each sending is one command, as on a weak line. The bare
driver writes meeting, marks, claim, readiness, trail and receipt from as many connections at
once, with many VALUES a table; it knows no person, reads no register, resolves nothing.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import quantiles
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from benchmarks._bare import Rows, with_values
from benchmarks._office import Browser, Office, line, office, served
from casework.core import clock
from casework.core.ids import short_id

GROUPS = 24
PHONES = 4
#: Registers of each group, for the phones and for the driver alike.
DAYS = 8
WARM_UP = 24
#: On two processors, the server's and the phones' own work on them (safety row R21).
GOAL_RATE = 40
GOAL_P95 = 1000

_Job = tuple[uuid.UUID, list[uuid.UUID], date]


def main() -> bool:
    with office(groups=GROUPS) as made, served(made, workers=2):
        through_app = _together([_phone(made) for _ in range(PHONES)], _jobs(made, 0))
        address = made.database_url.replace("+psycopg", "")
        bare = _together([_driver(made, address) for _ in range(PHONES)], _jobs(made, 1))
    app_rate, app_p95 = through_app
    bare_rate, bare_p95 = bare
    print(f"{PHONES} phones: {app_rate:.0f} registers a second, p95 {app_p95:.0f} ms")
    print(f"bare driver: {bare_rate:.0f} a second, p95 {bare_p95:.0f} ms")
    print(f"through /sync / bare rows: {bare_rate / app_rate:.2f} times the time (no goal)")
    print(f"registers a second: {app_rate:.0f} (goal >= {GOAL_RATE}) ", end="")
    print("ok" if app_rate >= GOAL_RATE else "MISSED")
    return line("p95 of a register", app_p95, GOAL_P95, " ms") and app_rate >= GOAL_RATE


def _jobs(made: Office, shift: int) -> Sequence[_Job]:
    """Days that nobody has recorded, every second one for either way."""
    today = clock.today(made.actor.time_zone)
    return [
        (group_id, members, today - timedelta(days=2 * day + shift))
        for day in range(DAYS)
        for group_id, members in made.groups.items()
    ]


def _together(
    senders: Sequence[Callable[[_Job], None]], jobs: Sequence[_Job]
) -> tuple[float, float]:
    """How many a second, and p95 in milliseconds."""
    times: list[float] = []
    waiting: Iterator[_Job] = iter(jobs)
    guard = threading.Lock()

    def work(send: Callable[[_Job], None]) -> None:
        while True:
            with guard:
                job = next(waiting, None)
            if job is None:
                return
            started = time.perf_counter()
            send(job)
            times.append(time.perf_counter() - started)

    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(send,)) for send in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - started
    assert len(times) == len(jobs), "a phone gave up"
    return len(jobs) / taken, quantiles(times[WARM_UP:], n=20)[18] * 1000


def _phone(made: Office) -> Callable[[_Job], None]:
    browser, device, seq = Browser(8763), str(uuid.uuid4()), iter(range(1, 10_000))
    browser.sign_in()

    def send(job: _Job) -> None:
        group_id, members, held_on = job
        command = {
            "id": str(uuid.uuid4()),
            "owner": str(made.actor.user_id),
            "kind": "attendance",
            "device": device,
            "seq": next(seq),
            "made_at": datetime.now(UTC).isoformat(),
            "body": {
                "group": str(group_id),
                "held_on": held_on.isoformat(),
                "base_version": 0,
                "head": {
                    "lessons": [5],
                    "topic": "",
                    "starts_at": "09:00",
                    "ends_at": "11:00",
                    "place": "Balai",
                },
                "marks": {short_id(each): ["present", "good", "", ""] for each in members},
            },
        }
        (answer,) = browser.send([command])
        assert answer["outcome"] == "applied", answer

    return send


def _driver(made: Office, address: str) -> Callable[[_Job], None]:
    connection = psycopg.connect(address)

    def send(job: _Job) -> None:
        group_id, members, held_on = job
        rows = Rows.of(made, group_id, members, held_on)
        with connection.transaction(), connection.cursor() as cursor:
            with_values(connection, rows)
            _write_claim_and_receipt(cursor, rows)

    return send


def _write_claim_and_receipt(cursor: psycopg.Cursor[Any], rows: Rows) -> None:
    command, device = uuid.uuid4(), uuid.uuid4()
    mark = {"presence": "present", "understanding": "good", "note": ""}
    cursor.execute(
        "INSERT INTO register_claim (area_id, meeting_id, id, device_id, seq, base_version,"
        " version, head, marks, said_by, said_by_name, received_at)"
        " VALUES (%s, %s, %s, %s, 1, 0, 1, %s, %s, %s, %s, %s)",
        (rows.area_id, rows.meeting_id, command, device, Jsonb({"place": "Balai"}),
         Jsonb({str(each): mark for each in rows.households}), rows.user_id, rows.name, rows.now),
        prepare=True,
    )  # fmt: skip
    cursor.execute(
        "INSERT INTO sync_receipt (area_id, owner_id, id, kind, device_id, seq, digest, outcome,"
        " message, details, made_at, received_at)"
        " VALUES (%s, %s, %s, 'attendance', %s, 1, %s, 'applied', '', %s, %s, %s)",
        (rows.area_id, rows.user_id, command, device, "0" * 64, Jsonb({"version": 1}), rows.now,
         rows.now),
        prepare=True,
    )  # fmt: skip
