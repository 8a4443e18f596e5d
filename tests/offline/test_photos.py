"""Photos of meetings from phones: one in a request, opened, checked, and answered once."""

from __future__ import annotations

import io
import json
import uuid
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from casework.access.actor import command_line
from casework.core import clock
from casework.core.crypto import PhoneKeys, current_keyring
from casework.core.errors import Busy
from casework.core.files import FileStore, images
from casework.core.transaction import transaction
from casework.meetings.actions.epochs import begin_epoch
from casework.meetings.models import MeetingPhoto
from casework.meetings.photo_files import current_store
from casework.meetings.rules import MOST_PHOTOS, MOST_PHOTOS_EVER
from casework.offline import paces
from casework.offline.models import SyncReceipt
from casework.offline.rules import MOST_PHOTO
from casework.offline.views import photo as view
from casework.web.pace import Pace
from tests import pictures
from tests.factories.accounts import UserFactory, actor_for
from tests.fixtures.statements import Statements
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.offline.conftest import HEADERS, Phone, browser_of, outcomes, send, send_photo
from tests.offline.test_sync import CHUNKED
from tests.sealing import base64url, current_key, phone_keys


@cache
def picture(number: int = 0) -> bytes:
    return pictures.photo(640 + number, 480)


@pytest.fixture
def met(her: FlaskClient, phone: Phone, melati: Arranged) -> Arranged:
    """The group, whose register of today was sent."""
    assert outcomes(send(her, phone.everybody(melati))) == ["applied"]
    return melati


def photo_receipts() -> list[Any]:
    return rows(SyncReceipt, kind="photo")


# ---- Taken ----


def test_a_photo_is_wanted_then_taken_and_leaves_with_its_receipt(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    command, data = phone.photo(met, picture())
    assert outcomes(send_photo(her, command)) == ["wanted"]
    assert photo_receipts() == []
    answer = send_photo(her, command, data)
    assert outcomes(answer) == ["applied"]
    assert answer.json["answers"][0]["received_at"] == answer.json["server_time"]
    (photo,) = rows(MeetingPhoto)
    assert (str(photo.id), photo.added_by) == (command["id"], met.actor.user_id)
    kept = current_store().get(met.area_id, photo.meeting_id, photo.id)
    assert Image.open(io.BytesIO(kept)).size == (640, 480)
    assert b"Exif" not in kept
    (receipt,) = photo_receipts()
    assert receipt.device_id == phone.device
    page = her.get(f"/meetings/{photo.meeting_id}")
    assert f"/photos/{photo.id}/small" in page.text


def test_what_is_sent_again_is_answered_as_before_and_is_one_photo(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    command, data = phone.photo(met, picture())
    first = send_photo(her, command, data)
    # An answer that was lost is asked for without the bytes.
    for given in (None, data):
        with clock.at(NOON + timedelta(hours=1)):
            again = send_photo(her, command, given)
        assert again.json["answers"] == first.json["answers"]
    assert len(rows(MeetingPhoto)) == len(photo_receipts()) == 1


def test_the_same_id_with_another_photo_is_refused_and_the_first_stands(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    command, data = phone.photo(met, picture())
    send_photo(her, command, data)
    other, other_data = phone.photo(met, picture(1))
    other = {**other, "id": command["id"]}
    assert outcomes(send_photo(her, other)) == ["reused"]
    assert outcomes(send_photo(her, other, other_data)) == ["reused"]
    (photo,) = rows(MeetingPhoto)
    assert photo.width == 640


def test_until_its_meeting_is_there_it_waits_on_the_phone(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command, data = phone.photo(melati, picture())
    for given in (None, data):
        answer = send_photo(her, command, given)
        assert outcomes(answer) == ["later"]
        assert answer.json["answers"][0]["message"] == "Menunggu absensi pertemuan ini."
    assert rows(SyncReceipt) == []
    send(her, phone.everybody(melati))
    assert outcomes(send_photo(her, command, data)) == ["applied"]


def test_when_its_meeting_can_come_no_more_that_is_said_for_good(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command, _data = phone.photo(melati, picture(), TODAY - timedelta(days=60))
    answer = send_photo(her, command)
    assert outcomes(answer) == ["refused"]
    assert "bulan" in answer.json["answers"][0]["message"]
    assert len(photo_receipts()) == 1


def test_there_is_room_for_six_and_the_phone_is_told_without_sending_it(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    for number in range(MOST_PHOTOS):
        assert outcomes(send_photo(her, *phone.photo(met, picture(number)))) == ["applied"]
    command, _data = phone.photo(met, picture(MOST_PHOTOS))
    answer = send_photo(her, command)
    assert outcomes(answer) == ["refused"]
    assert "sudah punya 6 foto" in answer.json["answers"][0]["message"]
    assert len(rows(MeetingPhoto)) == MOST_PHOTOS


def test_a_meeting_that_was_given_thirty_tells_the_phone_without_sending(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    for number in range(MOST_PHOTOS_EVER):
        command, data = phone.photo(met, picture(number))
        assert outcomes(send_photo(her, command, data)) == ["applied"]
        (photo,) = rows(MeetingPhoto, removed_at=None)
        her.post(f"/meetings/{photo.meeting_id}/photos/{photo.id}/remove")
    answer = send_photo(her, phone.photo(met, picture(MOST_PHOTOS_EVER))[0])
    assert outcomes(answer) == ["refused"]
    assert "sudah pernah diberi 30 foto" in answer.json["answers"][0]["message"]


def test_a_photo_changes_nothing_of_the_register(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    """A correction that was made from what stood before is no other one for it."""
    send_photo(her, *phone.photo(met, picture()))
    correction = phone.attendance(met, {met.households[0]: "sick"}, base_version=1, head=None)
    answer = send(her, correction)
    assert outcomes(answer) == ["applied"]
    assert answer.json["answers"][0]["version"] == 2


# ---- Opened ----


@pytest.mark.parametrize("wrong", ["owner", "id", "key"])
def test_it_opens_for_its_owner_and_its_id_only(
    her: FlaskClient, phone: Phone, met: Arranged, wrong: str
) -> None:
    if wrong == "key":
        elsewhere = current_key(PhoneKeys.generate())
        command, data = phone.photo(met, picture(), key=elsewhere)
    else:
        command, data = phone.photo(met, picture(), belongs_to=f"{uuid.uuid4()}|{uuid.uuid4()}")
        if wrong == "id":
            given = f"{met.actor.user_id}|{uuid.uuid4()}"
            command, data = phone.photo(met, picture(), belongs_to=given)
    assert outcomes(send_photo(her, command)) == ["wanted"]
    answer = send_photo(her, command, data)
    assert outcomes(answer) == ["refused"]
    assert answer.json["answers"][0]["message"].startswith("Data ini tidak dapat dibuka")
    assert rows(MeetingPhoto) == []


def test_bytes_that_are_not_its_own_are_not_taken_and_leave_no_answer_for_good(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    command, data = phone.photo(met, picture())
    for wrong in (data[:-1], data + b"x", data[:1000]):
        assert outcomes(send_photo(her, command, wrong)) == ["unreadable"]
    assert photo_receipts() == []
    assert outcomes(send_photo(her, command, data)) == ["applied"]


@pytest.mark.parametrize("at", [0, 1000, -17, -1])
def test_a_bit_that_falls_over_on_the_way_costs_nobody_the_photo(
    her: FlaskClient, phone: Phone, met: Arranged, at: int
) -> None:
    """With a receipt the phone would let go of the only copy."""
    command, data = phone.photo(met, picture())
    damaged = bytearray(data)
    damaged[at] ^= 1
    answer = send_photo(her, command, bytes(damaged))
    assert outcomes(answer) == ["unreadable"]
    assert "received_at" not in answer.json["answers"][0]
    assert photo_receipts() == []
    assert outcomes(send_photo(her, command, data)) == ["applied"]


def test_what_a_phone_kept_before_it_made_a_digest_is_still_taken(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    command, data = phone.photo(met, picture())
    del command["body"]["sealed"]["sha256"]
    assert outcomes(send_photo(her, command, data[:-1])) == ["unreadable"]
    assert outcomes(send_photo(her, command, data)) == ["applied"]


def test_what_was_sealed_to_an_older_key_is_still_opened(
    app: Flask, her: FlaskClient, phone: Phone, met: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, data = phone.photo(met, picture())
    rotated = replace(current_keyring(), phone_keys=phone_keys().rotated())
    monkeypatch.setitem(app.extensions, "casework_keyring", rotated)
    assert outcomes(send_photo(her, command, data)) == ["applied"]


def test_a_server_without_keys_leaves_it_on_the_phone(
    app: Flask, her: FlaskClient, phone: Phone, met: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, data = phone.photo(met, picture())
    bare = replace(current_keyring(), phone_keys=None)
    monkeypatch.setitem(app.extensions, "casework_keyring", bare)
    monkeypatch.setitem(app.config, "CASEWORK_KEYS", bare.to_json())
    assert outcomes(send_photo(her, command, data)) == ["later"]
    assert photo_receipts() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "Di sini hanya bisa menerima foto"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Di sini hanya bisa menerima foto"),
        (picture()[:2000], "Foto rusak atau tidak utuh"),
        (pictures.png_claiming(30_000, 30_000), "lebih dari 4 megapiksel"),
        (pictures.png_claiming(2001, 2000), "lebih dari 4 megapiksel"),
        (pictures.pdf(), "Di sini hanya bisa menerima foto"),
    ],
)
def test_what_was_sealed_is_checked_by_what_it_is(
    her: FlaskClient, phone: Phone, met: Arranged, content: bytes, words: str
) -> None:
    answer = send_photo(her, *phone.photo(met, content))
    assert outcomes(answer) == ["refused"]
    assert words in answer.json["answers"][0]["message"]
    assert rows(MeetingPhoto) == []


# ---- Whose it is, and where it comes from ----


def test_what_another_person_made_is_not_taken_and_stays_hers(
    app: Flask, her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    with transaction():
        colleague = actor_for(UserFactory())
    command, data = phone.photo(met, picture())
    browser = browser_of(app, colleague)
    for given in (None, data):
        assert outcomes(send_photo(browser, command, given)) == ["not_yours"]
    assert rows(MeetingPhoto) == photo_receipts() == []
    assert outcomes(send_photo(her, command, data)) == ["applied"]


def test_a_group_of_somebody_else_is_refused_in_words(her: FlaskClient, phone: Phone) -> None:
    command, _data = phone.photo(arrange(name="Cempaka"), picture())
    answer = send_photo(her, command)
    assert outcomes(answer) == ["refused"]
    assert answer.json["answers"][0]["message"] == (
        "Kelompok ini tidak Anda dampingi. Tanyakan kepada supervisor Anda."
    )


def test_a_login_that_has_run_out_is_said_so(client: FlaskClient, phone: Phone) -> None:
    answer = send_photo(client, *phone.photo(arrange(name="Cempaka"), picture()))
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "sign_in"


def test_only_who_works_in_the_field_sends(app: Flask, phone: Phone, met: Arranged) -> None:
    with transaction():
        supervisor = actor_for(UserFactory(supervisor=True))
    sent = send_photo(browser_of(app, supervisor), *phone.photo(met, picture()))
    assert sent.status_code == 404


def test_sending_by_itself_does_not_keep_a_login_alive(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    with clock.at(NOON + timedelta(hours=10)):
        assert outcomes(send_photo(her, *phone.photo(met, picture()))) == ["applied"]
    with clock.at(NOON + timedelta(hours=13)):
        assert send_photo(her, *phone.photo(met, picture(1))).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": None},
        {"Sec-Fetch-Site": None, "Origin": "https://elsewhere.example"},
        {"X-Outbox": None},
    ],
)
def test_other_sites_cannot_send(
    her: FlaskClient, phone: Phone, met: Arranged, headers: dict[str, str | None]
) -> None:
    command, data = phone.photo(met, picture())
    given = {name: value for name, value in (HEADERS | headers).items() if value}
    answer = her.post(
        "/sync/photo",
        data=json.dumps(command).encode() + b"\n" + data,
        content_type="application/octet-stream",
        headers=given,
    )
    assert answer.status_code == 403
    assert rows(MeetingPhoto) == []


def test_a_form_of_another_site_sends_none(her: FlaskClient) -> None:
    for content_type in ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded"):
        answer = her.post("/sync/photo", data=b"{}", content_type=content_type, headers=HEADERS)
        assert answer.status_code == 422


def test_what_is_too_large_is_refused_however_it_comes(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    command, data = phone.photo(met, b"\xff" * (MOST_PHOTO + 5000))
    large = json.dumps(command).encode() + b"\n" + data
    whole = {"data": large}
    in_pieces = {"input_stream": io.BytesIO(large), "environ_overrides": CHUNKED}
    octets = "application/octet-stream"
    answer = her.post("/sync/photo", content_type=octets, headers=HEADERS, **whole)
    assert answer.status_code == 413
    # Read no further than allowed, and half of a photo is none.
    answer = her.post("/sync/photo", content_type=octets, headers=HEADERS, **in_pieces)
    assert outcomes(answer) == ["unreadable"]
    assert rows(MeetingPhoto) == []


# ---- Shapes ----


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "attendance"},
        {"id": "x"},
        {"seq": 0},
        {"body": {}},
        {"body": {"group": str(uuid.uuid4()), "held_on": "2026-11-12", "sealed": {}}},
        {"more": 1},
    ],
)
def test_what_is_no_command_of_a_photo_is_told(
    her: FlaskClient, phone: Phone, met: Arranged, change: dict[str, Any]
) -> None:
    command, _data = phone.photo(met, picture())
    (outcome,) = outcomes(send_photo(her, command | change))
    assert outcome == ("refused" if "body" in change else "unreadable")


def test_a_photo_does_not_come_with_the_marks(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    command, _data = phone.photo(met, picture())
    assert outcomes(send(her, command)) == ["unreadable"]


@pytest.mark.parametrize("sent", [b"", b"\n", b"{", b"\xff\xfe\n123", b"[]", b"null\nxx"])
def test_what_cannot_be_read_breaks_nothing(her: FlaskClient, sent: bytes) -> None:
    octets = "application/octet-stream"
    answer = her.post("/sync/photo", data=sent, content_type=octets, headers=HEADERS)
    assert outcomes(answer) == ["unreadable"]


@pytest.mark.parametrize("part", ["wrapped", "nonce", "tag", "sha256"])
def test_parts_of_a_wrong_length_are_refused(
    her: FlaskClient, phone: Phone, met: Arranged, part: str
) -> None:
    command, _data = phone.photo(met, picture())
    command["body"]["sealed"][part] = base64url(b"x" * 31)
    assert outcomes(send_photo(her, command)) == ["refused"]


# ---- Trouble of the server's own ----


@pytest.mark.parametrize("trouble", [Busy(), OSError(28, "No space left on device")])
def test_trouble_of_the_server_leaves_it_on_the_phone(
    her: FlaskClient,
    phone: Phone,
    met: Arranged,
    trouble: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise trouble

    command, data = phone.photo(met, picture())
    if isinstance(trouble, Busy):
        monkeypatch.setattr(view, "carry_out", fails)
    else:
        monkeypatch.setattr(FileStore, "put", fails)
    assert outcomes(send_photo(her, command, data)) == ["later"]
    assert rows(MeetingPhoto) == photo_receipts() == []
    monkeypatch.undo()


def test_while_others_photos_are_decoded_it_stays_on_the_phone(
    her: FlaskClient, phone: Phone, met: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "_PATIENCE", 0.05)
    command, data = phone.photo(met, picture())
    with images._decoding:
        assert outcomes(send_photo(her, command, data)) == ["later"]
    assert rows(MeetingPhoto) == photo_receipts() == []
    assert outcomes(send_photo(her, command, data)) == ["applied"]


def test_a_photo_costs_few_statements(
    her: FlaskClient, phone: Phone, met: Arranged, statements: Statements
) -> None:
    """Asking: login, receipts, group and meeting, photos. Sending: those once more in the
    transaction, the meeting held, the photo, the trail, the receipt."""
    command, data = phone.photo(met, picture())
    statements.reset()
    send_photo(her, command)
    assert statements.count <= 4
    statements.reset()
    send_photo(her, command, data)
    assert statements.count <= 10


# ---- Beside what is written ----


def test_photos_use_up_the_same_allowance_and_their_bytes_more_of_it(
    her: FlaskClient, phone: Phone, met: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 2 * paces.A_SENDING + 1 + paces.A_PHOTO
    monkeypatch.setattr(paces, "SENDING", Pace("sending", most=most, a_second=0.001))
    command, data = phone.photo(met, picture())
    assert outcomes(send_photo(her, command)) == ["wanted"]
    assert outcomes(send_photo(her, command, data)) == ["applied"]
    command, _data = phone.photo(met, picture(1))
    answer = send_photo(her, command)
    assert (answer.status_code, answer.json["error"]["code"]) == (429, "pace")
    assert int(answer.headers["Retry-After"]) > 0
    assert len(rows(MeetingPhoto)) == 1


def test_the_answer_to_a_photo_tells_the_epoch_too(
    her: FlaskClient, phone: Phone, met: Arranged
) -> None:
    command, _data = phone.photo(met, picture())
    assert send_photo(her, command).json["epoch"] == ""
    with transaction():
        epoch = begin_epoch(command_line())
    assert send_photo(her, command).json["epoch"] == str(epoch)
