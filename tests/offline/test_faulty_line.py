"""Phones send through a line that fails, to a server that is killed: nothing is lost, nothing
is done twice, and what was acknowledged is there."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from casework.accounts.models import User
from casework.core.db import db
from casework.meetings.models import RegisterClaim
from casework.offline.models import SyncReceipt
from casework.readiness.models import ReadinessCheck
from tests.factories.accounts import sign_in
from tests.fault_proxy import PATIENCE, Fault, FaultProxy, fault_proxy
from tests.meetings.conftest import Arranged, arrange, rows
from tests.offline.conftest import HEADERS, Phone
from tests.product_server import Server, product_server

TIMES_KILLED = 2


class Sender:
    """A phone's outbox, as far as it matters here: a command leaves with a receipt that names
    it, and not otherwise."""

    def __init__(self, app: Flask, group: Arranged, port: int) -> None:
        client = app.test_client()
        sign_in(client, db.session.get(User, group.actor.user_id))
        cookie = client.get_cookie("casework")
        assert cookie is not None
        self._headers = HEADERS | {
            "Cookie": f"casework={cookie.value}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Connection": "close",
        }
        self._port = port
        self.waiting: list[dict[str, Any]] = []
        self.received: set[str] = set()

    def send(self) -> None:
        text = json.dumps({"commands": self.waiting[:10]})
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            line.request("POST", "/sync", text, self._headers)
            answer = line.getresponse()
            told = json.loads(answer.read())["answers"]
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return
        finally:
            line.close()
        self.received |= {each["id"] for each in told if each["outcome"] == "applied"}
        self.waiting = [each for each in self.waiting if each["id"] not in self.received]

    def send_all(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while self.waiting:
            assert time.monotonic() < until, f"still on the phone: {len(self.waiting)}"
            self.send()
            time.sleep(0.05)


@pytest.fixture
def app(own_app: Flask) -> Iterator[Flask]:
    """A database of its own, for processes of their own write into it; by the real clock."""
    with own_app.app_context():
        yield own_app


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    with product_server(app) as server:
        yield server


@pytest.fixture
def line(server: Server) -> Iterator[FaultProxy]:
    with fault_proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def noon() -> None:
    """Not here: the server's processes have the real clock."""


def commands(group: Arranged) -> list[dict[str, Any]]:
    """Readiness checks, of which each that is carried out leaves a row of its own."""
    phone = Phone(group.actor)
    long_ago = {"answered_on": "2026-01-05"}
    made = [
        phone.readiness(family, family_is_ready=bool(number % 2))
        for family in group.households
        for number in range(4)
    ]
    for each in made:
        each["body"] |= long_ago
    return made


def check_each_is_done_once(wanted: list[dict[str, Any]]) -> None:
    ids = {each["id"] for each in wanted}
    assert {str(each.id) for each in rows(SyncReceipt)} == ids
    assert len(rows(ReadinessCheck)) == len(ids)
    assert rows(RegisterClaim) == []


@pytest.mark.timeout(240)
def test_over_a_line_that_fails_in_every_way_each_command_is_done_once(
    app: Flask, line: FaultProxy
) -> None:
    group = arrange(name="Melati", households=4)
    sender = Sender(app, group, line.port)
    wanted = commands(group)
    chance = random.Random(7)
    ways = list(Fault) * 2
    chance.shuffle(ways)
    for command, way in zip(wanted, ways, strict=True):
        sender.waiting.append(command)
        line.fault = way
        sender.send()
    line.fault = Fault.NONE
    sender.send_all()
    assert sender.received == {each["id"] for each in wanted}
    check_each_is_done_once(wanted)


@pytest.mark.timeout(240)
def test_a_server_that_is_killed_forgets_nothing_it_has_acknowledged(
    app: Flask, server: Server
) -> None:
    group = arrange(name="Melati", households=5)
    sender = Sender(app, group, server.port)
    wanted = commands(group)
    chance = random.Random(11)
    share = len(wanted) // TIMES_KILLED + 1
    for at in range(0, len(wanted), share):
        sender.waiting += wanted[at : at + share]
        killing = threading.Timer(chance.uniform(0.01, 0.4), server.kill)
        server.await_answer()
        killing.start()
        while sender.waiting and killing.is_alive():
            sender.send()
        killing.join()
        assert sender.received <= {str(each.id) for each in rows(SyncReceipt)}
        server.start()
    sender.send_all()
    check_each_is_done_once(wanted)
