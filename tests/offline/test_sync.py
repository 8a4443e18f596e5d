"""Sending what was recorded without signal, one answer for each command."""

from __future__ import annotations

import gzip
import io
import json
import uuid
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.core import clock
from casework.core.errors import Busy
from casework.core.ids import short_id
from casework.core.transaction import transaction
from casework.economics.models import Observation
from casework.households.models import Household
from casework.households.rules import HouseholdStatus
from casework.meetings.models import Attendance, Meeting, RegisterClaim
from casework.offline.models import SyncReceipt
from casework.offline.views import taking
from casework.readiness.models import ReadinessCheck
from tests.factories.accounts import UserFactory, actor_for
from tests.fixtures.statements import Statements
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.offline.conftest import HEADERS, Phone, browser_of, outcomes, send

#: The login, and the receipts of what was sent before.
FOR_ALL = 2
#: Register, meeting, marks, claim, families held, their facts, verdicts, trail, receipt.
FOR_EACH = 9


# ---- What is saved ----


def test_a_register_is_saved_and_answered_with_a_receipt(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command = phone.everybody(melati)
    response = send(her, command)
    assert outcomes(response) == ["applied"]
    (answer,) = response.json["answers"]
    (meeting,) = rows(Meeting)
    assert answer["id"] == command["id"]
    assert (answer["meeting"], answer["version"]) == (str(meeting.id), 1)
    assert response.json["server_time"].startswith("2026-11-12T04:00")
    (receipt,) = rows(SyncReceipt)
    assert receipt.received_at == NOON
    assert receipt.made_at.hour == 3
    assert {mark.presence.value for mark in rows(Attendance)} == {"present"}


def test_an_observation_and_a_readiness_check_are_saved(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    family = melati.households[0]
    seen, checked = phone.observation(family), phone.readiness(family, family_is_ready=True)
    assert outcomes(send(her, seen, checked)) == ["applied", "applied"]
    (observation,) = rows(Observation)
    assert (str(observation.id), observation.saves_per_month) == (seen["id"], 50_000)
    (check,) = rows(ReadinessCheck)
    assert check.answers == {"family_is_ready": True}


def test_what_is_sent_again_is_answered_as_before_and_changes_nothing(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    commands = [phone.everybody(melati), phone.observation(melati.households[0])]
    first = send(her, *commands)
    with clock.at(NOON + timedelta(hours=3)):
        second = send(her, *commands)
    assert first.json["answers"] == second.json["answers"]
    (meeting,) = rows(Meeting)
    assert meeting.version == 1
    assert len(rows(Observation)) == 1
    assert len(rows(SyncReceipt)) == 2


def test_a_refusal_is_answered_as_before_even_when_it_could_be_done_now(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    """What was refused is shown as such on the phone; another try is another command."""
    family = melati.households[0]
    command = phone.observation(family)
    set_status(melati, family, HouseholdStatus.GRADUATED)
    assert outcomes(send(her, command)) == ["refused"]
    set_status(melati, family, HouseholdStatus.ACTIVE)
    assert outcomes(send(her, command)) == ["refused"]
    assert rows(Observation) == []


def set_status(group: Arranged, family: uuid.UUID, status: HouseholdStatus) -> None:
    with transaction() as session:
        session.get(Household, (group.area_id, family)).status = status


def test_the_same_id_with_other_content_is_refused_and_the_first_stands(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command = phone.everybody(melati)
    send(her, command)
    other = phone.everybody(melati, "absent") | {"id": command["id"]}
    assert outcomes(send(her, other)) == ["reused"]
    assert {mark.presence.value for mark in rows(Attendance)} == {"present"}
    assert len(rows(SyncReceipt)) == 1


def test_one_bad_command_does_not_hold_up_the_others(
    her: FlaskClient, phone: Phone, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = uuid.uuid4()
    breaking = phone.readiness(melati.households[0], family_is_ready=True)

    def breaks(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("casework.offline.actions.carrying_out.answer_questions", breaks)
    answer = send(
        her,
        {"id": "x"},
        phone.observation(stranger),
        breaking,
        phone.observation(melati.households[0], saves_per_month="50.000"),
        phone.everybody(melati),
    )
    assert outcomes(answer) == ["unreadable", "refused", "later", "refused", "applied"]
    messages = [each.get("message") for each in answer.json["answers"]]
    assert messages[1] == "Keluarga ini tidak Anda dampingi. Tanyakan kepada supervisor Anda."
    assert messages[2].startswith("G-")
    # What has no answer for good can be sent again.
    assert breaking["id"] not in {str(each.id) for each in rows(SyncReceipt)}


# ---- Whose it is ----


def test_what_another_person_made_is_not_taken_and_stays_hers(
    app: Flask, phone: Phone, melati: Arranged
) -> None:
    """A shared phone: the next person's login sends what the first one left."""
    with transaction():
        colleague = actor_for(UserFactory())
    command = phone.everybody(melati)
    assert outcomes(send(browser_of(app, colleague), command)) == ["not_yours"]
    assert rows(Meeting) == rows(SyncReceipt) == []
    assert outcomes(send(browser_of(app, melati.actor), command)) == ["applied"]


def test_receipts_of_others_are_not_told(app: Flask, phone: Phone, melati: Arranged) -> None:
    command = phone.everybody(melati)
    send(browser_of(app, melati.actor), command)
    with transaction():
        colleague = actor_for(UserFactory())
    mine = Phone(colleague).observation(melati.households[0]) | {"id": command["id"]}
    answer = send(browser_of(app, colleague), mine)
    assert outcomes(answer) == ["refused"]
    assert "meeting" not in answer.json["answers"][0]


def test_a_group_of_somebody_else_is_refused_in_words(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    elsewhere = arrange(name="Cempaka")
    answer = send(her, phone.everybody(elsewhere))
    assert outcomes(answer) == ["refused"]
    assert answer.json["answers"][0]["message"] == (
        "Kelompok ini tidak Anda dampingi. Tanyakan kepada supervisor Anda."
    )
    assert rows(Meeting) == []


def test_only_who_works_in_the_field_sends(app: Flask, phone: Phone, melati: Arranged) -> None:
    with transaction():
        supervisor = actor_for(UserFactory(supervisor=True))
    assert send(browser_of(app, supervisor), phone.everybody(melati)).status_code == 404


def test_a_login_that_has_run_out_is_said_so_and_nothing_is_lost(
    client: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    answer = send(client, phone.everybody(melati))
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "sign_in"
    assert rows(SyncReceipt) == []


def test_sending_by_itself_does_not_keep_a_login_alive(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    for hours in (5, 10):
        with clock.at(NOON + timedelta(hours=hours)):
            assert send(her, phone.observation(melati.households[0])).status_code == 200
            assert her.get("/bundle").status_code == 200
            assert her.get("/offline").status_code == 200
    with clock.at(NOON + timedelta(hours=13)):
        assert send(her, phone.observation(melati.households[0])).status_code == 401


# ---- Where it comes from ----


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": None},
        {"Sec-Fetch-Site": None, "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": None, "Origin": "null"},
        {"X-Outbox": None},
    ],
)
def test_other_sites_cannot_send(
    her: FlaskClient, phone: Phone, melati: Arranged, headers: dict[str, str | None]
) -> None:
    given = {name: value for name, value in (HEADERS | headers).items() if value}
    sent = json.dumps({"commands": [phone.everybody(melati)]})
    answer = her.post("/sync", data=sent, content_type="application/json", headers=given)
    assert answer.status_code == 403
    assert rows(Meeting) == []


def test_an_old_browser_says_where_it_comes_from(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    sent = json.dumps({"commands": [phone.everybody(melati)]})
    given = {"X-Outbox": "1", "Origin": "http://localhost"}
    answer = her.post("/sync", data=sent, content_type="application/json", headers=given)
    assert outcomes(answer) == ["applied"]


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("application/x-www-form-urlencoded", "commands=1"),
        ("text/plain", '{"commands": []}'),
        ("application/json", "<html>"),
        ("application/json", b"\xff\xfe"),
    ],
)
def test_what_is_no_sending_is_refused_whole(
    her: FlaskClient, content_type: str, text: str | bytes
) -> None:
    answer = her.post("/sync", data=text, content_type=content_type, headers=HEADERS)
    assert answer.status_code == 422
    assert answer.is_json


def test_a_sending_that_is_too_large_is_refused_however_it_comes(
    her: FlaskClient, phone: Phone
) -> None:
    large = json.dumps({"commands": [phone.command("readiness", {"x": "y" * 600_000})]}).encode()
    whole = {"data": large}
    # Read no further than allowed, and half of a sending is none.
    in_pieces = {"input_stream": io.BytesIO(large), "environ_overrides": CHUNKED}
    for how, status in ((whole, 413), (in_pieces, 422)):
        answer = her.post("/sync", content_type="application/json", headers=HEADERS, **how)
        assert answer.status_code == status, answer.text
        assert answer.is_json


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (lambda text: gzip.compress(text), 200),
        (lambda text: gzip.compress(text + b" " * 500_000), 200),
        # A kilobyte that would become more than a phone may send.
        (lambda text: gzip.compress(text + b" " * 5_000_000), 413),
        (lambda text: gzip.compress(text)[:-9], 422),
        (lambda text: text, 422),
        (lambda text: zlib.compress(text), 422),
        (lambda text: b"", 422),
    ],
)
def test_a_sending_may_come_compressed(
    her: FlaskClient,
    phone: Phone,
    melati: Arranged,
    sent: Callable[[bytes], bytes],
    status: int,
) -> None:
    text = json.dumps({"commands": [phone.everybody(melati)]}).encode()
    answer = her.post(
        "/sync",
        data=sent(text),
        content_type="application/json",
        headers=HEADERS | {"Content-Encoding": "gzip"},
    )
    assert answer.status_code == status, answer.text
    assert answer.is_json
    assert len(rows(Meeting)) == (status == 200)


#: As gunicorn hands on what came in pieces: nobody knows how much it is.
CHUNKED = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}


# ---- Against others, and again ----


def test_two_phones_that_differ_are_told(app: Flask, melati: Arranged) -> None:
    one, two = Phone(melati.actor), Phone(melati.actor)
    browser = browser_of(app, melati.actor)
    send(browser, one.everybody(melati))
    family = melati.households[0]
    answer = send(browser, two.attendance(melati, {family: "absent"}))
    assert outcomes(answer) == ["differs"]
    (said,) = answer.json["answers"]
    assert said["differing"] == [str(family)]
    assert said["message"] == "Tanda 1 keluarga berbeda dari yang dikirim orang atau HP lain."


def test_a_note_that_is_not_on_the_phone_stays(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    one, two, *_others = melati.households
    first = phone.everybody(melati)
    for key in (one, two):
        first["body"]["marks"][short_id(key)] = ["sick", None, "", "rawat inap"]
    send(her, first)
    correction = phone.attendance(melati, {}, base_version=1, head=None)
    correction["body"]["marks"] = {
        short_id(one): ["excused", None, "", None],
        short_id(two): ["excused", None, "", ""],
    }
    assert outcomes(send(her, correction)) == ["applied"]
    notes = {mark.household_id: mark.note for mark in rows(Attendance)}
    assert (notes[one], notes[two]) == ("rawat inap", "")


def test_a_family_that_graduated_meanwhile_is_told(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    family = melati.households[0]
    set_status(melati, family, HouseholdStatus.GRADUATED)
    answer = send(her, phone.everybody(melati))
    assert outcomes(answer) == ["look"]
    assert answer.json["answers"][0]["left_out"] == [str(family)]


def test_a_phone_with_a_wrong_clock_is_answered_with_the_right_time(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    for made_at in ("2020-01-01T00:00:00+00:00", "2031-12-31T23:59:59+14:00"):
        command = phone.observation(melati.households[0]) | {"made_at": made_at}
        assert outcomes(send(her, command)) == ["applied"]
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    ahead = phone.observation(melati.households[0], observed_on=tomorrow)
    assert outcomes(send(her, ahead)) == ["refused"]


def test_another_save_in_between_is_tried_again(
    her: FlaskClient, phone: Phone, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two phones tell of the same meeting at the same moment."""
    from casework.meetings.actions import claims

    real, stale = claims.register_led, []

    def late(*args: Any) -> Any:
        found = real(*args)
        if not stale:
            stale.append(found)
            return type(found)(found.group, found.held_on, None, found.lines)
        return found

    send(her, Phone(melati.actor).everybody(melati))
    monkeypatch.setattr(claims, "register_led", late)
    assert outcomes(send(her, phone.everybody(melati))) == ["applied"]
    assert len(rows(RegisterClaim)) == 2


def test_a_busy_database_leaves_the_command_on_the_phone(
    her: FlaskClient, phone: Phone, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: Any, **_more: Any) -> None:
        raise Busy

    monkeypatch.setattr(taking, "carry_out", busy)
    assert outcomes(send(her, phone.everybody(melati))) == ["later"]
    assert rows(SyncReceipt) == []


def test_a_sending_costs_few_statements(
    her: FlaskClient, phone: Phone, melati: Arranged, statements: Statements
) -> None:
    """Login and receipts once, however much is sent; a register nine, however many families."""
    more = [arrange(melati.actor.username, 9 * n, name=f"K{n}") for n in (1, 2)]

    def cost(*groups: Arranged) -> int:
        commands = [phone.everybody(group) for group in groups]
        statements.reset()
        assert set(outcomes(send(her, *commands))) == {"applied"}
        return statements.count

    one, two = cost(melati), cost(*more)
    assert one - FOR_ALL == (two - FOR_ALL) / 2 <= FOR_EACH
