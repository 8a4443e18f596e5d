"""Who approves a family with warning signs answers them in words."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.economics import actions as economics
from casework.graduation import actions
from casework.graduation.actions import Weighed
from casework.graduation.models import Evidence, NominationEvent
from casework.graduation.queries.case import load
from casework.graduation.states import NominationStatus, Step
from casework.households.models import Household
from casework.readiness import actions as readiness
from casework.readiness.rules import Caution
from casework.web.locale import day
from tests.factories.accounts import sign_in
from tests.factories.graduation import REASON, Cast, cast, nominate, observe, open_all, state_of
from tests.graduation.browsing import Person

S = NominationStatus
ANSWER = "Kakaknya tinggal serumah dan merawat, BPJS tetap aktif."
DISABLED = (Caution.DISABILITY,)
UNSEEN = "Ada peringatan yang belum Anda lihat. Baca, lalu jawab."


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="Ibu Aminah", disability=1)


@pytest.fixture
def nomination_id(people: Cast) -> uuid.UUID:
    sent = nominate(people)
    open_all(people.theirs, sent)
    return sent


def decide(people: Cast, nomination_id: uuid.UUID, step: Step, weighed: Weighed) -> None:
    version = load(people.theirs, nomination_id).nomination.version
    with transaction():
        actions.decide(
            people.theirs,
            nomination_id,
            actions.Decision(step, REASON, version, weighed=weighed),
        )


def test_an_approval_asks_for_an_answer_to_every_warning_that_stands(
    people: Cast, nomination_id: uuid.UUID, subtests: pytest.Subtests
) -> None:
    for weighed, why in (
        (Weighed(DISABLED, ""), "Jawab peringatan dengan minimal 20 huruf."),
        (Weighed(DISABLED, "Sudah ada."), "Jawab peringatan dengan minimal 20 huruf."),
        (Weighed(DISABLED, "ya ya ya ya ya ya ya ya ya ya"), "Tulis dengan kalimat"),
        (Weighed((), ANSWER), UNSEEN),
        (Weighed((Caution.PREGNANT,), ANSWER), UNSEEN),
    ):
        with subtests.test(weighed=weighed):
            with pytest.raises(Invalid) as refused:
                decide(people, nomination_id, Step.APPROVE, weighed)
            assert list(refused.value.fields) == ["answer"]
            assert str(refused.value.fields["answer"][0]).startswith(why)
            assert state_of(nomination_id) is S.SUBMITTED


def test_what_was_answered_stays_with_the_approval(people: Cast, nomination_id: uuid.UUID) -> None:
    decide(people, nomination_id, Step.APPROVE, Weighed(DISABLED, f"  {ANSWER} "))
    event = db.session.scalars(
        select(NominationEvent)
        .where(NominationEvent.nomination_id == nomination_id)
        .order_by(NominationEvent.version.desc())
    ).first()
    assert event is not None
    assert (event.to_status, event.warnings, event.answer) == (
        S.APPROVED,
        ["disability"],
        ANSWER,
    )


@pytest.mark.parametrize(("step", "status"), [(Step.RETURN, S.RETURNED), (Step.REJECT, S.REJECTED)])
def test_to_return_or_reject_needs_no_answer(
    people: Cast, nomination_id: uuid.UUID, step: Step, status: S
) -> None:
    decide(people, nomination_id, step, Weighed())
    assert state_of(nomination_id) is status


def test_a_warning_that_came_after_the_nomination_was_sent_is_weighed_too(
    people: Cast, nomination_id: uuid.UUID
) -> None:
    change_roster(people, pregnant=1)
    with pytest.raises(Invalid) as refused:
        decide(people, nomination_id, Step.APPROVE, Weighed(DISABLED, ANSWER))
    assert str(refused.value.fields["answer"][0]) == UNSEEN
    decide(people, nomination_id, Step.APPROVE, Weighed((*DISABLED, Caution.PREGNANT), ANSWER))


def test_a_warning_that_has_gone_since_is_still_weighed(
    people: Cast, nomination_id: uuid.UUID
) -> None:
    change_roster(people, disability=0)
    with pytest.raises(Invalid):
        decide(people, nomination_id, Step.APPROVE, Weighed())


def change_roster(people: Cast, **components: int) -> None:
    with transaction() as session:
        session.execute(
            update(Household).where(Household.id == people.household.id).values(**components)
        )


@pytest.mark.parametrize(
    "tampered", [{"sha256": b"\x07" * 32}, {"kind": "signing_photo"}, {"removed_at": "set"}]
)
def test_evidence_that_was_swapped_after_it_was_sent_stops_every_decision(
    people: Cast, nomination_id: uuid.UUID, tampered: dict[str, object]
) -> None:
    """No act leads there; this is somebody at the database."""
    first = load(people.theirs, nomination_id).evidence[0]
    values = {name: first.added_at if value == "set" else value for name, value in tampered.items()}
    with transaction() as session:
        session.execute(update(Evidence).where(Evidence.id == first.id).values(**values))
    for step in (Step.APPROVE, Step.RETURN, Step.REJECT):
        with pytest.raises(Conflict, match="Bukti tidak sama dengan yang dikirim"):
            decide(people, nomination_id, step, Weighed(DISABLED, ANSWER))
    assert state_of(nomination_id) is S.SUBMITTED


@pytest.fixture
def rina(client: FlaskClient, people: Cast, nomination_id: uuid.UUID) -> Person:
    """The supervisor at the page of the nomination."""
    sign_in(client, people.supervisor)
    rina = Person(client)
    rina.opens(f"/nominations/{nomination_id}")
    return rina


def test_the_page_asks_for_the_answer_and_keeps_both_texts(
    rina: Person, nomination_id: uuid.UUID
) -> None:
    assert "Ada anggota dengan disabilitas berat" in rina.text
    assert "Jawaban Anda atas peringatan" in rina.text
    rina.types("reason", REASON)
    rina.presses("Setujui usulan")
    assert rina.response.status_code == 422
    assert "Jawab peringatan dengan minimal 20 huruf." in rina.text
    assert REASON in rina.text
    rina.types("answer", ANSWER)
    rina.presses("Setujui usulan")
    assert ANSWER in rina.text
    rina.presses("Ya, setujui")
    assert state_of(nomination_id) is S.APPROVED
    assert f"Atas peringatan: {ANSWER}" in rina.text


def test_a_new_warning_is_shown_before_it_can_be_answered(
    rina: Person, people: Cast, nomination_id: uuid.UUID
) -> None:
    change_roster(people, pregnant=1)
    rina.types("reason", REASON)
    rina.types("answer", ANSWER)
    rina.presses("Setujui usulan")
    assert UNSEEN in rina.text
    assert ANSWER in rina.text
    rina.presses("Setujui usulan")
    rina.presses("Ya, setujui")
    assert state_of(nomination_id) is S.APPROVED


@pytest.mark.parametrize("reason", [REASON, ""], ids=["both", "the answer alone"])
def test_what_was_being_written_comes_back_from_the_page_of_a_file(
    rina: Person, people: Cast, nomination_id: uuid.UUID, reason: str
) -> None:
    rina.types("reason", reason)
    rina.types("answer", ANSWER)
    rina.presses("Buka")
    assert "<img" in rina.text
    rina.presses("Ke keputusan Anda")
    (written,) = [form.fields for form in rina.page.forms if form.id == "deciding"]
    assert (written["reason"], written["answer"]) == (reason, ANSWER)
    rina.types("reason", REASON)
    rina.presses("Setujui usulan")
    rina.presses("Ya, setujui")
    assert state_of(nomination_id) is S.APPROVED
    assert f"Atas peringatan: {ANSWER}" in rina.text


def test_what_was_being_written_can_be_copied_where_somebody_was_faster(
    rina: Person, people: Cast, nomination_id: uuid.UUID
) -> None:
    rina.types("reason", REASON)
    rina.types("answer", ANSWER)
    decide(people, nomination_id, Step.RETURN, Weighed())
    rina.presses("Setujui usulan")
    assert rina.response.status_code == 409
    assert f"{REASON}\n\n{ANSWER}" in rina.text


def test_what_changed_since_it_was_sent_stands_beside_what_was_sent(
    rina: Person, people: Cast, nomination_id: uuid.UUID
) -> None:
    assert "Sejak dikirim" in rina.text
    assert "Tidak ada yang berubah." in rina.text
    change_roster(people, pregnant=1)
    with transaction():
        observe(people.hers, people.household.id)
    rina.opens(f"/nominations/{nomination_id}")
    assert "Tidak ada yang berubah." not in rina.text
    assert "Peringatan baru:" in rina.text
    earn(people, 9_000_000)
    rina.opens(f"/nominations/{nomination_id}")
    assert "Saat dikirim: Belum diketahui. Penghasilan belum ditanyakan. Sekarang:" in rina.text


def test_an_income_that_has_fallen_and_a_warning_that_is_gone_are_told(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast(pregnant=1)
    earn(people, 4_900_000)
    nomination_id = nominate(people)
    sign_in(client, people.supervisor)
    rina = Person(client)
    change_roster(people, pregnant=0)
    earn(people, 3_800_000)
    rina.opens(f"/nominations/{nomination_id}")
    since = " ".join(rina.text[rina.text.index("Sejak dikirim") :].split())
    assert "Saat dikirim: Penghasilan Rp 4.900.000 per bulan" in since
    assert "Sekarang: Penghasilan Rp 3.800.000 per bulan" in since
    assert "<p>Peringatan yang sudah tidak ada:</p> <ul><li>Ada anggota yang hamil." in since


def earn(people: Cast, income: int) -> None:
    with transaction():
        seen = economics.Seen(clock.today("Asia/Makassar"), income_per_month=income)
        economics.record_observation(
            people.hers, people.household.id, seen, observation_id=new_id()
        )


def test_a_family_without_a_warning_is_approved_without_an_answer(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people)
    open_all(people.theirs, nomination_id)
    sign_in(client, people.supervisor)
    rina = Person(client)
    rina.opens(f"/nominations/{nomination_id}")
    assert "Jawaban Anda atas peringatan" not in rina.text


def test_what_the_facilitator_answered_stands_there_as_it_was_when_sent(
    client: FlaskClient, db_session: Session
) -> None:
    """Also a no to a question that only warns, and whatever she answers later."""
    people = cast()
    answer(people, house_unfit=False)
    nomination_id = nominate(people)
    answer(people, house_unfit=True)
    sign_in(client, people.supervisor)
    rina = Person(client)
    rina.opens(f"/nominations/{nomination_id}")
    given = " ".join(rina.text[rina.text.index("Jawaban pendamping") :].split())
    today = day(clock.today("Asia/Makassar"))
    assert f"(atap, dinding, lantai, atau air)?</dt><dd>Tidak ({today})</dd>" in given
    assert "<dd>Tidak ditanyakan</dd>" in given


def answer(people: Cast, **answers: bool) -> None:
    today = clock.today("Asia/Makassar")
    with transaction():
        readiness.answer(people.hers, people.household.id, answered_on=today, answers=answers)
