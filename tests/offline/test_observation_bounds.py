"""Observations that the page with signal would not take at once, brought by a phone."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from casework.core import clock
from casework.core.transaction import transaction
from casework.economics.models import Observation
from casework.economics.rules import MOST_OBSERVATIONS
from casework.offline.models import SyncReceipt
from tests.meetings.conftest import NOON, Arranged, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send


def test_more_of_one_family_in_a_day_than_may_be_is_refused_in_words_and_the_first_answers_stand(
    app: Flask, her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    family, next_door = melati.households[:2]
    many = [phone.observation(family) for _ in range(MOST_OBSERVATIONS + 1)]
    first = send(her, *many).json["answers"]
    assert [each["outcome"] for each in first] == ["applied"] * MOST_OBSERVATIONS + ["refused"]
    assert first[-1]["message"] == (
        "Hari ini Anda sudah mencatat 20 pengamatan keluarga ini. Lanjutkan besok."
    )
    assert len(rows(Observation)) == MOST_OBSERVATIONS
    assert outcomes(send(her, phone.observation(next_door))) == ["applied"]
    with clock.at(NOON + timedelta(days=1)):
        again = browser_of(app, melati.actor)
        later = send(again, *many, phone.observation(family)).json["answers"]
    assert later[:-1] == first
    assert later[-1]["outcome"] == "applied"


def test_what_came_before_is_known_also_where_its_receipt_is_gone_and_the_day_is_full(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    many = [phone.observation(melati.households[0]) for _ in range(MOST_OBSERVATIONS)]
    send(her, *many)
    with transaction() as session:
        session.execute(delete(SyncReceipt))
    assert outcomes(send(her, *many)) == ["applied"] * MOST_OBSERVATIONS
    assert len(rows(Observation)) == MOST_OBSERVATIONS


def test_an_amount_that_the_page_would_ask_about_is_taken_as_it_was_typed(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    """Nobody is there to answer, and what is refused is lost on the phone, where it lies sealed."""
    large = {"income_per_month": 30_000_000, "savings_total": 90_000_000}
    family = melati.households[0]
    assert outcomes(send(her, phone.observation(family, **large))) == ["applied"]
    [row] = rows(Observation)
    assert (row.income_per_month, row.savings_total) == (30_000_000, 90_000_000)
