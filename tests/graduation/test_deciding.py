"""What a supervisor sees and presses: evidence, reason, one question, decision."""

from __future__ import annotations

import re
import uuid
from html import unescape
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import Nomination
from casework.graduation.queries.case import load
from casework.graduation.states import DECISIONS, NominationStatus, Step
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.graduation import (
    REASON,
    Cast,
    add,
    cast,
    decide,
    nominate,
    open_all,
    state_of,
)
from tests.fingerprint import nothing_changes
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
    assert box(ready) == words
    assert state_of(nomination_id) is S.SUBMITTED
    # From there all three ways are open again.
    ready.presses("Kembalikan untuk dilengkapi")
    assert state_of(nomination_id) is S.RETURNED
    assert "Usaha &#34;Melati&#34; stabil" in ready.text


#: What somebody wrote, and what she is told.
SAYS_NOTHING = [
    ("", "Tulis alasan, paling sedikit 20 huruf."),
    ("Sudah cukup", "Tulis alasan, paling sedikit 20 huruf."),
    ("a" * 40, "Tulis dengan kalimat, bukan satu huruf atau satu kata"),
    ("setuju setuju setuju setuju", "Tulis dengan kalimat, bukan satu huruf atau satu kata"),
]


def test_a_reason_that_says_nothing_is_refused_before_anything_is_asked(
    ready: Person, nomination_id: uuid.UUID, subtests: pytest.Subtests
) -> None:
    with nothing_changes():
        for button, (reason, message) in product(BUTTONS, SAYS_NOTHING):
            with subtests.test(button=button, reason=reason):
                ready.opens(f"/nominations/{nomination_id}")
                ready.types("reason", reason)
                ready.presses(button)
                assert ready.response.status_code == 422
                assert message in ready.text
                assert reason in ready.text
                assert "Ya, " not in ready.text
                assert state_of(nomination_id) is S.SUBMITTED


FORGED: list[dict[str, str | None]] = [
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
]


def test_a_forged_decision_changes_nothing(
    client: FlaskClient, ready: Person, nomination_id: uuid.UUID, subtests: pytest.Subtests
) -> None:
    # What was tried on an old page stays in the trail (graduation.views.attempts).
    with nothing_changes(but="audit_entry"):
        for forged in FORGED:
            with subtests.test(forged=forged):
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
    # At the top of the page and in the card of the decision.
    leads = '<a href="#evidence">Buka semua bukti dulu: 3 belum dibuka.</a>'
    assert answer.text.count(leads) == 2
    assert "<title>Ada kesalahan: " in answer.text
    assert text_to_copy(answer.text) == REASON
    assert state_of(nomination_id) is S.SUBMITTED


def test_a_replayed_decision_is_told_who_decided_and_keeps_the_text(
    client: FlaskClient, ready: Person, nomination_id: uuid.UUID
) -> None:
    version = current_version(nomination_id)
    assert posted(client, nomination_id, {"step": "reject"}, version).status_code == 303
    again = posted(client, nomination_id, {"step": "approve"}, version)
    assert again.status_code == 409
    assert "Sudah diputuskan oleh" in again.text
    assert text_to_copy(again.text) == REASON
    assert state_of(nomination_id) is S.REJECTED


def test_the_address_of_the_question_leads_to_the_nomination(
    ready: Person, nomination_id: uuid.UUID
) -> None:
    """Reloaded, or in the other language."""
    ready.opens(f"/nominations/{nomination_id}/decide")
    assert ready.response.request.path == f"/nominations/{nomination_id}"
    assert box(ready) == ""


def test_the_evidence_comes_right_after_the_family_and_the_decision_before_the_history(
    ready: Person,
) -> None:
    """The order of a phone, where everything is below each other."""
    cards = re.findall(r'<section class="card" id="([a-z]+)"', ready.text)
    assert cards == [
        *("facts", "evidence", "readiness", "attendance", "ladder", "decision", "history")
    ]
    ready.taps_link("Ke keputusan Anda")


def test_a_reason_can_be_written_once_all_evidence_was_opened(
    people: Cast, rina: Person, nomination_id: uuid.UUID
) -> None:
    """Otherwise it would be refused for the evidence, or be left behind when that is opened."""
    files = load(people.theirs, nomination_id).evidence
    for left in range(len(files), 0, -1):
        rina.opens(f"/nominations/{nomination_id}")
        assert f"Buka semua bukti dulu: {left} belum dibuka." in rina.text
        assert box(rina) is None
        with transaction():
            actions.open_evidence(people.theirs, nomination_id, files[-left].id)
    rina.opens(f"/nominations/{nomination_id}")
    assert box(rina) == ""


def test_what_is_being_written_comes_back_from_a_file_that_is_looked_at_again(
    ready: Person, nomination_id: uuid.UUID
) -> None:
    words = 'Usaha "Melati" stabil,\r\nkeluarga <sendiri> meminta.'
    ready.types("reason", words)
    ready.presses("Buka")
    assert "<img" in ready.text
    ready.presses("Ke keputusan Anda")
    assert box(ready) == words
    ready.presses("Setujui usulan")
    ready.presses("Ya, setujui")
    assert state_of(nomination_id) is S.APPROVED


def test_a_file_looked_at_without_anything_written_is_an_address_as_before(ready: Person) -> None:
    ready.presses("Buka")
    assert ready.response.request.method == "GET"
    ready.taps_link("Ke keputusan Anda")


@pytest.mark.parametrize("others", DECISIONS)
@pytest.mark.parametrize(
    "presses", [["Setujui usulan"], ["Setujui usulan", "Ya, setujui"], ["Tolak usulan", "Kembali"]]
)
def test_whoever_comes_second_keeps_the_text(
    people: Cast, ready: Person, nomination_id: uuid.UUID, others: Step, presses: list[str]
) -> None:
    """Wherever she was when another supervisor decided."""
    *before, last = presses
    ready.types("reason", REASON)
    for words in before:
        ready.presses(words)
    another_decides(nomination_id, others)
    ready.presses(last)
    assert text_to_copy(ready.text) == REASON
    assert box(ready) is None
    if last != "Kembali":
        assert ready.response.status_code == 409
        assert "Sudah diputuskan oleh Ibu Sari" in ready.text


def test_the_text_stays_when_the_nomination_was_mended_and_sent_again(
    people: Cast, ready: Person, nomination_id: uuid.UUID
) -> None:
    ready.types("reason", REASON)
    another_decides(nomination_id, Step.RETURN)
    add(people.hers, nomination_id, shade=5)
    with transaction():
        actions.submit(people.hers, nomination_id)
    ready.presses("Setujui usulan")
    assert "Buka semua bukti dulu: 1 belum dibuka." in ready.text
    assert text_to_copy(ready.text) == REASON
    assert state_of(nomination_id) is S.SUBMITTED


def test_the_text_stays_when_the_file_to_look_at_was_taken_out(
    people: Cast, ready: Person, nomination_id: uuid.UUID
) -> None:
    ready.types("reason", REASON)
    another_decides(nomination_id, Step.RETURN)
    for file in load(people.hers, nomination_id).evidence:
        with transaction():
            actions.remove_evidence(people.hers, nomination_id, file.id)
    ready.presses("Buka")
    assert ready.response.status_code == 404
    assert text_to_copy(ready.text) == REASON


def another_decides(nomination_id: uuid.UUID, step: Step) -> None:
    with transaction():
        colleague = UserFactory(supervisor=True, name="Ibu Sari")
    decide(actor_for(colleague), nomination_id, step, "Sudah dilihat sendiri di rumahnya.")


def box(person: Person) -> str | None:
    """What stands in the box for the reason; None where there is none."""
    found = [form.fields["reason"] for form in person.page.forms if form.id == "deciding"]
    return found[0] if found else None


def text_to_copy(page: str) -> str:
    found = re.search(r'<textarea[^>]*id="written"[^>]*readonly>\n([^<]*)</textarea>', page)
    return unescape(found[1]) if found else ""


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
