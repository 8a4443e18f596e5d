"""The same commands from two tabs, two workers, or a phone that got no answer: one effect each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.core.db import db
from casework.meetings.models import Attendance, RegisterClaim
from casework.offline.models import SyncReceipt
from casework.offline.views import sync
from casework.readiness.models import ReadinessCheck
from tests.meetings.conftest import Arranged, arrange, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send

TIMES = 4


def at_once(
    monkeypatch: pytest.MonkeyPatch, clients: Sequence[FlaskClient], *commands: Any
) -> list[str]:
    """Send them from each browser, all having looked for receipts before any has one."""
    looked = threading.Barrier(len(clients), timeout=20)
    found: list[str] = []
    first = threading.local()

    def receipts(*args: Any) -> Any:
        answer = real(*args)
        db.session.rollback()
        if not getattr(first, "done", False):
            first.done = True
            looked.wait()
        return answer

    real = sync.receipts_and_epoch
    monkeypatch.setattr(sync, "receipts_and_epoch", receipts)
    threads = [
        threading.Thread(
            target=copy_context().run,
            args=(lambda each: found.extend(outcomes(send(each, *commands))), client),
        )
        for client in clients
    ]
    db.session.rollback()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    monkeypatch.setattr(sync, "receipts_and_epoch", real)
    return found


def check_that_one_command_has_one_effect(
    app: Flask, monkeypatch: pytest.MonkeyPatch, group: Arranged
) -> None:
    phone = Phone(group.actor)
    checked = phone.readiness(group.households[0], family_is_ready=True)
    clients = [browser_of(app, group.actor) for _ in range(TIMES)]
    answers = at_once(monkeypatch, clients, checked)
    assert answers == ["applied"] * TIMES
    assert len(rows(ReadinessCheck)) == 1
    assert len(rows(SyncReceipt)) == 1


def test_one_command_sent_at_once_has_one_effect(
    app: Flask, monkeypatch: pytest.MonkeyPatch, melati: Arranged
) -> None:
    check_that_one_command_has_one_effect(app, monkeypatch, melati)


def test_one_register_sent_at_once_is_one_claim(
    app: Flask, monkeypatch: pytest.MonkeyPatch, melati: Arranged
) -> None:
    clients = [browser_of(app, melati.actor) for _ in range(TIMES)]
    answers = at_once(monkeypatch, clients, Phone(melati.actor).everybody(melati))
    assert answers == ["applied"] * TIMES
    assert len(rows(RegisterClaim)) == len(rows(SyncReceipt)) == 1
    assert len(rows(Attendance)) == len(melati.households)


@pytest.mark.control
def test_without_the_key_of_receipts_the_check_fails(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check above can fail: without the key, each sending has an answer of its own."""
    with own_app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE bare AS SELECT * FROM sync_receipt")
            connection.exec_driver_sql("DROP TABLE sync_receipt")
            connection.exec_driver_sql("ALTER TABLE bare RENAME TO sync_receipt")
        group = arrange(name="Melati", households=2)
        with pytest.raises(AssertionError):
            check_that_one_command_has_one_effect(own_app, monkeypatch, group)
        receipts = "SELECT count(*) FROM sync_receipt"
        assert db.session.scalar(db.text(receipts)) == TIMES


def check_that_nobody_sends_as_somebody_else(app: Flask, group: Arranged) -> None:
    stranger = arrange(name="Cempaka", households=1)
    command = Phone(group.actor).readiness(stranger.households[0], family_is_ready=True)
    # The next person on a shared phone, in whose care the family is.
    assert outcomes(send(browser_of(app, stranger.actor), command)) == ["not_yours"]
    assert rows(ReadinessCheck) == []


def test_nobody_sends_as_somebody_else(app: Flask, melati: Arranged) -> None:
    check_that_nobody_sends_as_somebody_else(app, melati)


@pytest.mark.control
def test_without_the_look_at_the_owner_the_check_fails(
    app: Flask, monkeypatch: pytest.MonkeyPatch, melati: Arranged
) -> None:
    real: Callable[..., Any] = sync.read_sending

    class Anybody:
        def __eq__(self, _other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    def blind(text: str) -> list[Any]:
        commands = real(text)
        for each in commands:
            object.__setattr__(each, "owner", Anybody())
        return commands

    monkeypatch.setattr(sync, "read_sending", blind)
    with pytest.raises(AssertionError):
        check_that_nobody_sends_as_somebody_else(app, melati)
    assert len(rows(ReadinessCheck)) == 1
