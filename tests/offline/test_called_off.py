"""Phones, and a register that was called off: what they are given of it, and what they are told
who speak of it as it was before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from casework.core import clock
from casework.meetings.models import Meeting, MeetingPhoto
from casework.meetings.rules import MeetingStatus
from tests.meetings.conftest import NOON, TODAY, Arranged, rows
from tests.meetings.test_calling_off import YESTERDAY, of, off
from tests.meetings.test_recording import AWAY, HERE, everybody, save
from tests.offline.conftest import Phone, outcomes, send, send_photo
from tests.offline.test_photos import picture

LATER = NOON + timedelta(hours=3)


@pytest.fixture
def wrong(her: FlaskClient, phone: Phone, melati: Arranged) -> Arranged:
    """The phone has sent its register of today, and it was called off at noon."""
    assert outcomes(send(her, phone.everybody(melati))) == ["applied"]
    off(melati)
    return melati


def test_a_correction_from_before_is_refused_and_says_when_it_was_called_off(
    her: FlaskClient, phone: Phone, wrong: Arranged
) -> None:
    (family, *_others) = wrong.households
    late = phone.attendance(wrong, {family: "sick"}, base_version=1, head=None)
    with clock.at(LATER):
        answer = send(her, late)
    assert outcomes(answer) == ["refused"]
    (told,) = answer.json["answers"]
    assert told["message"] == (
        "Absensi 12 Nov 2026 dibatalkan pada 12 Nov 2026 12.00 WITA. Kalau kelompok bertemu"
        " di hari lain, ganti tanggalnya. Kalau memang hari itu, catat ulang saat ada sinyal."
    )
    # So that the phone offers to change it.
    assert told["fields"] == ["held_on"]
    assert of(wrong).status is MeetingStatus.CALLED_OFF
    # Whatever becomes of the register later, the answer stays.
    save(wrong, everybody(wrong), base_version=2)
    assert send(her, late).json["answers"] == answer.json["answers"]


def test_said_anew_of_the_right_day_it_is_taken(
    her: FlaskClient, phone: Phone, wrong: Arranged
) -> None:
    assert outcomes(send(her, phone.everybody(wrong))) == ["refused"]
    families = dict.fromkeys(wrong.households, "present")
    anew = phone.attendance(wrong, families, held_on=YESTERDAY.isoformat())
    assert outcomes(send(her, anew)) == ["applied"]
    assert {meeting.held_on: meeting.status for meeting in rows(Meeting)} == {
        TODAY: MeetingStatus.CALLED_OFF,
        YESTERDAY: MeetingStatus.SENT,
    }


def test_recorded_anew_the_phone_is_told_to_compare(
    her: FlaskClient, phone: Phone, wrong: Arranged
) -> None:
    save(wrong, everybody(wrong, AWAY), base_version=2)
    answer = send(her, phone.everybody(wrong))
    (told,) = answer.json["answers"]
    assert told["outcome"] == "refused"
    assert told["message"].endswith(
        "lalu dicatat ulang. Bandingkan dengan yang tersimpan sekarang."
    )
    assert "fields" not in told
    (family, *_others) = wrong.households
    seen = phone.attendance(wrong, {family: "sick"}, base_version=3, head=None)
    assert outcomes(send(her, seen)) == ["applied"]


def test_a_phone_is_given_that_the_day_was_called_off_and_no_mark_of_it(
    her: FlaskClient, melati: Arranged
) -> None:
    save(melati, everybody(melati, AWAY), held_on=YESTERDAY, place="Balai", lessons=(1,))
    save(melati, everybody(melati, HERE), lessons=(2,))
    off(melati)
    (group,) = her.get("/bundle").json["groups"]
    assert group["past"] == [["2026-11-12", "called_off", 2], ["2026-11-11", "sent", 1]]
    assert group["latest"]["held_on"] == "2026-11-11"
    assert group["lesson"] == 2
    families = her.get("/bundle").json["families"]
    assert {tuple(family[6]) for family in families} == {("absent", "not_assessable")}
    off(melati, YESTERDAY)
    found = her.get("/bundle").json
    assert found["groups"][0]["latest"] is None
    assert {family[6] for family in found["families"]} == {None}


def test_a_photo_of_a_register_that_was_called_off_is_refused_before_its_bytes(
    her: FlaskClient, phone: Phone, wrong: Arranged
) -> None:
    command, _data = phone.photo(wrong, picture())
    answer = send_photo(her, command)
    assert outcomes(answer) == ["refused"]
    assert "dibatalkan" in answer.json["answers"][0]["message"]
    assert rows(MeetingPhoto) == []


def test_a_photo_of_a_register_that_was_moved_goes_to_the_right_day(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    assert outcomes(send(her, phone.everybody(melati))) == ["applied"]
    off(melati, to=YESTERDAY)
    command, data = phone.photo(melati, picture())
    assert outcomes(send_photo(her, command)) == ["wanted"]
    assert outcomes(send_photo(her, command, data)) == ["applied"]
    (photo,) = rows(MeetingPhoto)
    assert photo.meeting_id == of(melati, YESTERDAY).id
