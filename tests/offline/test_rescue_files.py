"""What a phone cannot send reaches the server as a file, and counts once its owner sends it."""

from __future__ import annotations

import io
import json
import re
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.transaction import transaction
from casework.economics.models import Observation
from casework.meetings.models import Meeting
from casework.offline import paces
from casework.offline.models import RescueFile, SyncReceipt
from casework.offline.rules import MOST_COMMANDS, MOST_FILE_BYTES, MOST_IN_A_FILE
from casework.readiness.models import ReadinessCheck
from casework.web.pace import Pace
from tests.factories.accounts import UserFactory, actor_for
from tests.meetings.conftest import NOON, Arranged, arrange, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send
from tests.sealing import sealed_command

Run = Callable[..., Any]


def rescued(*commands: Any) -> bytes:
    return json.dumps({"commands": commands, "again": {}}).encode()


def bring(client: FlaskClient, data: bytes, name: str = "kiriman-pkh.json") -> TestResponse:
    # Encoded here: the test client would leave a temporary file open for a large body.
    given = {"file": FileStorage(io.BytesIO(data), name)}
    boundary, body = encode_multipart(MultiDict(given))
    return client.post(
        "/outbox/file", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )


def brought(client: FlaskClient, data: bytes, name: str = "kiriman-pkh.json") -> str:
    """The address of its page."""
    answer = bring(client, data, name)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def press(client: FlaskClient, page: str) -> str:
    answer = client.post(page, follow_redirects=True)
    assert answer.status_code == 200
    return words(answer)


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


# ---- On the page ----


def test_she_sees_what_is_in_it_sends_it_and_sees_what_became_of_it(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    commands = [
        phone.everybody(melati),
        phone.observation(melati.households[0]),
        phone.observation(uuid.uuid4()),
    ]
    page = brought(her, rescued(*commands))
    before = words(her.get(page))
    assert "Kehadiran: Melati, 12 Nov 2026" in before
    assert before.count("Belum terkirim") == 3
    assert rows(Meeting) == rows(SyncReceipt) == []
    after = press(her, page)
    assert "2 data diterima. 1 data tidak diterima, lihat alasannya." in after
    assert after.count(" Diterima ") == 2
    assert "Keluarga ini tidak Anda dampingi" in after
    assert "Kirim atas nama saya" not in after
    assert len(rows(Meeting)) == len(rows(Observation)) == 1
    assert len(rows(SyncReceipt)) == 3


def test_what_was_sent_meanwhile_gets_its_first_answer_and_nothing_doubles(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    commands = [
        phone.everybody(melati),
        phone.readiness(melati.households[0], family_is_ready=True),
    ]
    page = brought(her, rescued(*commands))
    first = send(her, commands[0]).json["answers"]
    press(her, page)
    press(her, page)
    with clock.at(NOON + timedelta(hours=1)):
        answers = send(her, *commands).json["answers"]
    assert answers[:1] == first
    assert [each["outcome"] for each in answers] == ["applied", "applied"]
    (meeting,) = rows(Meeting)
    assert meeting.version == 1
    assert len(rows(ReadinessCheck)) == 1


def test_the_phone_that_works_again_is_told_that_it_was_received(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command = phone.everybody(melati)
    press(her, brought(her, rescued(command)))
    assert outcomes(send(her, command)) == ["applied"]
    (meeting,) = rows(Meeting)
    assert meeting.version == 1


def test_the_same_file_again_is_the_same_file(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    data = rescued(phone.everybody(melati))
    assert brought(her, data) == brought(her, data, "kiriman-pkh (1).json")
    assert len(rows(RescueFile)) == 1


def test_a_large_file_goes_in_several_presses(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    family = melati.households[0]
    commands = [phone.readiness(family, family_is_ready=True) for _ in range(MOST_COMMANDS + 10)]
    for each in commands:
        each["body"]["answered_on"] = "2026-01-05"
    page = brought(her, rescued(*commands))
    assert "Tekan lagi untuk melanjutkan" in press(her, page)
    assert len(rows(SyncReceipt)) == MOST_COMMANDS
    assert "Tidak ada lagi yang perlu dikirim" in press(her, page)
    assert len(rows(SyncReceipt)) == len(rows(ReadinessCheck)) == len(commands)


def test_what_was_sealed_on_the_phone_is_opened_only_when_it_is_sent(
    app: Flask, her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    family = melati.households[0]
    secret = phone.observation(family, saves_per_month=123_456)
    command = sealed_command(secret, her.get("/sync/key").json)
    page = brought(her, rescued(command))
    assert "123" not in words(her.get(page))
    press(her, page)
    (observation,) = rows(Observation)
    assert observation.saves_per_month == 123_456


def test_the_file_lies_sealed_in_the_database(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command = phone.everybody(melati)
    brought(her, rescued(command))
    (kept,) = rows(RescueFile)
    assert kept.content_sealed is not None
    assert command["id"].encode() not in kept.content_sealed


def test_a_file_that_nobody_sent_is_emptied_and_says_so(
    app: Flask, her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    page = brought(her, rescued(phone.everybody(melati)))
    with clock.at(NOON + timedelta(days=91)):
        later = browser_of(app, melati.actor)
        brought(later, rescued(phone.observation(melati.households[0])))
        assert "Berkas ini tidak lagi disimpan" in words(later.get(page))
        press(later, page)
    assert rows(Meeting) == []


def test_the_trail_says_that_it_came_from_a_file_and_who_brought_it(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command = phone.everybody(melati)
    press(her, brought(her, rescued(command)))
    lines = [
        (each.tag, each.actor_id)
        for each in sorted(rows(AuditEntry), key=lambda each: each.id)
        if each.tag.startswith(("outbox", "meeting"))
    ]
    assert [tag for tag, _ in lines] == ["outbox:take-file", "outbox:send-file", "meeting:receive"]
    assert {person for _, person in lines} == {melati.actor.user_id}
    (entry,) = rows(AuditEntry, tag="outbox:send-file")
    assert entry.data["commands"] == [command["id"]]
    assert entry.data["brought_by"] == melati.actor.name


# ---- Whose it is ----


def test_a_file_of_somebody_else_is_refused(app: Flask, phone: Phone, melati: Arranged) -> None:
    with transaction():
        colleague = actor_for(UserFactory())
    answer = bring(browser_of(app, colleague), rescued(phone.everybody(melati)))
    assert answer.status_code == 422
    assert "dari HP orang lain" in words(answer)
    assert rows(RescueFile) == []


def test_of_a_file_with_work_of_two_only_hers_is_sent(
    app: Flask, her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    other = arrange(name="Cempaka", households=1)
    foreign = Phone(other.actor).everybody(other)
    page = brought(her, rescued(phone.observation(melati.households[0]), foreign))
    assert "1 data diterima." in press(her, page)
    assert "Dibuat orang lain" in words(her.get(page))
    assert "Cempaka" not in words(her.get(page))
    assert rows(Meeting) == []


def test_her_file_is_not_there_for_others(app: Flask, her: FlaskClient, phone: Phone) -> None:
    page = brought(her, rescued(phone.readiness(uuid.uuid4())))
    with transaction():
        colleague = actor_for(UserFactory())
        supervisor = actor_for(UserFactory(supervisor=True))
    for is_kept in (True, False):
        if not is_kept:
            with transaction() as session:
                session.execute(update(RescueFile).values(content_sealed=None))
        for person in (colleague, supervisor):
            browser = browser_of(app, person)
            assert browser.get(page).status_code == 404
            assert browser.post(page).status_code == 404
    assert rows(SyncReceipt) == []


def test_the_same_id_with_other_content_is_said_so_and_the_first_stands(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command = phone.everybody(melati)
    send(her, command)
    forged = phone.everybody(melati, "absent") | {"id": command["id"]}
    page = brought(her, rescued(forged))
    assert "Sudah dikirim dengan isi lain" in press(her, page)
    (meeting,) = rows(Meeting)
    assert meeting.present == 4


# ---- What is no such file ----


BROKEN = {
    "empty": (b"", "Berkas ini kosong"),
    "blank": (b" \n", "Berkas ini kosong"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "bukan berkas penyelamatan"),
    "a page": (b"<html><form>Wi-Fi</form></html>", "bukan berkas penyelamatan"),
    "cut": (b'{"commands":[{"id":"', "bukan berkas penyelamatan"),
    "another JSON": (b'{"name":"x"}', "bukan berkas penyelamatan"),
    "no commands": (b'{"commands":[]}', "bukan berkas penyelamatan"),
    "brackets": (b"[" * 100_000, "bukan berkas penyelamatan"),
    "many": (json.dumps({"commands": [1] * (MOST_IN_A_FILE + 1)}).encode(), "bukan berkas"),
    "large": (b" " * MOST_FILE_BYTES + b"x", "terlalu besar"),
    "a number too long": (b'{"commands":[' + b"9" * 5000 + b"]}", "berkas"),
    "unreadable commands": (b'{"commands":[{"id":"x"},7,null]}', "tidak terbaca"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_rescue_file_is_told_at_once_and_nothing_is_kept(
    her: FlaskClient, run_command: Run, tmp_path: Path, name: str
) -> None:
    data, message = BROKEN[name]
    started = time.monotonic()
    answer = bring(her, data)
    assert answer.status_code == 422
    assert message in words(answer)
    path = tmp_path / "kiriman-pkh.json"
    path.write_bytes(data)
    done = run_command("outbox", "import", path)
    assert done.exit_code == 2
    assert message in done.output
    assert time.monotonic() - started < 2  # both ways, on a machine that does other things too
    assert rows(RescueFile) == []


def test_without_a_file_it_says_so(her: FlaskClient) -> None:
    answer = her.post("/outbox/file", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Pilih berkas" in words(answer)


def test_one_command_that_cannot_be_read_keeps_none_of_the_others_back(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    page = brought(her, b"\xef\xbb\xbf" + rescued({"id": "x"}, phone.everybody(melati), None))
    after = press(her, page)
    assert "1 data diterima." in after
    assert after.count("Tidak terbaca") == 2
    assert len(rows(Meeting)) == 1


def test_neither_an_id_nor_a_name_that_cannot_be_written_keeps_the_others_back(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    data = rescued({"id": "\ud800\0x"}, phone.everybody(melati))
    page = brought(her, data, name="kiriman\0.json")
    assert "??X" in words(her.get(page))
    assert "1 data diterima." in press(her, page)


def test_a_command_that_fails_waits_and_is_named(
    her: FlaskClient, phone: Phone, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError

    page = brought(her, rescued(phone.readiness(melati.households[0], family_is_ready=True)))
    with monkeypatch.context() as broken:
        broken.setattr("casework.offline.actions.carrying_out.answer_questions", breaks)
        assert "Sebagian belum terkirim" in press(her, page)
    (kept,) = rows(RescueFile)
    assert kept.sent_at is None
    press(her, page)
    assert len(rows(ReadinessCheck)) == 1


def test_too_much_at_once_is_told_and_loses_nothing(
    her: FlaskClient, phone: Phone, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [brought(her, rescued(phone.observation(melati.households[n]))) for n in (0, 1)]
    pace = Pace("sending", most=5, a_second=0.1, now=lambda: at)
    monkeypatch.setattr(paces, "SENDING", pace)
    at = 0.0
    press(her, pages[0])
    answer = her.post(pages[1])
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "50")
    assert "tidak ada data yang hilang" in words(answer)
    at = 50.0
    press(her, pages[1])
    assert len(rows(Observation)) == 2


# ---- At the command line ----


@pytest.fixture
def take_in(run_command: Run, tmp_path: Path) -> Run:
    def run(*commands: Any, options: tuple[str, ...] = ()) -> Any:
        path = tmp_path / "kiriman-pkh.json"
        path.write_bytes(rescued(*commands))
        return run_command("outbox", "import", path, *options)

    return run


def test_what_an_operator_takes_in_waits_for_its_owner(
    take_in: Run, her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    done = take_in(phone.everybody(melati))
    assert done.exit_code == 0, done.output
    assert melati.actor.name in done.output
    assert "1 belum diterima" in done.output
    # Anybody can write such a file: nothing has happened yet.
    assert rows(Meeting) == rows(SyncReceipt) == []
    (kept,) = rows(RescueFile)
    page = f"/outbox/file/{kept.id}"
    assert page in her.get("/outbox/file").text
    assert "Berkas ini dibawa oleh kantor (flask)" in words(her.get(page))
    press(her, page)
    assert len(rows(Meeting)) == 1
    (taken,) = rows(AuditEntry, tag="outbox:take-file")
    (sent,) = rows(AuditEntry, tag="outbox:send-file")
    assert (taken.actor_name, taken.data["owner"]) == ("flask", str(melati.actor.user_id))
    assert (sent.actor_id, sent.data["brought_by"]) == (melati.actor.user_id, "flask")


def test_a_dry_run_says_the_same_and_keeps_nothing(
    take_in: Run, phone: Phone, melati: Arranged
) -> None:
    done = take_in(phone.everybody(melati), options=("--dry-run",))
    assert done.exit_code == 0
    assert "1 belum diterima" in done.output
    assert rows(RescueFile) == rows(AuditEntry, tag="outbox:take-file") == []


def test_what_was_received_before_is_told_and_not_kept(
    take_in: Run, her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    command = phone.everybody(melati)
    send(her, command)
    done = take_in(command)
    assert done.exit_code == 0
    assert "Tidak ada lagi yang perlu dikirim" in done.output
    assert rows(RescueFile) == []


def test_what_cannot_be_read_in_it_ends_with_status_1_and_the_rest_waits(
    take_in: Run, phone: Phone, melati: Arranged
) -> None:
    done = take_in(phone.everybody(melati), {"id": "x"})
    assert done.exit_code == 1
    assert "1 data tidak terbaca" in done.output
    assert len(rows(RescueFile)) == 1


def _of_nobody(phone: Phone, melati: Arranged) -> list[Any]:
    return [phone.everybody(melati) | {"owner": str(uuid.uuid4())}]


def _of_two(phone: Phone, melati: Arranged) -> list[Any]:
    return [phone.everybody(melati), phone.everybody(melati) | {"owner": str(uuid.uuid4())}]


@pytest.mark.parametrize(
    ("made", "message"),
    [(_of_nobody, "berasal dari server lain"), (_of_two, "berisi data beberapa orang")],
)
def test_a_file_of_nobody_or_of_several_is_refused(
    take_in: Run, phone: Phone, melati: Arranged, made: Any, message: str
) -> None:
    done = take_in(*made(phone, melati))
    assert done.exit_code == 2
    assert message in done.output
    assert rows(RescueFile) == []


def test_a_file_whose_owner_cannot_sign_in_any_more_is_refused(
    take_in: Run, phone: Phone, melati: Arranged
) -> None:
    with transaction() as session:
        session.get(User, melati.actor.user_id).is_active = False
    done = take_in(phone.everybody(melati))
    assert done.exit_code == 2
    assert "akunnya nonaktif" in done.output


def test_a_missing_file_ends_with_status_2(run_command: Run, tmp_path: Path) -> None:
    done = run_command("outbox", "import", tmp_path / "none.json")
    assert done.exit_code == 2
    assert "none.json" in done.output


def test_help_has_examples_and_statuses(run_command: Run) -> None:
    for command in ("import", "restored"):
        text = run_command("outbox", command, "--help").output
        assert f"flask outbox {command}" in text
    assert "Exit status" in run_command("outbox", "import", "--help").output
