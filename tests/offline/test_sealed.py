"""What holds money or an answer comes sealed to the server, which alone opens it."""

from __future__ import annotations

import base64
import json
import logging
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.core import clock
from casework.core.crypto import current_keyring, rotate_phone_keys
from casework.core.transaction import transaction
from casework.economics.models import Observation
from casework.offline.models import SyncReceipt
from casework.readiness.models import ReadinessCheck
from tests.factories.accounts import UserFactory, actor_for
from tests.meetings.conftest import NOON, Arranged, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send
from tests.sealing import base64url, current_key, new_keyring, phone_keys, raw_of, sealed_command

CANNOT_BE_OPENED = "Data ini tidak dapat dibuka di server. Isi lagi saat ada sinyal."
#: In nothing else that a test sends.
SECRET_NOTE, SECRET_SUM = "dipinjam dari paman", 7_654_321


@pytest.fixture
def key(her: FlaskClient) -> dict[str, str]:
    answer = her.get("/sync/key")
    assert answer.status_code == 200
    return dict(answer.json)


@pytest.fixture
def secret(phone: Phone, melati: Arranged) -> dict[str, Any]:
    """A command not sealed yet."""
    return phone.observation(melati.households[0], income_per_month=SECRET_SUM, note=SECRET_NOTE)


def serve_with(
    app: Flask, monkeypatch: pytest.MonkeyPatch, keys: str | None, path: Path | None = None
) -> None:
    """Other keys, as after a restart."""
    monkeypatch.setitem(app.config, "CASEWORK_KEYS", keys)
    monkeypatch.setitem(app.config, "KEYS_FILE", path)
    monkeypatch.setitem(app.extensions, "casework_keyring", None)


@pytest.fixture
def key_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The keys of the application come from there."""
    path = tmp_path / "casework.key"
    path.touch(mode=0o600)
    path.write_text(new_keyring().to_json())
    serve_with(app, monkeypatch, None, path)
    return path


# ---- The key ----


def test_a_phone_is_given_the_key_to_seal_to(key: dict[str, str]) -> None:
    spki = base64.b64encode(phone_keys().public_key()).decode()
    assert key == {"id": phone_keys().active, "spki": spki}


def test_only_who_works_in_the_field_is_given_it(
    app: Flask, client: FlaskClient, melati: Arranged
) -> None:
    assert client.get("/sync/key").status_code == 401
    with transaction():
        supervisor = actor_for(UserFactory(supervisor=True))
    assert browser_of(app, supervisor).get("/sync/key").status_code == 404


def test_asking_for_it_does_not_keep_a_login_alive(her: FlaskClient) -> None:
    for hours, status in ((5, 200), (10, 200), (13, 401)):
        with clock.at(NOON + timedelta(hours=hours)):
            answer = her.get("/sync/key")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")


# ---- What is opened ----


def test_a_sealed_observation_and_a_sealed_check_are_saved(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str], secret: dict[str, Any]
) -> None:
    checked = phone.readiness(melati.households[0], family_is_ready=True)
    answer = send(her, sealed_command(secret, key), sealed_command(checked, key))
    assert outcomes(answer) == ["applied", "applied"]
    (observation,) = rows(Observation)
    assert str(observation.id) == secret["id"]
    assert (observation.income_per_month, observation.note) == (SECRET_SUM, SECRET_NOTE)
    (check,) = rows(ReadinessCheck)
    assert check.answers == {"family_is_ready": True}


def test_the_longest_note_fits(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str]
) -> None:
    command = phone.observation(melati.households[0], note="🌾" * 500)
    assert outcomes(send(her, sealed_command(command, key))) == ["applied"]
    (observation,) = rows(Observation)
    assert observation.note == "🌾" * 500


def test_what_was_sealed_is_refused_in_the_words_of_what_was_not(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str]
) -> None:
    plain = [
        phone.observation(melati.households[0], saves_per_month="50.000"),
        phone.observation(melati.households[0], note="x" * 501),
        phone.observation(uuid.uuid4()),
    ]
    sealed = [sealed_command(each | {"id": str(uuid.uuid4())}, key) for each in plain]
    answer = send(her, *plain, *sealed)
    assert outcomes(answer) == ["refused"] * 6
    words = [each["message"] for each in answer.json["answers"]]
    assert words[:3] == words[3:]
    assert CANNOT_BE_OPENED not in words


def test_a_sealed_command_sent_again_is_answered_as_before(
    her: FlaskClient, key: dict[str, str], secret: dict[str, Any]
) -> None:
    command = sealed_command(secret, key)
    first, second = send(her, command), send(her, command)
    assert first.json["answers"] == second.json["answers"]
    # Sealed anew it is another text with a used id; nobody looks inside.
    assert outcomes(send(her, sealed_command(secret, key))) == ["reused"]
    assert len(rows(Observation)) == 1


def test_a_sealed_command_sent_by_another_stays_its_owners(
    app: Flask, key: dict[str, str], secret: dict[str, Any]
) -> None:
    with transaction():
        colleague = actor_for(UserFactory())
    command = sealed_command(secret, key)
    taken = command | {"owner": str(colleague.user_id)}
    browser = browser_of(app, colleague)
    assert outcomes(send(browser, command)) == ["not_yours"]
    answer = send(browser, taken)
    assert outcomes(answer) == ["refused"]
    assert answer.json["answers"][0]["message"] == CANNOT_BE_OPENED


# ---- Other keys since ----


def test_a_command_sealed_before_a_rotation_is_opened_after_it(
    app: Flask,
    her: FlaskClient,
    phone: Phone,
    melati: Arranged,
    key_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = her.get("/sync/key").json
    late = sealed_command(phone.observation(melati.households[0]), old)
    rotated = rotate_phone_keys(key_file)
    serve_with(app, monkeypatch, None, key_file)
    new = her.get("/sync/key").json
    assert (new["id"], new["id"] != old["id"]) == (rotated.active, True)
    soon = sealed_command(phone.observation(melati.households[1]), new)
    assert outcomes(send(her, late, soon)) == ["applied", "applied"]


def test_a_process_not_restarted_yet_opens_what_was_sealed_to_the_new_key(
    her: FlaskClient, key_file: Path, secret: dict[str, Any]
) -> None:
    """Its neighbour was, and gave the key away."""
    her.get("/sync/key")
    rotated = rotate_phone_keys(key_file)
    assert outcomes(send(her, sealed_command(secret, current_key(rotated)))) == ["applied"]


def test_a_server_without_any_such_key_leaves_the_command_on_the_phone(
    app: Flask,
    her: FlaskClient,
    key: dict[str, str],
    secret: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As after the restore of an old key file: nothing is wrong with the command."""
    command = sealed_command(secret, key)
    with app.app_context():
        without = replace(current_keyring(), phone_keys=None)
    serve_with(app, monkeypatch, without.to_json())
    answer = her.get("/sync/key")
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "no-phone-keys")
    assert outcomes(send(her, command)) == ["later"]
    assert rows(SyncReceipt) == []
    serve_with(app, monkeypatch, new_keyring().to_json())
    assert outcomes(send(her, command)) == ["applied"]


# ---- What does not open ----


def test_what_does_not_open_is_refused_for_good_and_keeps_back_nothing_else(
    her: FlaskClient, phone: Phone, melati: Arranged, key: dict[str, str], secret: dict[str, Any]
) -> None:
    family = melati.households[1]

    def another(**other: Any) -> dict[str, Any]:
        return sealed_command(phone.observation(family), key, **other)

    def spoilt(part: str, change: Any) -> dict[str, Any]:
        command = another()
        parts = command["body"]["sealed"]
        return command | {"body": {"sealed": parts | {part: change(parts[part])}}}

    def flipped(text: str) -> str:
        raw = bytearray(raw_of(text))
        raw[-1] ^= 1
        return base64url(bytes(raw))

    closed = [
        another(key_id="0badc0de"),
        another(belongs_to=f"{uuid.uuid4()}|{secret['id']}"),
        phone.observation(family) | {"body": another()["body"]},
        another(plain=b"[]"),
        *(spoilt(part, flipped) for part in ("wrapped", "nonce", "data")),
        *(spoilt(part, lambda text: text[:-4]) for part in ("key", "wrapped", "nonce", "data")),
    ]
    commands = [*closed, sealed_command(secret, key)]
    answer = send(her, *commands)
    assert outcomes(answer) == [*["refused"] * len(closed), "applied"]
    assert {each["message"] for each in answer.json["answers"][:-1]} == {CANNOT_BE_OPENED}
    assert send(her, *commands).json["answers"] == answer.json["answers"]
    assert len(rows(SyncReceipt)) == len(closed) + 1
    assert [str(each.id) for each in rows(Observation)] == [secret["id"]]


def test_the_log_names_an_unknown_key_and_the_answer_does_not(
    her: FlaskClient,
    key: dict[str, str],
    secret: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = send(her, sealed_command(secret, key, key_id="0badc0de"))
    assert f"{secret['id']} does not open: the key file does not hold key 0badc0de" in caplog.text
    assert "0badc0de" not in answer.text


def test_nothing_of_what_was_sealed_is_logged(
    her: FlaskClient,
    phone: Phone,
    melati: Arranged,
    key: dict[str, str],
    secret: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("casework.offline.actions.carrying_out.answer_questions", breaks)
    caplog.set_level(logging.DEBUG)
    family = melati.households[0]
    cut = json.dumps(secret["body"])[:-1].encode()
    answer = send(
        her,
        sealed_command(secret, key),
        sealed_command(phone.observation(family, borrows_from=SECRET_NOTE), key),
        sealed_command(phone.observation(family), key, plain=cut),
        sealed_command(phone.observation(family), key, plain=f'["{SECRET_NOTE}"]'.encode()),
        sealed_command(phone.observation(family, note=SECRET_NOTE), key, key_id="0badc0de"),
        sealed_command(phone.readiness(family, **{SECRET_NOTE: True}), key),
    )
    assert outcomes(answer) == ["applied", *["refused"] * 4, "later"]
    assert "does not open" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    told = caplog.text + answer.text + repr([vars(record) for record in caplog.records])
    for word in (SECRET_NOTE, str(SECRET_SUM), "income_per_month"):
        assert word not in told
