"""Sixteen facilitators save registers into one SQLite file at once, while others read sheets.

Each writer and each reader is a process with an application of its own, as the workers of
gunicorn are. A writer saves by the product's `record_meeting` in `transaction()`, with
readiness and trail. Its groups have met for a year; it goes round them and saves this month's
register, first a new one, in later rounds a correction of all 30 marks. So every save looks
back on as many meetings as the last one, however long this runs; a correction writes 30 rows
more than a new register does.

Saves are paced, 120 a second in all, each at a moment of chance within its turn, for people do
not press in step. One that is late begins at once. If the machine cannot keep the pace, the
saves a second say so, and the share of the processors beside them says why.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import random
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import func, select

from benchmarks._office import line
from casework import create_app
from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.households.models import Membership
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Meeting
from casework.meetings.queries.register import register
from casework.meetings.rules import Mark, Presence, Understanding
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import group_with
from tests.fixtures.application import close, settings

WRITERS, READERS = 16, 4
GROUPS, FAMILIES = 12, 30
MONTHS_BEFORE = 12
#: Of all readers together.
SHEETS_A_SECOND = 100

GOAL_PACE = 120
GOAL_RATIO = 10
GOAL_WAL = 128
#: A run does not end with a whole turn of every writer.
KEPT = 0.98

#: Each save moves every family on by one, so that no mark stays as it was.
MARKS = (
    Mark(Presence.PRESENT, Understanding.GOOD),
    Mark(Presence.PRESENT, Understanding.VERY_GOOD),
    Mark(Presence.PRESENT, Understanding.POOR),
    Mark(Presence.ABSENT, Understanding.NOT_ASSESSABLE),
)

FIRST_DAY = date(2026, 1, 5)
MONTH = timedelta(days=30)
#: Between two looks at the -wal file.
LOOK_SECONDS = 0.02

# Forked, so that twenty processes do not import everything anew; no connection is open then.
_processes = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Person:
    actor: Actor
    #: group -> its households.
    groups: dict[uuid.UUID, list[uuid.UUID]]


@dataclass(slots=True)
class Done:
    """What one process did, in seconds."""

    saves: list[float] = field(default_factory=list)
    #: Of each save, until it had the file for itself.
    waits: list[float] = field(default_factory=list)
    sheets: list[float] = field(default_factory=list)
    processor: float = 0
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, other: Done) -> None:
        self.saves += other.saves
        self.waits += other.waits
        self.sheets += other.sheets
        self.processor += other.processor
        self.errors += other.errors


@dataclass(frozen=True, slots=True)
class Turns:
    """One's own share of the pace."""

    each: float
    altogether: float

    def come(self) -> Iterator[int]:
        """Waits for a moment within each turn; not at all where that moment has passed."""
        chance = random.Random(os.getpid())
        began = time.monotonic()
        for turn in itertools.count():
            due = began + (turn + chance.random()) * self.each
            time.sleep(max(0, due - time.monotonic()))
            if time.monotonic() > began + self.altogether:
                return
            yield turn


def main(*options: str) -> bool:
    parser = argparse.ArgumentParser(prog="python -m benchmarks sqlite_writers")
    parser.add_argument("--minutes", type=float, default=1, help="1; the goal speaks of 10")
    parser.add_argument("--pace", type=float, default=GOAL_PACE, help="saves a second in all")
    wanted = parser.parse_args(options)
    pace, seconds = wanted.pace, wanted.minutes * 60
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "office.sqlite3"
        given = settings(f"sqlite:///{file}", Path(directory))
        people = _fill(given)
        done, largest = _run(given, people, Path(f"{file}-wal"), pace, seconds)
        stored = _saves_stored(given) - WRITERS * GROUPS * MONTHS_BEFORE
    return _report(done, largest, stored, pace, seconds)


def _fill(given: dict[str, Any]) -> list[Person]:
    with _application(given):
        db.create_all()
        with transaction():
            users = [UserFactory() for _ in range(WRITERS)]
            groups = [[group_with(user, FAMILIES).id for _ in range(GROUPS)] for user in users]
            actors = [actor_for(user) for user in users]
        members: dict[uuid.UUID, list[uuid.UUID]] = {}
        belongs = select(Membership.group_id, Membership.household_id)
        for group_id, household in db.session.execute(belongs):
            members.setdefault(group_id, []).append(household)
    return [
        Person(actor, {group_id: members[group_id] for group_id in own})
        for actor, own in zip(actors, groups, strict=True)
    ]


def _saves_stored(given: dict[str, Any]) -> int:
    """A save adds one to the version of its meeting."""
    with _application(given):
        return db.session.scalars(select(func.sum(Meeting.version))).one()


@contextmanager
def _application(given: dict[str, Any]) -> Iterator[None]:
    app = create_app(given)
    with app.app_context():
        yield
        db.session.remove()
    close(app)


def _run(
    given: dict[str, Any], people: list[Person], wal: Path, pace: float, seconds: float
) -> tuple[Done, int]:
    """What all did together, and the most bytes that the -wal file ever had."""
    ready: Barrier = _processes.Barrier(WRITERS + READERS + 1)
    results: Queue[Done] = _processes.Queue()
    saves, sheets = Turns(WRITERS / pace, seconds), Turns(READERS / SHEETS_A_SECOND, seconds)
    jobs: list[tuple[Callable[..., None], Person, Turns]] = [
        *((_write, person, saves) for person in people),
        *((_read, person, sheets) for person in people[:READERS]),
    ]
    processes = [
        _processes.Process(target=job, args=(given, person, turns, ready, results), daemon=True)
        for job, person, turns in jobs
    ]
    for process in processes:
        process.start()
    ready.wait()
    end = time.monotonic() + seconds
    largest = 0
    while time.monotonic() < end:
        largest = max(largest, wal.stat().st_size)
        time.sleep(LOOK_SECONDS)
    done = Done()
    for _process in processes:
        done.add(results.get(timeout=120))
    for process in processes:
        process.join()
    return done, largest


def _write(
    given: dict[str, Any], person: Person, turns: Turns, ready: Barrier, results: Queue[Done]
) -> None:
    done, past, meetings = Done(), Done(), _meetings_of(person)
    with _application(given):
        for _meeting in range(GROUPS * MONTHS_BEFORE):
            _save(person.actor, next(meetings), past)
        ready.wait()
        with _processor(done):
            for _turn in turns.come():
                _save(person.actor, next(meetings), done)
    done.errors += past.errors
    results.put(done)


def _meetings_of(person: Person) -> Iterator[dict[str, Any]]:
    """What is saved next: a year of every group, then this month over and over."""
    for month in itertools.count():
        held_on = FIRST_DAY + min(month, MONTHS_BEFORE) * MONTH
        for group_id, members in person.groups.items():
            yield {
                "group_id": group_id,
                "held_on": held_on,
                "lessons": (min(month, MONTHS_BEFORE) % 12 + 1,),
                "marks": {
                    household: MARKS[(number + month) % len(MARKS)]
                    for number, household in enumerate(members)
                },
                "base_version": max(0, month - MONTHS_BEFORE),
            }


def _save(actor: Actor, meeting: dict[str, Any], done: Done) -> None:
    day = meeting["held_on"]
    with clock.at(datetime(day.year, day.month, day.day, 4, tzinfo=UTC)):
        started = time.perf_counter()
        try:
            with transaction():
                waited = time.perf_counter() - started
                record_meeting(actor, **meeting)
        except Exception as error:  # whatever it is, it is counted
            done.errors[f"{type(error).__name__}: {error.__cause__ or error}"] += 1
        else:
            done.saves.append(time.perf_counter() - started)
            done.waits.append(waited)
    db.session.remove()  # as at the end of a request


def _read(
    given: dict[str, Any], person: Person, turns: Turns, ready: Barrier, results: Queue[Done]
) -> None:
    done, groups = Done(), list(person.groups)
    with _application(given):
        ready.wait()
        with _processor(done):
            for turn in turns.come():
                started = time.perf_counter()
                try:
                    register(person.actor, groups[turn % GROUPS], FIRST_DAY)
                except Exception as error:  # whatever it is, it is counted
                    done.errors[f"reading, {type(error).__name__}: {error}"] += 1
                else:
                    done.sheets.append(time.perf_counter() - started)
                db.session.remove()
    results.put(done)


@contextmanager
def _processor(done: Done) -> Iterator[None]:
    before = time.process_time()
    yield
    done.processor = time.process_time() - before


def _report(done: Done, largest: int, stored: int, pace: float, seconds: float) -> bool:
    processors = os.cpu_count() or 1
    share = done.processor / seconds / processors
    print(
        f"{WRITERS} writers and {READERS} readers for {seconds:.0f} s"
        f" took {share:.0%} of {processors} processors"
    )
    for error, number in done.errors.most_common(10):
        print(f"  {number} x {error}")
    half, slow = _milliseconds(done.saves)
    print(f"save of {FAMILIES}: p50 {half:.1f} ms, p95 {slow:.1f} ms", end="")
    print(f", at most {max(done.saves) * 1000:.0f} ms", end="; ")
    print(
        "of it waiting for its turn p50 {:.1f} ms, p95 {:.1f} ms".format(*_milliseconds(done.waits))
    )
    print("sheet: {:.0f} a second, p50 {:.1f} ms, p95 {:.1f} ms".format(
        len(done.sheets) / seconds, *_milliseconds(done.sheets)
    ))  # fmt: skip
    came = len(done.saves) / seconds
    kept = came >= KEPT * pace
    print(f"saves a second: {came:.1f} (goal {pace:g}) {'ok' if kept else 'MISSED'}")
    reached = [
        kept,
        line("errors", sum(done.errors.values()), 0),
        line("saves acknowledged and not stored", abs(stored - len(done.saves)), 0),
        line("p95 / p50 of a save", slow / half, GOAL_RATIO),
        line("largest -wal file", largest / 2**20, GOAL_WAL, " MB"),
    ]
    return all(reached)


def _milliseconds(seconds: list[float]) -> tuple[float, float]:
    """p50 and p95."""
    twentieths = quantiles(seconds, n=20)
    return twentieths[9] * 1000, twentieths[18] * 1000
