"""One person's programs cannot take the server from everybody else, and nobody is hurt by it who
works."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.core.transaction import transaction
from casework.offline import paces
from casework.offline.models import SyncReceipt
from casework.web.pace import Pace
from tests.factories.accounts import UserFactory, actor_for
from tests.fixtures.statements import Statements
from tests.meetings.conftest import Arranged, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send

#: Groups times meetings, visits and checks of the largest caseload in a week, taken generously.
A_WEEK = 300


class Still:
    """A clock that goes when it is told to."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Still:
    """Both allowances as in service, whole, and no time passes."""
    clock = Still()
    for name in ("SENDING", "FETCHING"):
        given = getattr(paces, name)
        fresh = Pace(given.name, most=given.most, a_second=given.a_second, now=clock)
        monkeypatch.setattr(paces, name, fresh)
    return clock


@pytest.fixture
def her(app: Flask, melati: Arranged) -> FlaskClient:
    return browser_of(app, melati.actor)


def test_a_week_of_work_passes_at_once_also_one_by_one(still: Still, melati: Arranged) -> None:
    for size in (50, 1):
        still.at += 3600
        for _sending in range(A_WEEK // size):
            paces.SENDING.spend(melati.actor, paces.A_SENDING + size)


def test_a_phone_that_sends_for_ever_is_told_to_wait_and_loses_nothing(
    still: Still, her: FlaskClient, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces.SENDING, "most", 12)
    phone = Phone(melati.actor)
    command = phone.everybody(melati)
    assert [send(her, command).status_code for _ in range(2)] == [200, 200]
    answer = send(her, phone.observation(melati.households[0]))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert answer.json["error"]["code"] == "pace"
    assert len(rows(SyncReceipt)) == 1
    still.at += 1
    assert outcomes(send(her, phone.observation(melati.households[0]))) == ["applied"]


def test_many_behind_one_address_do_not_hurt_each_other(
    still: Still, app: Flask, her: FlaskClient, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces.SENDING, "most", 5)
    with transaction():
        colleague = actor_for(UserFactory())
    assert send(her, Phone(melati.actor).everybody(melati)).status_code == 200
    assert send(her, Phone(melati.actor).everybody(melati)).status_code == 429
    theirs = Phone(colleague).observation(melati.households[0])
    assert send(browser_of(app, colleague), theirs).status_code == 200


@pytest.mark.parametrize("address", ["/bundle", "/sync/key"])
def test_fetching_for_ever_is_told_to_wait_too(
    still: Still, her: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces.FETCHING, "most", 2)
    assert [her.get(address).status_code for _ in range(3)] == [200, 200, 429]
    answer = her.get(address, headers={"Accept": "application/json"})
    assert answer.json["error"]["code"] == "pace"
    assert answer.headers["Retry-After"] == "1"


def test_it_costs_no_statement(
    still: Still,
    her: FlaskClient,
    melati: Arranged,
    statements: Statements,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = Phone(melati.actor)

    def cost() -> int:
        statements.reset()
        send(her, phone.observation(melati.households[0]))
        return statements.count

    counted = cost()
    monkeypatch.setattr(Pace, "spend", lambda *_args: None)
    assert counted == cost()
