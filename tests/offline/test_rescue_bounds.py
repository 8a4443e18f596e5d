"""Rescue files of one person have an end, and nobody's work is lost by it."""

from __future__ import annotations

import threading
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.accounts.queries import locks
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.offline.models import RescueFile
from casework.offline.rules import MOST_SENT, MOST_WAITING
from casework.web import uploads
from casework.web.pace import Pace
from tests.factories.accounts import UserFactory, actor_for
from tests.meetings.conftest import NOON, Arranged, rows
from tests.offline.conftest import Phone, browser_of
from tests.offline.test_rescue_files import bring, brought, press, rescued, words


def one(phone: Phone, melati: Arranged) -> bytes:
    return rescued(phone.readiness(melati.households[0], family_is_ready=True))


def with_content() -> int:
    return sum(each.content_sealed is not None for each in rows(RescueFile))


def test_so_many_files_wait_and_no_more_until_one_is_sent(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    files = [one(phone, melati) for _ in range(MOST_WAITING)]
    pages = [brought(her, each) for each in files]
    more = one(phone, melati)
    answer = bring(her, more)
    assert answer.status_code == 422
    assert "Sudah ada 5 berkas Anda yang menunggu. Kirim salah satunya dulu." in words(answer)
    assert 'href="#file"' in answer.text
    assert len(rows(RescueFile)) == MOST_WAITING
    assert brought(her, files[0]) == pages[0]
    press(her, pages[0])
    assert "1 data diterima." in press(her, brought(her, more))


def test_of_what_was_sent_the_last_stay_readable_and_the_others_say_that_they_were_sent(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    pages = []
    for minute in range(MOST_SENT + 3):
        with clock.at(NOON + timedelta(minutes=minute)):
            pages.append(brought(her, one(phone, melati)))
            press(her, pages[-1])
    with clock.at(NOON + timedelta(minutes=30)):
        brought(her, one(phone, melati))
    assert with_content() == MOST_SENT + 1
    assert "Berkas ini sudah dikirim. Isinya tidak disimpan lagi di sini." in words(
        her.get(pages[0])
    )
    assert "Diterima" in words(her.get(pages[-1]))


def test_colleagues_do_not_take_each_others_room_and_the_office_may_help(
    app: Flask, her: FlaskClient, phone: Phone, melati: Arranged, run_command: Any, tmp_path: Any
) -> None:
    for _ in range(MOST_WAITING):
        brought(her, one(phone, melati))
    with transaction():
        colleague = actor_for(UserFactory())
    brought(browser_of(app, colleague), one(Phone(colleague), melati))
    path = tmp_path / "kiriman-pkh.json"
    path.write_bytes(one(phone, melati))
    assert run_command("outbox", "import", path).exit_code == 0
    assert len(rows(RescueFile)) == MOST_WAITING + 2


def test_two_at_once_do_not_pass_over_the_most(
    app: Flask, phone: Phone, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [one(phone, melati) for _ in range(MOST_WAITING + 2)]
    here = browser_of(app, melati.actor)
    for each in files[: MOST_WAITING - 1]:
        brought(here, each)
    both = threading.Barrier(3, timeout=20)
    found: list[int] = []

    def hold(user_id: Any) -> None:
        """All have begun before any has looked; SQLite lets one write at a time anyway."""
        if db.engine.dialect.name == "postgresql":
            both.wait()
        real(user_id)

    real = locks.hold
    monkeypatch.setattr(locks, "hold", hold)
    clients = [browser_of(app, melati.actor) for _ in range(3)]
    db.session.rollback()
    threads = [
        threading.Thread(
            target=copy_context().run,
            args=(lambda each: found.append(bring(*each).status_code), (client, file)),
        )
        for client, file in zip(clients, files[MOST_WAITING - 1 :], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(found) == [303, 422, 422]
    assert len(rows(RescueFile)) == MOST_WAITING


def test_who_brings_files_for_ever_is_told_to_wait(
    her: FlaskClient, phone: Phone, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace = Pace("uploading", most=2 * (uploads.A_FILE + 1), a_second=0.1, now=lambda: 0.0)
    monkeypatch.setattr(uploads, "UPLOADING", pace)
    data = one(phone, melati)
    assert [bring(her, data).status_code for _ in range(3)] == [303, 303, 429]
    assert "Tunggu 1 menit, lalu kirim lagi yang ini." in words(bring(her, data))
