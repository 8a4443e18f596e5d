"""The same photo from two tabs, or several at the same moment: each once, and never too many."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextvars import copy_context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.core.db import db
from casework.core.files import images
from casework.meetings.actions import photos
from casework.meetings.models import MeetingPhoto
from casework.meetings.rules import MOST_PHOTOS
from casework.offline.models import SyncReceipt
from casework.offline.views import photo as view
from tests import pictures
from tests.meetings.conftest import Arranged, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send, send_photo
from tests.sealing import sealed_photo

TIMES = 4

Sent = tuple[dict[str, Any], bytes]


def at_once(
    monkeypatch: pytest.MonkeyPatch, clients: Sequence[FlaskClient], photos: Sequence[Sent]
) -> list[str]:
    """One from each browser, all having looked whether they may before any is kept."""
    looked = threading.Barrier(len(clients), timeout=20)
    found: list[str] = []

    def check_can_add(*args: Any, **more: Any) -> Any:
        answer = real(*args, **more)
        db.session.rollback()
        looked.wait()
        return answer

    # Here all of them come to be kept; how many wait to be decoded is for the test below.
    monkeypatch.setattr(images, "_wait", lambda _by: images._decoding.acquire())
    real = view.check_can_add
    monkeypatch.setattr(view, "check_can_add", check_can_add)
    threads = [
        threading.Thread(
            target=copy_context().run,
            args=(lambda *given: found.extend(outcomes(send_photo(*given))), client, *sent),
        )
        for client, sent in zip(clients, photos, strict=True)
    ]
    db.session.rollback()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    monkeypatch.setattr(view, "check_can_add", real)
    return sorted(found)


@pytest.fixture
def phone(app: Flask, melati: Arranged) -> Phone:
    """Whose register of today was sent."""
    phone = Phone(melati.actor)
    assert outcomes(send(browser_of(app, melati.actor), phone.everybody(melati))) == ["applied"]
    return phone


def browsers(app: Flask, group: Arranged) -> list[FlaskClient]:
    return [browser_of(app, group.actor) for _ in range(TIMES)]


def test_a_phone_of_which_a_photo_waits_already_is_told_at_once_to_come_later(
    app: Flask, monkeypatch: pytest.MonkeyPatch, melati: Arranged, phone: Phone
) -> None:
    her, sent = browser_of(app, melati.actor), phone.photo(melati, pictures.photo(640, 480))
    monkeypatch.setattr(images, "_PATIENCE", 20)
    monkeypatch.setattr(images, "_waiting", [melati.actor.user_id])
    begun = time.monotonic()
    with images._decoding:
        assert outcomes(send_photo(her, *sent)) == ["later"]
    assert time.monotonic() - begun < 10
    assert outcomes(send_photo(her, *sent)) == ["applied"]


def photo_receipts() -> list[Any]:
    return rows(SyncReceipt, kind="photo")


def test_one_photo_sent_at_once_is_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch, melati: Arranged, phone: Phone
) -> None:
    sent = phone.photo(melati, pictures.photo(640, 480))
    answers = at_once(monkeypatch, browsers(app, melati), [sent] * TIMES)
    assert answers == ["applied"] * TIMES
    assert len(rows(MeetingPhoto)) == len(photo_receipts()) == 1


def test_of_two_photos_under_one_id_the_first_stands_whole(
    app: Flask, monkeypatch: pytest.MonkeyPatch, melati: Arranged, phone: Phone
) -> None:
    first = phone.photo(melati, pictures.photo(640, 480))
    second = resealed(phone, melati, first[0]["id"], pictures.photo(480, 640))
    clients = browsers(app, melati)[:2]
    answers = at_once(monkeypatch, clients, [first, second])
    assert answers == ["applied", "reused"]
    (photo,) = rows(MeetingPhoto)
    client = clients[0]
    kept = client.get(f"/meetings/{photo.meeting_id}/photos/{photo.id}")
    assert pictures.size_of(kept.data) == (photo.width, photo.height)


def resealed(phone: Phone, group: Arranged, photo_id: str, picture: bytes) -> Sent:
    command, _data = phone.photo(group, picture)
    body = {name: command["body"][name] for name in ("group", "held_on")}
    return sealed_photo(command | {"id": photo_id, "body": body}, picture)


def check_that_there_are_never_too_many(
    app: Flask, monkeypatch: pytest.MonkeyPatch, group: Arranged, phone: Phone
) -> None:
    clients = browsers(app, group)
    for number in range(MOST_PHOTOS - 1):
        sent = phone.photo(group, pictures.photo(320 + number, 240))
        assert outcomes(send_photo(clients[0], *sent)) == ["applied"]
    more = [phone.photo(group, pictures.photo(240, 320 + number)) for number in range(TIMES)]
    answers = at_once(monkeypatch, clients, more)
    assert answers == ["applied", *["refused"] * (TIMES - 1)]
    assert len(rows(MeetingPhoto)) == MOST_PHOTOS


def test_there_are_never_too_many(
    app: Flask, monkeypatch: pytest.MonkeyPatch, melati: Arranged, phone: Phone
) -> None:
    check_that_there_are_never_too_many(app, monkeypatch, melati, phone)


@pytest.mark.control
def test_without_holding_the_meeting_the_check_fails(
    app: Flask, monkeypatch: pytest.MonkeyPatch, melati: Arranged, phone: Phone
) -> None:
    """On PostgreSQL: SQLite has one writer at a time."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    counted = threading.Barrier(TIMES, timeout=20)
    real = photos.photos_of

    def slow(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        if more and len(found) == MOST_PHOTOS - 1:
            counted.wait()
        return found

    monkeypatch.setattr(photos, "_hold", lambda *_given: None)
    monkeypatch.setattr(photos, "photos_of", slow)
    with pytest.raises(AssertionError):
        check_that_there_are_never_too_many(app, monkeypatch, melati, phone)
