"""The notes of a register come sealed, and its marks as they are."""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.core.crypto import current_keyring
from casework.core.ids import short_id
from casework.core.transaction import transaction
from casework.meetings.models import Attendance, Meeting, RegisterClaim
from casework.offline.actions import RegisterSaid
from casework.offline.forms import read_body
from casework.offline.models import SyncReceipt
from casework.offline.rules import Command, Kind
from tests.factories.accounts import UserFactory, actor_for
from tests.meetings.conftest import Arranged, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send
from tests.sealing import current_key, new_keyring, raw_of, with_notes

#: In nothing else that a test sends.
NOTE, OTHER = "rawat inap di rumah paman", "belum makan"
CLOSED = "1 catatan tidak dapat dibuka di server. Tulis lagi saat ada sinyal."


@pytest.fixture
def key() -> dict[str, str]:
    return current_key()


def notes() -> dict[uuid.UUID, str]:
    return {mark.household_id: mark.note for mark in rows(Attendance)}


def test_notes_that_were_sealed_stand_beside_the_marks(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str]
) -> None:
    one, two, three, four = melati.households
    command = with_notes(phone.everybody(melati, "sick"), key, {one: NOTE, two: f" {OTHER}\n"})
    assert outcomes(send(her, command)) == ["applied"]
    assert notes() == {one: NOTE, two: OTHER, three: "", four: ""}
    (claim,) = rows(RegisterClaim)
    assert claim.marks[str(one)]["note"] == NOTE


def test_a_phone_of_before_sends_them_in_clear(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    one, *_others = melati.households
    command = phone.everybody(melati, "sick")
    command["body"]["marks"][short_id(one)] = ["sick", None, "", NOTE]
    assert outcomes(send(her, command)) == ["applied"]
    assert notes()[one] == NOTE


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_correction_by_who_cannot_read_the_note_leaves_it(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str], order: tuple[int, int]
) -> None:
    """Also where the correction is the first to arrive: the register was tried again later."""
    one, *_others = melati.households
    first = with_notes(phone.everybody(melati, "sick"), key, {one: NOTE})
    second = phone.everybody(melati, "sick")
    second["body"]["marks"] = {short_id(one): ["excused", None, "", None]}
    commands = [first, second]
    for at in order:
        assert outcomes(send(her, commands[at]))[0] in {"applied", "look"}
    assert notes()[one] == NOTE
    assert {mark.household_id: mark.presence.value for mark in rows(Attendance)}[one] == "excused"


def test_notes_sent_again_are_answered_as_before(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str]
) -> None:
    command = with_notes(phone.everybody(melati), key, {melati.households[0]: NOTE})
    first, second = send(her, command), send(her, command)
    assert first.json["answers"] == second.json["answers"]
    (meeting,) = rows(Meeting)
    assert meeting.version == 1


def test_a_note_that_is_too_long_is_refused_in_the_words_of_one_in_clear(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str]
) -> None:
    one, *_others = melati.households
    plain, sealed = phone.everybody(melati), phone.everybody(melati)
    plain["body"]["marks"][short_id(one)] = ["present", None, "", "x" * 201]
    answer = send(her, plain, with_notes(sealed, key, {one: "x" * 201}))
    assert outcomes(answer) == ["refused", "refused"]
    first, second = (each["message"] for each in answer.json["answers"])
    assert first == second


def test_the_longest_notes_of_the_largest_register_fit(
    app: Flask, phone: Phone, key: dict[str, str]
) -> None:
    """In letters of three bytes, as no keyboard of the programme writes them."""
    families = [uuid.uuid4() for _ in range(100)]
    marks = {short_id(each): ["sick", None, "", ""] for each in families}
    body = {"group": str(uuid.uuid4()), "held_on": "2026-11-12", "base_version": 0, "head": None}
    plain = phone.command("attendance", body | {"marks": marks})
    sent = with_notes(plain, key, dict.fromkeys(families, "ꦲ" * 200))
    said = read_body(command_of(sent))
    assert isinstance(said, RegisterSaid)
    assert {mark.note for mark in said.marks.values()} == {"ꦲ" * 200}
    assert said.keeps_note == frozenset()


def command_of(sent: dict[str, Any]) -> Command:
    return Command(
        id=uuid.UUID(sent["id"]),
        owner=uuid.UUID(sent["owner"]),
        kind=Kind.ATTENDANCE,
        device=uuid.UUID(sent["device"]),
        seq=1,
        made_at=datetime.now(UTC),
        body=sent["body"],
        digest="",
    )


# ---- What does not open ----


@pytest.mark.parametrize("what", ["key", "owner", "text", "list", "parts", "cut"])
def test_no_family_goes_without_its_mark_over_a_note_that_does_not_open(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str], what: str
) -> None:
    one, *_others = melati.households
    other: dict[str, Any] = {
        "key": {"key_id": "0badc0de"},
        "owner": {"belongs_to": f"{uuid.uuid4()}|{uuid.uuid4()}"},
        "text": {"plain": b'{"a": '},
        "list": {"plain": b"[]"},
    }.get(what, {})
    command = with_notes(phone.everybody(melati), key, {one: NOTE}, **other)
    if what == "parts":
        command["body"]["sealed"] = None
    if what == "cut":
        data = command["body"]["sealed"]["data"]
        assert raw_of(data)
        command["body"]["sealed"]["data"] = data[:-4]
    answer = send(her, command)
    assert outcomes(answer) == ["look"]
    assert answer.json["answers"][0]["message"] == CLOSED
    assert set(notes().values()) == {""}
    assert {mark.presence.value for mark in rows(Attendance)} == {"present"}
    assert send(her, command).json["answers"] == answer.json["answers"]


def test_a_note_that_does_not_open_leaves_the_one_that_is_there(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str]
) -> None:
    one, *_others = melati.households
    send(her, with_notes(phone.everybody(melati), key, {one: NOTE}))
    anew = with_notes(phone.attendance(melati, {one: "sick"}), key, {one: OTHER}, key_id="0badc0de")
    assert outcomes(send(her, anew)) == ["look"]
    assert notes()[one] == NOTE


def test_notes_that_are_not_those_of_the_marks_are_refused(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str]
) -> None:
    """The program's fault: nobody can tell which is meant."""
    one, two, *_others = melati.households
    wrong = {short_id(one): NOTE, short_id(two): OTHER}

    def another(plain: str) -> dict[str, Any]:
        given = {"plain": plain.encode()}
        return with_notes(phone.everybody(melati), key, {one: NOTE}, **given)

    unsaid = phone.everybody(melati)
    unsaid["body"]["marks"][short_id(one)] = ["present", None, "n", None]
    commands = [
        unsaid,
        another("{}"),
        another(str(wrong).replace("'", '"')),
        another(f'{{"{short_id(one)}": 1}}'),
    ]
    assert outcomes(send(her, *commands)) == ["refused"] * len(commands)
    assert rows(Meeting) == []


def test_notes_of_another_are_not_opened(app: Flask, melati: Arranged, key: dict[str, str]) -> None:
    """Who finds a phone sends what lies there in her own name."""
    with transaction():
        colleague = actor_for(UserFactory())
    command = with_notes(Phone(melati.actor).everybody(melati), key, {melati.households[0]: NOTE})
    answer = send(browser_of(app, colleague), command | {"owner": str(colleague.user_id)})
    assert outcomes(answer) == ["refused"]
    assert NOTE not in answer.text
    assert rows(Meeting) == []


def test_a_server_without_any_such_key_leaves_the_register_on_the_phone(
    app: Flask,
    her: FlaskClient,
    phone: Phone,
    melati: Arranged,
    key: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = with_notes(phone.everybody(melati), key, {melati.households[0]: NOTE})
    with app.app_context():
        without = replace(current_keyring(), phone_keys=None)
    for keys, outcome in ((without, "later"), (new_keyring(), "applied")):
        monkeypatch.setitem(app.config, "CASEWORK_KEYS", keys.to_json())
        monkeypatch.setitem(app.extensions, "casework_keyring", None)
        assert outcomes(send(her, command)) == [outcome]
    assert len(rows(SyncReceipt)) == 1


def test_nothing_of_a_note_is_logged(
    her: FlaskClient,
    phone: Phone,
    melati: Arranged,
    key: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    one, *_others = melati.households
    answer = send(
        her,
        with_notes(phone.everybody(melati), key, {one: NOTE}),
        with_notes(phone.everybody(melati), key, {one: NOTE}, plain=f'["{NOTE}"]'.encode()),
        with_notes(phone.everybody(melati), key, {one: NOTE}, plain=f'{{"{NOTE}'.encode()),
        with_notes(phone.everybody(melati), key, {one: NOTE * 20}),
    )
    assert outcomes(answer) == ["applied", "look", "look", "refused"]
    assert "does not open" in caplog.text
    told = caplog.text + answer.text + repr([vars(record) for record in caplog.records])
    assert NOTE not in told
