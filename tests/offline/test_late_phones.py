"""A phone that was off for months: each thing on it gets its answer in words, once."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from casework.accounts.models import User
from casework.core import clock
from casework.core.transaction import transaction
from casework.economics.models import Observation
from casework.meetings.models import Meeting, RegisterClaim
from casework.offline.models import SyncReceipt
from casework.readiness.models import ReadinessCheck
from tests.factories.places import ensure_region
from tests.meetings.conftest import NOON, TODAY, Arranged, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send

MONTHS_LATER = NOON + timedelta(days=150)
NEXT_YEAR = NOON + timedelta(days=400)


def test_a_register_that_comes_months_late_is_refused_in_words(
    app: Flask, phone: Phone, melati: Arranged
) -> None:
    command = phone.everybody(melati)
    with clock.at(MONTHS_LATER):
        answer = send(browser_of(app, melati.actor), command)
    assert outcomes(answer) == ["refused"]
    (told,) = answer.json["answers"]
    assert told["message"] == "Tanggal harus di bulan ini atau bulan lalu."
    assert told["fields"] == ["held_on"]
    assert rows(Meeting) == []


def test_what_was_seen_months_ago_is_still_taken_with_its_own_day(
    app: Flask, phone: Phone, melati: Arranged
) -> None:
    command = phone.observation(melati.households[0])
    with clock.at(MONTHS_LATER):
        assert outcomes(send(browser_of(app, melati.actor), command)) == ["applied"]
    (observation,) = rows(Observation)
    assert (observation.observed_on, observation.recorded_at) == (TODAY, MONTHS_LATER)


def test_what_was_received_and_is_sent_again_a_year_later_gets_its_first_answer(
    app: Flask, her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    """The answer was lost, and then the phone lay in a drawer."""
    commands = [
        phone.everybody(melati),
        phone.observation(melati.households[0]),
        phone.readiness(melati.households[0], family_is_ready=True),
    ]
    first = send(her, *commands).json["answers"]
    with clock.at(NEXT_YEAR):
        again = send(browser_of(app, melati.actor), *commands)
    assert again.json["answers"] == first
    (meeting,) = rows(Meeting)
    assert meeting.version == 1
    assert [len(rows(kind)) for kind in (RegisterClaim, Observation, ReadinessCheck)] == [1, 1, 1]
    assert len(rows(SyncReceipt)) == 3


def test_who_works_in_another_regency_by_then_is_told_and_nothing_doubles(
    app: Flask, her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    """Her receipts lie in the regency that she left."""
    commands = [phone.everybody(melati), phone.observation(melati.households[0])]
    send(her, *commands)
    with transaction() as session:
        session.get(User, melati.actor.user_id).region_code = ensure_region("71.72.01")
    with clock.at(MONTHS_LATER):
        answer = send(browser_of(app, melati.actor), *commands)
    assert outcomes(answer) == ["refused", "refused"]
    assert "tidak Anda dampingi" in answer.json["answers"][0]["message"]
    assert len(rows(Observation)) == len(rows(RegisterClaim)) == 1
