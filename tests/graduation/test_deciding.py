"""What a supervisor sees and presses: evidence, reason, one question, decision."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.core.db import db
from casework.graduation.models import Nomination
from casework.graduation.states import DECISIONS, NominationStatus, Step
from tests.factories.accounts import sign_in
from tests.factories.graduation import REASON, Cast, cast, nominate, open_all, state_of
from tests.graduation.browsing import Person

S = NominationStatus

#: The last one answers the question that comes before what nobody takes back.
MOST_TAPS = 7

BUTTONS = ("Setujui usulan", "Kembalikan untuk dilengkapi", "Tolak usulan")


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="Ibu Aminah")


@pytest.fixture
def nomination_id(people: Cast) -> uuid.UUID:
    return nominate(people)


@pytest.fixture
def rina(client: FlaskClient, people: Cast) -> Person:
    """The supervisor, with a browser."""
    sign_in(client, people.supervisor)
    return Person(client)


@pytest.fixture
def ready(people: Cast, nomination_id: uuid.UUID, rina: Person) -> Person:
    """At the page of a nomination whose evidence she has seen."""
    open_all(people.theirs, nomination_id)
    rina.opens(f"/nominations/{nomination_id}")
    return rina


def test_a_supervisor_approves_in_seven_taps_and_a_reason(
    rina: Person, nomination_id: uuid.UUID
) -> None:
    rina.opens("/nominations/")
    rina.taps_link("Ibu Aminah")
    assert "Buka semua bukti dulu: 3 belum dibuka." in rina.text
    rina.presses("Buka")
    rina.presses("Buka berikutnya (sisa 2)")
    rina.presses("Buka berikutnya (sisa 1)")
    rina.taps_link("Ke keputusan Anda")
    assert "belum dibuka" not in rina.text
    rina.types("reason", REASON)
    rina.presses("Setujui usulan")
    rina.presses("Ya, setujui")
    assert rina.taps <= MOST_TAPS
    assert state_of(nomination_id) is S.APPROVED
    assert "Disetujui Supervisor. Menunggu penetapan Kemensos. Bantuan belum berubah." in rina.text
    assert "Setujui usulan" not in rina.page.forms[-1].buttons


@pytest.mark.parametrize(
    ("button", "question", "yes", "status"),
    [
        ("Setujui usulan", "Setujui graduasi keluarga Ibu Aminah?", "Ya, setujui", S.APPROVED),
        ("Tolak usulan", "Tolak usulan keluarga Ibu Aminah?", "Ya, tolak", S.REJECTED),
    ],
)
def test_what_nobody_takes_back_is_asked_once_more(
    ready: Person, nomination_id: uuid.UUID, button: str, question: str, yes: str, status: S
) -> None:
    ready.types("reason", REASON)
    ready.presses(button)
    assert ready.response.status_code == 200
    assert question in ready.text
    assert REASON in ready.text
    assert state_of(nomination_id) is S.SUBMITTED
    ready.presses(yes)
    assert state_of(nomination_id) is status


def test_returning_is_one_press_for_it_comes_again(ready: Person, nomination_id: uuid.UUID) -> None:
    ready.types("reason", REASON)
    ready.presses("Kembalikan untuk dilengkapi")
    assert state_of(nomination_id) is S.RETURNED


def test_nothing_is_lost_on_the_way_back_from_the_question(
    ready: Person, nomination_id: uuid.UUID
) -> None:
    words = 'Usaha "Melati" stabil,\r\nkeluarga <sendiri> yang meminta & siap.'
    ready.types("reason", words)
    ready.presses("Tolak usulan")
    ready.presses("Kembali")
    assert ready.response.status_code == 200
    assert "Ada yang perlu diperbaiki" not in ready.text
    (form,) = [each for each in ready.page.forms if "reason" in each.fields]
    assert form.fields["reason"].strip() == words
    assert state_of(nomination_id) is S.SUBMITTED
    # From there all three ways are open again.
    ready.presses("Kembalikan untuk dilengkapi")
    assert state_of(nomination_id) is S.RETURNED
    assert "Usaha &#34;Melati&#34; stabil" in ready.text


@pytest.mark.parametrize(
    "button", ["Setujui usulan", "Tolak usulan", "Kembalikan untuk dilengkapi"]
)
@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "Tulis alasan, paling sedikit 20 huruf."),
        ("Sudah cukup", "Tulis alasan, paling sedikit 20 huruf."),
        ("a" * 40, "Tulis dengan kalimat, bukan satu huruf atau satu kata"),
        ("setuju setuju setuju setuju", "Tulis dengan kalimat, bukan satu huruf atau satu kata"),
    ],
)
def test_a_reason_that_says_nothing_is_refused_before_anything_is_asked(
    ready: Person, nomination_id: uuid.UUID, button: str, reason: str, message: str
) -> None:
    ready.types("reason", reason)
    ready.presses(button)
    assert ready.response.status_code == 422
    assert message in ready.text
    assert reason in ready.text
    assert "Ya, " not in ready.text
    assert state_of(nomination_id) is S.SUBMITTED


@pytest.mark.parametrize(
    "forged",
    [
        {"step": "submit"},
        {"step": "withdraw"},
        {"step": "establish"},
        {"step": ""},
        {},
        {"step": "approve", "version": "x"},
        {"step": "approve", "version": "-1"},
        {"step": "approve", "version": "999999999999"},
        {"step": "approve", "version": None},
        {"step": "approve", "reason": "x" * 1001},
        {"step": "approve", "reason": " " * 40},
    ],
)
def test_a_forged_decision_changes_nothing(
    client: FlaskClient, ready: Person, nomination_id: uuid.UUID, forged: dict[str, str | None]
) -> None:
    answer = posted(client, nomination_id, forged)
    assert answer.status_code in (409, 422)
    assert 'role="alert"' in answer.text
    assert state_of(nomination_id) is S.SUBMITTED


@pytest.mark.parametrize("step", DECISIONS)
def test_nothing_is_decided_past_the_page_before_the_evidence_was_opened(
    client: FlaskClient, rina: Person, nomination_id: uuid.UUID, step: Step
) -> None:
    answer = posted(client, nomination_id, {"step": step.value})
    assert answer.status_code == 403
    assert "Buka semua bukti dulu: 3 belum dibuka." in answer.text
    assert REASON in answer.text
    assert state_of(nomination_id) is S.SUBMITTED


def test_a_replayed_decision_is_told_who_decided_and_keeps_the_text(
    client: FlaskClient, ready: Person, nomination_id: uuid.UUID
) -> None:
    version = current_version(nomination_id)
    assert posted(client, nomination_id, {"step": "reject"}, version).status_code == 303
    again = posted(client, nomination_id, {"step": "approve"}, version)
    assert again.status_code == 409
    assert "Sudah diputuskan oleh" in again.text
    assert "Tulisan Anda tidak tersimpan" in again.text
    assert state_of(nomination_id) is S.REJECTED


def posted(
    client: FlaskClient,
    nomination_id: uuid.UUID,
    changes: dict[str, str | None],
    version: int | None = None,
) -> TestResponse:
    """A decision sent at once with its confirmation, but for the changes; None takes a field
    away."""
    if version is None:
        version = current_version(nomination_id)
    data = {"reason": REASON, "version": str(version), "confirmed": "yes"} | changes
    return client.post(
        f"/nominations/{nomination_id}/decide",
        data={name: value for name, value in data.items() if value is not None},
    )


def current_version(nomination_id: uuid.UUID) -> int:
    db.session.rollback()
    found = db.session.scalar(select(Nomination.version).where(Nomination.id == nomination_id))
    assert found is not None
    return found
