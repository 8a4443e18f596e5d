"""What is kept of what phones sent goes when nobody needs it any more, and nothing doubles then."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.access.actor import command_line
from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.transaction import transaction
from casework.economics.models import Observation
from casework.meetings.actions.record import record_meeting
from casework.meetings.actions.recount import differences
from casework.meetings.models import Attendance, Meeting, RegisterClaim
from casework.meetings.rules import Mark, Presence, settle
from casework.offline.actions import rescue_files, tidying
from casework.offline.models import RescueFile, SyncReceipt
from casework.readiness.models import ReadinessCheck
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send

Run = Callable[..., Any]

HALF_A_YEAR = NOON + timedelta(days=181)
LONG_AFTER = NOON + timedelta(days=402)


@pytest.fixture
def tidied(run_command: Run) -> Callable[[datetime], str]:
    def run(at: datetime) -> str:
        with clock.at(at):
            done = run_command("outbox", "tidy")
        assert done.exit_code == 0, done.output
        return str(done.output)

    return run


def everything(phone: Phone, group: Arranged) -> list[dict[str, Any]]:
    family = group.households[0]
    return [
        phone.everybody(group),
        phone.observation(family),
        phone.readiness(family, family_is_ready=True),
    ]


def test_receipts_go_after_half_a_year_and_not_before(
    her: FlaskClient, phone: Phone, melati: Arranged, tidied: Callable[[datetime], str]
) -> None:
    send(her, *everything(phone, melati))
    tidied(NOON + timedelta(days=179))
    assert len(rows(SyncReceipt)) == 3
    assert "3 tanda terima" in tidied(HALF_A_YEAR)
    assert rows(SyncReceipt) == []
    assert len(rows(RegisterClaim)) == 1
    (entry,) = rows(AuditEntry, tag="outbox:tidy")
    assert entry.data == {"receipts": 3, "claims": 0}
    assert "0 tanda terima" in tidied(HALF_A_YEAR)


def test_what_phones_said_goes_after_a_year_and_what_stands_stays(
    her: FlaskClient, phone: Phone, melati: Arranged, tidied: Callable[[datetime], str]
) -> None:
    send(her, phone.everybody(melati))
    other = phone.attendance(melati, {melati.households[0]: "sick"}, base_version=1, head=None)
    send(her, other)
    before = {mark.household_id: mark.presence for mark in rows(Attendance)}
    tidied(NOON + timedelta(days=399))
    assert len(rows(RegisterClaim)) == 2
    assert "2 catatan HP" in tidied(LONG_AFTER)
    assert rows(RegisterClaim) == []
    assert {mark.household_id: mark.presence for mark in rows(Attendance)} == before
    assert differences(melati.area_id) == []


def test_what_still_differs_is_kept_until_somebody_settles_it(
    her: FlaskClient, phone: Phone, melati: Arranged, tidied: Callable[[datetime], str]
) -> None:
    send(her, phone.everybody(melati), Phone(melati.actor).everybody(melati, "absent"))
    (meeting,) = rows(Meeting)
    assert meeting.differing == 4
    tidied(LONG_AFTER)
    assert len(rows(RegisterClaim)) == 2


def test_what_comes_again_after_its_receipt_is_gone_does_not_double(
    app: Flask,
    her: FlaskClient,
    phone: Phone,
    melati: Arranged,
    tidied: Callable[[datetime], str],
) -> None:
    commands = everything(phone, melati)
    send(her, *commands)
    tidied(HALF_A_YEAR)
    with clock.at(HALF_A_YEAR):
        answer = send(browser_of(app, melati.actor), *commands)
    assert outcomes(answer) == ["refused", "applied", "refused"]
    for at in (0, 2):
        assert answer.json["answers"][at]["message"] == "Data ini sudah pernah dikirim."
    (meeting,) = rows(Meeting)
    assert meeting.version == 1
    assert [len(rows(kind)) for kind in (RegisterClaim, Observation, ReadinessCheck)] == [1, 1, 1]
    # And when the claim is gone as well.
    tidied(LONG_AFTER)
    with clock.at(LONG_AFTER):
        answer = send(browser_of(app, melati.actor), phone.everybody(melati), commands[0])
    assert outcomes(answer) == ["refused", "refused"]
    (meeting,) = rows(Meeting)
    assert meeting.version == 1


def test_it_goes_a_few_at_a_time_and_lets_people_work_meanwhile(
    app: Flask, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "_RECEIPTS_AT_ONCE", 2)
    phone = Phone(melati.actor)
    sent = [phone.observation(key) for key in (*melati.households, melati.households[0])]
    send(browser_of(app, melati.actor), *sent)
    assert len(rows(SyncReceipt)) == 5
    with clock.at(HALF_A_YEAR):
        her = browser_of(app, melati.actor)
        removed = []
        for each in tidying.tidy(command_line(), melati.area_id):
            removed.append(each.receipts)
            # A transaction of its own, which holds nobody up.
            assert outcomes(send(her, phone.observation(melati.households[0]))) == ["applied"]
        assert removed == [2, 2, 1]
        # Stopped in between, it would have gone on the next time; what came meanwhile stays.
        assert len(rows(SyncReceipt)) == 3


def test_other_regencies_are_left_alone(app: Flask, melati: Arranged) -> None:
    send(browser_of(app, melati.actor), *everything(Phone(melati.actor), melati))
    with clock.at(LONG_AFTER):
        assert list(tidying.tidy(command_line(), 7172)) == []
    assert len(rows(SyncReceipt)) == 3


def test_a_rescue_file_that_nobody_sent_is_emptied(
    phone: Phone, melati: Arranged, tidied: Callable[[datetime], str]
) -> None:
    text = json.dumps({"commands": [phone.everybody(melati)]})
    rescued = rescue_files.read(text.encode())
    with transaction():
        rescue_files.keep(command_line(), melati.actor, rescued, "kiriman-pkh.json")
    tidied(NOON + timedelta(days=89))
    assert rows(RescueFile)[0].content_sealed is not None
    assert "1 berkas penyelamatan" in tidied(NOON + timedelta(days=91))
    assert rows(RescueFile)[0].content_sealed is None


def test_a_meeting_without_claims_is_corrected_from_the_page_as_ever(
    app: Flask, her: FlaskClient, phone: Phone, tidied: Callable[[datetime], str]
) -> None:
    group = arrange(phone.owner.username, households=2, name="Mawar")
    send(her, phone.everybody(group))
    tidied(LONG_AFTER)
    sick = Mark(Presence.SICK, settle(Presence.SICK, None))
    with clock.at(LONG_AFTER), transaction():
        record_meeting(
            phone.owner,
            group.group_id,
            held_on=TODAY,
            lessons=(5,),
            marks={group.households[0]: sick},
            base_version=1,
            topic="",
            place="Balai",
        )
    assert sorted(mark.presence.value for mark in rows(Attendance)) == ["present", "sick"]
