"""Photos through a line that fails, to a server that is killed: none is lost, none is kept twice,
and what was acknowledged is there."""

from __future__ import annotations

import http.client
import io
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import zip_longest
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from casework.core import clock
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.households.models import Group
from casework.meetings.models import MeetingPhoto
from casework.meetings.photo_files import current_store
from casework.meetings.rules import MOST_PHOTOS, Presence
from casework.offline.models import SyncReceipt
from tests import pictures
from tests.factories.meetings import meeting_with
from tests.fault_proxy import PATIENCE, Fault, FaultProxy
from tests.meetings.conftest import Arranged, arrange, rows
from tests.offline.conftest import Phone
from tests.offline.test_faulty_line import (
    TIMES_KILLED,
    Sender,
    app,
    line,
    noon,
    server,
)
from tests.product_server import Server

__all__ = ["app", "line", "noon", "server"]

Sent = tuple[dict[str, Any], bytes]


class Camera(Sender):
    """A phone's photos: each asked for first, as far as it matters here, and gone with a receipt
    that names it, and not otherwise."""

    def __init__(self, app: Flask, group: Arranged, port: int) -> None:
        super().__init__(app, group, port)
        self._headers |= {"Content-Type": "application/octet-stream"}
        self.photos: list[Sent] = []

    def send(self, before_its_bytes: Callable[[], None] = lambda: None) -> None:
        command, data = self.photos[0]
        head = json.dumps(command).encode()
        if self._post(head) == "wanted":
            before_its_bytes()
            self._post(head + b"\n" + data)
        self.photos = [each for each in self.photos if each[0]["id"] not in self.received]

    def _post(self, body: bytes) -> str:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2 * PATIENCE)
        try:
            line.request("POST", "/sync/photo", body, self._headers)
            (told,) = json.loads(line.getresponse().read())["answers"]
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return ""
        finally:
            line.close()
        if told["outcome"] == "applied":
            self.received.add(told["id"])
        return str(told["outcome"])

    def send_all(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while self.photos:
            assert time.monotonic() < until, f"still on the phone: {len(self.photos)}"
            self.send()
            time.sleep(0.05)


def photographed(groups: int) -> tuple[Arranged, list[Sent]]:
    """As many photos as there may be of the meeting that each group had today."""
    first = arrange(name="Melati 0", households=2)
    all_of_them = [first] + [
        arrange(first.actor.username, 2, name=f"Melati {number}") for number in range(1, groups)
    ]
    phone, sent = Phone(first.actor), []
    day = today()
    for at, group in enumerate(all_of_them):
        with transaction() as session:
            row = session.get(Group, (group.area_id, group.group_id))
            meeting_with(row, day, dict.fromkeys(group.households, Presence.PRESENT))
        for number in range(MOST_PHOTOS):
            picture = pictures.photo(320 + number, 240 + at)
            sent.append(phone.photo(group, picture, held_on=day))
    return first, sent


def today() -> date:
    return clock.today("Asia/Makassar")


def check_each_is_kept_once(wanted: list[Sent]) -> None:
    ids = {command["id"] for command, _data in wanted}
    assert {str(each.id) for each in rows(SyncReceipt)} == ids
    found = rows(MeetingPhoto)
    assert sorted(str(each.id) for each in found) == sorted(ids)
    store = current_store()
    for photo in found:
        picture = store.get(photo.area_id, photo.meeting_id, photo.id)
        assert Image.open(io.BytesIO(picture)).size == (photo.width, photo.height)
    groups = {command["id"]: command["body"]["group"] for command, _data in wanted}
    for photo in found:
        group = groups[str(photo.id)]
        assert photo.meeting_id == meeting_id(uuid.UUID(group), today())


@pytest.mark.timeout(240)
def test_over_a_line_that_fails_in_every_way_each_photo_is_kept_once(
    app: Flask, line: FaultProxy
) -> None:
    group, wanted = photographed(groups=3)
    camera = Camera(app, group, line.port)
    chance = random.Random(7)
    ways = [(way, is_asking) for way in Fault for is_asking in (True, False)]
    chance.shuffle(ways)
    for photo, (way, is_asking) in zip_longest(wanted, ways, fillvalue=(Fault.NONE, True)):
        camera.photos.append(photo)
        # While it asks, or while the photo itself is on its way.
        line.fault = way if is_asking else Fault.NONE
        camera.send(partial(setattr, line, "fault", way))
    line.fault = Fault.NONE
    camera.send_all()
    assert camera.received == {command["id"] for command, _data in wanted}
    check_each_is_kept_once(wanted)


@pytest.mark.timeout(240)
def test_a_server_that_is_killed_forgets_no_photo_it_has_acknowledged(
    app: Flask, server: Server
) -> None:
    group, wanted = photographed(groups=2)
    camera = Camera(app, group, server.port)
    chance = random.Random(11)
    share = len(wanted) // TIMES_KILLED + 1
    for at in range(0, len(wanted), share):
        camera.photos += wanted[at : at + share]
        killing = threading.Timer(chance.uniform(0.01, 0.4), server.kill)
        server.await_answer()
        killing.start()
        while camera.photos and killing.is_alive():
            camera.send()
        killing.join()
        assert camera.received <= {str(each.id) for each in rows(SyncReceipt)}
        server.start()
    camera.send_all()
    check_each_is_kept_once(wanted)
