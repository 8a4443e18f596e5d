"""One facilitator with groups and a year of meetings, on PostgreSQL, served by one worker.

The tables are those of the models; the year is recorded through the product's own actions.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from flask import Flask

from casework import create_app
from casework.access.actor import Actor
from casework.accounts.actions.sign_in import begin_session
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.households.models import Membership
from casework.meetings.actions.record import record_meeting
from casework.meetings.rules import Mark, Presence, Understanding
from tests.databases import postgresql
from tests.factories.accounts import PASSWORD, UserFactory, actor_for
from tests.factories.households import group_with
from tests.fixtures.application import FreshContextClient, settings

ROOT = Path(__file__).parent.parent
MONTHS = 12


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
    with postgresql("bench") as server, tempfile.TemporaryDirectory() as data:
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


class Browser:
    """One signed-in client on one kept-open connection to one gunicorn worker."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> bytes:
        status, body = self._send("GET", path)
        assert status == 200, f"{path}: {status}"
        return body

    def post(self, path: str, fields: list[tuple[str, str]]) -> int:
        status, _body = self._send("POST", path, urlencode(fields))
        return status

    def sign_in(self) -> None:
        token = self.token("/login")
        fields = [("csrf_token", token), ("username", "bench"), ("password", PASSWORD)]
        assert self.post("/login", fields) == 302

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).decode())
        assert found
        return found[1]

    def _send(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        return response.status, response.read()


@contextmanager
def served(made: Office, port: int = 8763) -> Iterator[Browser]:
    """The product behind one gunicorn worker, and a browser signed in to it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-w", "1", "-k", "gthread", "--threads", "1",
         "--keep-alive", "30", "-b", f"127.0.0.1:{port}", "--log-level", "warning", "wsgi:app"],
        cwd=ROOT,
        env=made.environment,
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
        browser = Browser(port)
        try:
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


def line(what: str, measured: float, goal: float, unit: str = "") -> bool:
    """One printed figure beside its goal; whether the goal was reached."""
    reached = measured <= goal
    print(f"{what}: {measured:.2f}{unit} (goal <= {goal:g}{unit}) {'ok' if reached else 'MISSED'}")
    return reached
