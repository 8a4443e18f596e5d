"""Approvals in one regency by sixteen processes at once, through the product's own action on
PostgreSQL: how many a second with both tallies, beside the same action with the ledger alone; and
whether all of it is exact. Then fifty threads decide on the same two hundred nominations.
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import threading
import time
import uuid
from collections import Counter
from contextvars import copy_context
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text

from benchmarks._office import line
from casework import create_app
from casework.access.actor import Actor
from casework.accounts.models import User
from casework.core.db import Base, TableKind, db
from casework.core.errors import CaseworkError
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus, Step
from casework.ledger import actions as ledger
from casework.ledger.models import LedgerEntry, MonthTally, Tally
from tests.databases import DURABLE_SETTINGS, postgresql
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.graduation import REASON, Cast, cast, nominate
from tests.fixtures.application import settings

PROCESSES = 16
#: Of each round: of both ways in turn, so that a machine that drifts favours neither.
NOMINATIONS, ROUNDS = 320, 3
THREADS, CONTESTED = 50, 200
GOAL = 0.8

#: Columns that tell one family's rows from another's.
_OWN_KEYS = ("household_id", "nomination_id", "evidence_id")


def main() -> bool:
    with postgresql("approvals", DURABLE_SETTINGS) as server, tempfile.TemporaryDirectory() as data:
        given = settings(server.create_database("approvals"), Path(data))
        given["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": THREADS}
        app = create_app(given)
        with app.app_context():
            db.create_all()
            people = cast()
            nominate(people, NominationStatus.SUBMITTED)
            with transaction():
                deciders = [UserFactory(supervisor=True).username for _ in range(PROCESSES)]
            ids = _copies(people, 2 * ROUNDS * NOMINATIONS + CONTESTED)
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
            area_id = people.household.area_id
            db.session.remove()
            rounds = [
                (number % 2 == 0, ids[number * NOMINATIONS : (number + 1) * NOMINATIONS])
                for number in range(2 * ROUNDS)
            ]
            seconds = _at_once(given, deciders, rounds)
            counted = [each for is_counted, share in rounds if is_counted for each in share]
            ids = ids[2 * ROUNDS * NOMINATIONS :]
            whole, alone = (ROUNDS * NOMINATIONS / seconds[each] for each in (True, False))
            print(f"{whole:.0f} approvals a second, {alone:.0f} with the ledger alone")
            reached = [line("ledger alone / approvals with tally", alone / whole, 1 / GOAL)]
            reached.append(_is_exact(area_id, counted))
            reached.append(_one_decision_each(app, area_id, deciders, ids))
            db.session.remove()
            db.engine.dispose()
        return all(reached)


def _copies(people: Cast, number: int) -> list[uuid.UUID]:
    """So many more families with the same nomination; each of the supervisors has opened all."""
    with transaction() as session:
        for table in Base.metadata.sorted_tables:
            names = [column.name for column in table.columns]
            is_household = table.name == "household"
            of_a_family = is_household or "household_id" in names or "nomination_id" in names
            if table.info["kind"] != TableKind.DISTRIBUTED.value or not of_a_family:
                continue
            own = {*_OWN_KEYS, "id"}
            values = ", ".join(
                f"md5({name}::text || copy)::uuid" if name in own else name for name in names
            )
            session.execute(
                text(
                    f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values}"
                    f" FROM {table.name}, generate_series(1, {number}) AS copy"
                )
            )
        session.execute(
            text(
                "INSERT INTO evidence_opening"
                " (area_id, nomination_id, evidence_id, opened_by, opened_at)"
                " SELECT area_id, nomination_id, evidence.id, person.id, now()"
                " FROM evidence, user_account AS person WHERE person.role = 'supervisor'"
                " AND evidence.removed_at IS NULL ON CONFLICT DO NOTHING"
            )
        )
        # The list of what was sent names the copies.
        session.execute(
            text(
                "UPDATE nomination SET readiness = jsonb_set(readiness, '{files}', ("
                "SELECT jsonb_agg(jsonb_build_object('id', id::text, 'kind', kind,"
                " 'sha256', encode(sha256, 'hex')) ORDER BY id)"
                " FROM evidence WHERE evidence.area_id = nomination.area_id"
                " AND evidence.nomination_id = nomination.id AND removed_at IS NULL))"
            )
        )
        of_family = Nomination.household_id != people.household.id
        return list(session.scalars(select(Nomination.id).where(of_family).order_by(Nomination.id)))


#: Whether the tallies are written, and the nominations.
Round = tuple[bool, list[uuid.UUID]]


def _at_once(given: dict[str, Any], deciders: list[str], rounds: list[Round]) -> Counter[bool]:
    """Seconds of either way, each round from its first to its last decision."""
    context = multiprocessing.get_context("spawn")
    start, times = context.Barrier(PROCESSES), context.Queue()
    workers = [
        context.Process(
            target=_decide_all,
            args=(
                given,
                username,
                [(is_counted, ids[number::PROCESSES]) for is_counted, ids in rounds],
                start,
                times,
            ),
        )
        for number, username in enumerate(deciders)
    ]
    for worker in workers:
        worker.start()
    found = [times.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join()
    seconds: Counter[bool] = Counter()
    for (is_counted, _ids), told in zip(rounds, zip(*found, strict=True), strict=True):
        seconds[is_counted] += max(end for _began, end in told) - min(began for began, _ in told)
    return seconds


def _decide_all(
    given: dict[str, Any], username: str, rounds: list[Round], start: Any, times: Any
) -> None:
    """In a process of its own."""
    app = create_app(given)
    with_tally, told = ledger._add, []
    with app.app_context():
        actor = _actor(username)
        _ready(actor, rounds[0][1][0])
        for is_counted, ids in rounds:
            ledger._add = with_tally if is_counted else lambda *_given: None
            start.wait()
            began = time.monotonic()
            for nomination_id in ids:
                _approve(actor, nomination_id)
            told.append((began, time.monotonic()))
        times.put(told)
        db.session.remove()
        db.engine.dispose()


def _actor(username: str) -> Actor:
    return actor_for(db.session.scalars(select(User).where(User.username == username)).one())


def _ready(actor: Actor, nomination_id: uuid.UUID) -> None:
    """What a process works out once is no part of a decision."""
    db.session.rollback()
    try:
        with transaction():
            _act(actor, nomination_id)
            raise InterruptedError
    except InterruptedError:
        db.session.remove()


def _approve(actor: Actor, nomination_id: uuid.UUID) -> None:
    with transaction():
        _act(actor, nomination_id)


def _act(actor: Actor, nomination_id: uuid.UUID) -> None:
    # That of a nomination which was sent once.
    version = db.session.scalars(
        select(Nomination.version).where(Nomination.id == nomination_id)
    ).one()
    actions.decide(actor, nomination_id, actions.Decision(Step.APPROVE, REASON, version))


def _is_exact(area_id: int, counted: list[uuid.UUID]) -> bool:
    approved = db.session.scalar(
        select(func.count())
        .select_from(Nomination)
        .where(Nomination.id.in_(counted), Nomination.status == NominationStatus.APPROVED)
    )
    entered = db.session.scalar(
        select(func.sum(LedgerEntry.amount)).where(LedgerEntry.nomination_id.in_(counted))
    )
    tallies = [
        db.session.scalar(select(func.sum(tally.counted)).where(tally.area_id == area_id))
        for tally in (Tally, MonthTally)
    ]
    print(
        f"{len(counted)} decided: {approved} approved, {entered} in the ledger, {tallies} tallied"
    )
    return {approved, entered, *tallies} == {len(counted)}


def _one_decision_each(app: Flask, area_id: int, deciders: list[str], ids: list[uuid.UUID]) -> bool:
    """Every thread tries all of them, in an order of its own."""
    before = _entered(area_id)
    start = threading.Barrier(THREADS, timeout=60)
    answers: list[Counter[str]] = [Counter() for _ in range(THREADS)]

    def decide(number: int) -> None:
        told = answers[number]
        with app.app_context():
            actor = _actor(deciders[number % PROCESSES])
            db.session.rollback()
            mine = random.Random(number).sample(ids, len(ids))
            start.wait()
            for nomination_id in mine:
                try:
                    _approve(actor, nomination_id)
                    told["approved"] += 1
                except CaseworkError as error:
                    told[type(error).__name__] += 1
                db.session.rollback()
            db.session.remove()

    threads = [
        threading.Thread(target=copy_context().run, args=(decide, number))
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = sum(answers, Counter())
    tries = ", ".join(f"{number} {what}" for what, number in sorted(told.items()))
    print(f"{THREADS} threads on {len(ids)} nominations: {tries}")
    return told["approved"] == len(ids) == _entered(area_id) - before and told.total() == (
        THREADS * len(ids)
    )


def _entered(area_id: int) -> int:
    db.session.rollback()
    return (
        db.session.scalar(
            select(func.sum(LedgerEntry.amount)).where(LedgerEntry.area_id == area_id)
        )
        or 0
    )
