"""One facilitator with groups and a year of meetings, on PostgreSQL, served by one worker.

The tables are those of the models; the year is recorded through the product's own actions.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from casework import create_app
from casework.access.actor import Actor
from casework.accounts.actions.sign_in import begin_session
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.households.models import Group, Household, Membership
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Attendance, Meeting
from casework.meetings.rules import Mark, Presence, Understanding
from casework.readiness.models import Readiness
from tests.databases import DURABLE_SETTINGS, postgresql
from tests.factories.accounts import PASSWORD, UserFactory, actor_for
from tests.factories.households import group_with
from tests.fixtures.application import FreshContextClient, settings

ROOT = Path(__file__).parent.parent
MONTHS = 12
#: Groups that the regency has in all: 15,000 families where each has 30.
REGENCY = 500


@dataclass
class Office:
    app: Flask
    database_url: str
    environment: dict[str, str]
    actor: Actor
    #: group -> its households.
    groups: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=dict)


@contextmanager
def office(*, groups: int, households: int = 30) -> Iterator[Office]:
    with postgresql("bench", DURABLE_SETTINGS) as server, tempfile.TemporaryDirectory() as data:
        url = server.create_database("office")
        given = settings(url, Path(data))
        app = create_app(given)
        app.test_client_class = FreshContextClient
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DATA_DIR": data,
            "SECRET_KEY": given["SECRET_KEY"],
            "CASEWORK_KEYS": given["CASEWORK_KEYS"],
            "COOKIE_SECURE": "0",
        }
        with app.app_context():
            db.create_all()
            made = _fill(app, url, environment, groups, households)
            _add_neighbours(REGENCY // groups - 1)
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
            db.session.remove()
            yield made
            db.session.remove()
            db.engine.dispose()


def _fill(
    app: Flask, url: str, environment: dict[str, str], groups: int, households: int
) -> Office:
    with transaction() as session:
        user = UserFactory(username="bench", with_password=True)
        ids = [group_with(user, households).id for _ in range(groups)]
        session.flush()
        actor = actor_for(user)
    made = Office(app, url, environment, actor)
    for group_id in ids:
        made.groups[group_id] = list(
            db.session.scalars(db.select(Membership.household_id).filter_by(group_id=group_id))
        )
    today = clock.today(actor.time_zone)
    for month in range(MONTHS, 0, -1):
        # Two months back at the latest, so that this month and the last one stay free.
        day = today - timedelta(days=40 + 30 * month)
        with clock.at(datetime(day.year, day.month, day.day, 4, tzinfo=UTC)):
            for group_id, members in made.groups.items():
                _meet(actor, group_id, members, day, month)
        if month == MONTHS:
            # Nobody else does it here, and a planner that takes tables for empty takes minutes.
            with transaction() as session:
                session.execute(db.text("ANALYZE"))
    return made


#: Of the tables that make up the rest of the regency.
_OWN_KEYS = ("id", "household_id", "group_id", "meeting_id")


def _add_neighbours(times: int) -> None:
    """The rest of the regency: the same families, groups and year, over and over, in nobody's
    care. In a table of nine thousand marks a planner reads them all rather than use the key."""
    anew = {
        **{key: f"md5({key}::text || copy)::uuid" for key in _OWN_KEYS},
        "name": "name || ' of ' || copy",
    }
    with transaction() as session:
        for model in (Household, Group, Membership, Meeting, Attendance, Readiness):
            table = model.__tablename__
            names = [column.name for column in model.__table__.columns]
            values = ", ".join(anew.get(name, name) for name in names)
            session.execute(
                db.text(
                    f"INSERT INTO {table} ({', '.join(names)}) SELECT {values}"
                    f" FROM {table}, generate_series(1, {times}) AS copy"
                )
            )


def _meet(
    actor: Actor, group_id: uuid.UUID, members: list[uuid.UUID], day: date, month: int
) -> None:
    marks = {
        household: Mark(Presence.ABSENT, Understanding.NOT_ASSESSABLE)
        if (number + month) % 6 == 0
        else Mark(Presence.PRESENT, Understanding.GOOD)
        for number, household in enumerate(members)
    }
    with transaction():
        record_meeting(actor, group_id, held_on=day, lessons=(MONTHS + 1 - month,), marks=marks)


#: What a phone's outbox says of itself.
OUTBOX = "X-Outbox: 1\r\nSec-Fetch-Site: same-origin\r\nAccept: application/json\r\n"


class Browser:
    """One signed-in client on one kept-open connection to one gunicorn worker.

    It reads and writes the socket itself: the standard library's client takes as long as a
    small page.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._cookies: dict[bytes, bytes] = {}

    def get(self, path: str) -> bytes:
        status, body = self._send("GET", path)
        assert status == 200, f"{path}: {status}"
        return body

    def post(self, path: str, fields: list[tuple[str, str]]) -> int:
        status, _body = self._send("POST", path, urlencode(fields))
        return status

    def send(self, commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """To /sync, as the outbox of a phone does; gives the answers."""
        status, body = self._send(
            "POST", "/sync", json.dumps({"commands": commands}), OUTBOX, "application/json"
        )
        assert status == 200, body
        answers: list[dict[str, Any]] = json.loads(body)["answers"]
        return answers

    def sign_in(self) -> None:
        token = self.token("/login")
        fields = [("csrf_token", token), ("username", "bench"), ("password", PASSWORD)]
        assert self.post("/login", fields) == 302

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).decode())
        assert found
        return found[1]

    def _send(
        self,
        method: str,
        path: str,
        form: str | None = None,
        more: str = "",
        content_type: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, bytes]:
        cookies = b"; ".join(b"=".join(each) for each in self._cookies.items()).decode()
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n{more}"
        if form is not None:
            head += f"Content-Type: {content_type}\r\n"
            head += f"Content-Length: {len(form)}\r\n"
        self._socket.sendall(f"{head}\r\n{form or ''}".encode())
        return self._received()

    def _received(self) -> tuple[int, bytes]:
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        status, *headers = head.split(b"\r\n")
        length = 0
        for name, _, value in (each.partition(b": ") for each in headers):
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"set-cookie":
                key, _, rest = value.partition(b"=")
                self._cookies[key] = rest.partition(b";")[0]
        while len(body) < length:
            body += self._more()
        return int(status.split()[1]), body

    def _more(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("the server hung up")
        return received


@contextmanager
def served(made: Office, port: int = 8763, workers: int = 1) -> Iterator[Browser]:
    """The product as it is served, by so many workers, and a browser signed in to it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--keep-alive", "30",
         "--log-level", "warning", "wsgi:app"],
        cwd=ROOT,
        env=made.environment | {"WEB_CONCURRENCY": str(workers), "PORT": str(port)},
    )  # fmt: skip
    try:
        browser = _connected(port)
        browser.sign_in()
        yield browser
    finally:
        server.terminate()
        server.wait(20)


def _connected(port: int) -> Browser:
    deadline = time.monotonic() + 30
    while True:
        try:
            browser = Browser(port)
            browser.get("/login")
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return browser


def in_process(made: Office) -> object:
    """A test client signed in as the facilitator, for counting statements."""
    client = made.app.test_client()
    with transaction():
        token = begin_session(made.actor, "a benchmark")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
        cookie["seen"] = int(clock.now().timestamp())
    return client


def p50(seconds: list[float]) -> float:
    """Milliseconds."""
    return median(seconds) * 1000


def milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def line(what: str, measured: float, goal: float, unit: str = "") -> bool:
    """One printed figure beside its goal; whether the goal was reached."""
    reached = measured <= goal
    print(f"{what}: {measured:.2f}{unit} (goal <= {goal:g}{unit}) {'ok' if reached else 'MISSED'}")
    return reached
