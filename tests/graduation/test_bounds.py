"""What one login puts into a nomination has an end: files, lines of the trail, drafts, days."""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, Refused
from casework.core.files import images
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import Nomination
from casework.graduation.queries.case import load
from casework.graduation.rules import (
    CONSENT_STANDS,
    DRAFTS_WITHIN,
    MOST_DRAFTS,
    MOST_FILES_EVER,
)
from casework.graduation.states import (
    ConsentGiven,
    EvidenceKind,
    NominationStatus,
    Step,
    WhyNot,
)
from casework.graduation.views.attempts import refusal_noted
from casework.households.rules import PROGRAMME_BEGAN
from casework.web import uploads
from casework.web.pace import Pace
from tests import pictures
from tests.factories.accounts import sign_in
from tests.factories.graduation import FAMILY_SAYS, Cast, add, cast, complete, nominate
from tests.graduation.test_evidence_pages import files_on_disk, kept, send

S = NominationStatus


def lines(tag: Tag) -> list[AuditEntry]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.tag == tag)))


@pytest.fixture
def drafted(client: FlaskClient, db_session: Session) -> tuple[Cast, uuid.UUID]:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    sign_in(client, people.facilitator)
    return people, nomination_id


# ---- Files ----


def test_what_is_taken_out_again_and_again_does_not_fill_the_disk(
    drafted: tuple[Cast, uuid.UUID],
) -> None:
    people, nomination_id = drafted
    for shade in range(MOST_FILES_EVER):
        evidence_id = add(people.hers, nomination_id, shade=shade)
        with transaction():
            actions.remove_evidence(people.hers, nomination_id, evidence_id)
    with pytest.raises(Invalid, match="sudah pernah diberi 30 berkas"):
        add(people.hers, nomination_id, shade=MOST_FILES_EVER)
    assert kept(nomination_id) == []
    assert files_on_disk(people, nomination_id) == MOST_FILES_EVER


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> Pace:
    """An allowance for two small files, which comes back when the test says so."""
    pace = Pace("uploading", most=2 * (uploads.A_FILE + 1), a_second=0.01, now=lambda: 0.0)
    monkeypatch.setattr(uploads, "UPLOADING", pace)
    return pace


def test_who_sends_too_many_files_is_told_when_and_what_went_before_is_kept(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID], little: Pace
) -> None:
    _, nomination_id = drafted
    answer = send(
        client,
        nomination_id,
        signed_statement=pictures.pdf(1),
        signing_photo=pictures.photo(120, 90),
        house_or_business_photo=pictures.photo(160, 90),
    )
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert "Tunggu 5 menit, lalu kirim lagi yang ini." in answer.text
    assert 'href="#house_or_business_photo"' in answer.text
    assert [each.kind for each in kept(nomination_id)] == [
        EvidenceKind.SIGNED_STATEMENT,
        EvidenceKind.SIGNING_PHOTO,
    ]
    little.now = lambda: 300.0
    again = send(client, nomination_id, house_or_business_photo=pictures.photo(160, 90))
    assert again.status_code == 303


def test_a_large_file_costs_more_and_a_bad_one_as_much_as_a_good_one(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID], little: Pace
) -> None:
    _, nomination_id = drafted
    large = pictures.photo(120, 90) + b"\0" * (4 * 1024 * 1024)
    assert send(client, nomination_id, signing_photo=large).status_code == 303
    assert send(client, nomination_id, signing_photo=b"x").status_code == 429


def test_a_day_of_evidence_passes_at_once(
    monkeypatch: pytest.MonkeyPatch, db_session: Session
) -> None:
    """Fourteen families, three photos of 5 MB each."""
    given = uploads.UPLOADING
    still = Pace(given.name, most=given.most, a_second=given.a_second, now=lambda: 0.0)
    monkeypatch.setattr(uploads, "UPLOADING", still)
    actor = cast().hers
    for _ in range(14 * 3):
        uploads.spend(actor, io.BytesIO(b"\0" * 5 * 1024 * 1024))


def test_where_pictures_wait_the_page_says_so_and_keeps_the_other_files(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, nomination_id = drafted
    monkeypatch.setattr(images, "_PATIENCE", 0.05)
    with images._decoding:
        answer = send(
            client,
            nomination_id,
            signed_statement=pictures.pdf(1),
            signing_photo=pictures.photo(120, 90),
        )
    assert answer.status_code == 503
    assert "Gambar lain masih diolah. Kirim lagi yang ini sebentar lagi." in answer.text
    assert "1 berkas tersimpan." in answer.text
    assert len(kept(nomination_id)) == 1


def test_of_one_person_one_picture_waits(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    people, nomination_id = drafted
    monkeypatch.setattr(images, "_PATIENCE", 20)
    monkeypatch.setattr(images, "_waiting", [people.hers.user_id])
    begun = time.monotonic()
    with images._decoding:
        answer = send(client, nomination_id, signing_photo=pictures.photo(120, 90))
    assert (answer.status_code, time.monotonic() - begun < 10) == (503, True)


# ---- The trail ----


def test_the_same_refusal_leaves_one_line_a_day_however_often_it_is_tried(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID]
) -> None:
    people, nomination_id = drafted
    used = pictures.photo(120, 90)
    other = cast()
    other_id = nominate(other, S.DRAFT)
    sign_in(client, other.facilitator)
    send(client, other_id, house_or_business_photo=used)
    sign_in(client, people.facilitator)
    for _ in range(3):
        answer = send(client, nomination_id, house_or_business_photo=used, signing_photo=used)
        assert answer.status_code == 422
    (line,) = lines(Tag.NOMINATION_TRIED)
    assert (line.subject_id, line.actor_id) == (str(nomination_id), people.hers.user_id)
    with clock.at(clock.now() + timedelta(days=1)):
        sign_in(client, people.facilitator)
        send(client, nomination_id, signing_photo=used)
    assert len(lines(Tag.NOMINATION_TRIED)) == 2


def test_another_act_reason_nomination_or_person_has_a_line_of_its_own(
    db_session: Session,
) -> None:
    people, other = cast(), cast()
    before = give_up(people)
    here, there = nominate(people, S.DRAFT), nominate(other, S.DRAFT)
    tried = [
        (people.theirs, here, Step.APPROVE, WhyNot.HAD_HAND),
        (people.theirs, here, Step.REJECT, WhyNot.HAD_HAND),
        (people.theirs, here, Step.APPROVE, WhyNot.MOVED_ON),
        (people.theirs, there, Step.APPROVE, WhyNot.HAD_HAND),
        (people.theirs, before, Step.APPROVE, WhyNot.HAD_HAND),
        (other.theirs, here, Step.APPROVE, WhyNot.HAD_HAND),
    ]
    for actor, nomination_id, step, why in tried * 2:
        with pytest.raises(Conflict), refusal_noted(actor, nomination_id, step):
            raise Conflict("", code=why)
    found = [
        (each.actor_id, each.subject_id, each.data["tried"], each.data["why"])
        for each in lines(Tag.NOMINATION_TRIED)
    ]
    assert sorted(found) == sorted(
        (actor.user_id, str(nomination_id), step.value, why.value)
        for actor, nomination_id, step, why in tried
    )


def test_looking_again_leaves_no_further_line(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.SUBMITTED)
    first, second, _ = load(people.theirs, nomination_id).evidence
    sign_in(client, people.supervisor)
    for each in (first, first, second, first):
        answer = client.post(f"/nominations/{nomination_id}/evidence/{each.id}/open")
        assert answer.status_code == 303
    opened = lines(Tag.EVIDENCE_OPENED)
    assert {each.subject_id for each in opened} == {str(first.id), str(second.id)}
    assert len(opened) == 2


# ---- Drafts ----


def give_up(people: Cast) -> uuid.UUID:
    nomination_id = nominate(people, S.DRAFT)
    with transaction():
        actions.withdraw(people.hers, nomination_id, reason=FAMILY_SAYS)
    return nomination_id


def test_a_family_is_not_begun_with_again_and_again(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    sign_in(client, people.facilitator)
    page = f"/households/{people.household.id}"
    for _ in range(MOST_DRAFTS):
        assert "/nominations/new/" in client.get(page).text
        give_up(people)
    with pytest.raises(Refused, match="3 usulan keluarga ini dibuat lalu dibatalkan"):
        nominate(people, S.DRAFT)
    text = client.get(page).text
    assert "/nominations/new/" not in text
    assert "3 usulan keluarga ini dibuat lalu dibatalkan" in text
    answer = client.post(f"/nominations/new/{people.household.id}")
    assert answer.status_code == 403
    with clock.at(clock.now() + DRAFTS_WITHIN + timedelta(minutes=1)):
        nominate(people, S.DRAFT)


def test_what_was_sent_and_another_family_do_not_count(db_session: Session) -> None:
    people = cast()
    for _ in range(MOST_DRAFTS - 1):
        give_up(people)
    nomination_id = nominate(people, S.SUBMITTED)
    with transaction():
        actions.withdraw(people.hers, nomination_id, reason=FAMILY_SAYS)
    give_up(people)
    with pytest.raises(Refused):
        nominate(people, S.DRAFT)
    nominate(cast(), S.DRAFT)


# ---- The day of the family's word ----


def say(people: Cast, nomination_id: uuid.UUID, on: date) -> None:
    with transaction():
        actions.record_consent(
            people.hers,
            nomination_id,
            on=on,
            given=ConsentGiven.SIGNATURE,
            asked_by=people.facilitator.name,
        )


def _today(people: Cast) -> date:
    return clock.today(people.hers.time_zone)


TOO_EARLY: dict[str, tuple[int | None, Callable[[date], date], str]] = {
    "the first of all days": (None, lambda _: date(1, 1, 1), "terlalu lama"),
    "before there was a programme": (None, lambda _: PROGRAMME_BEGAN - timedelta(days=1),
                                     "terlalu lama"),
    "before the family joined": (2025, lambda _: date(2024, 12, 31), "ikut PKH sejak 2025"),
    "a word grown old": (2010, lambda today: today - CONSENT_STANDS - timedelta(days=1),
                         "berlaku 365 hari"),
}  # fmt: skip


@pytest.mark.parametrize("when", TOO_EARLY)
def test_a_day_on_which_no_family_said_so_is_refused_at_the_field_with_why(
    client: FlaskClient, db_session: Session, when: str
) -> None:
    joined, day, why = TOO_EARLY[when]
    people = cast(member_since_year=joined)
    nomination_id = nominate(people, S.DRAFT)
    sign_in(client, people.facilitator)
    on = day(_today(people))
    answer = client.post(
        f"/nominations/{nomination_id}/statement",
        data={"on": on.isoformat(), "given": "signature", "asked_by": "Maria Lumentut"},
    )
    assert answer.status_code == 422
    assert why in answer.text
    assert 'href="#on"' in answer.text
    assert load(people.hers, nomination_id).nomination.consent_on is None


def test_the_first_day_that_may_be_is_taken_and_the_field_offers_it(
    client: FlaskClient, db_session: Session
) -> None:
    for joined in (None, 2010, _today(cast()).year):
        people = cast(member_since_year=joined)
        nomination_id = nominate(people, S.DRAFT)
        first = _today(people) - CONSENT_STANDS
        if joined == _today(people).year:
            first = date(joined, 1, 1)
        sign_in(client, people.facilitator)
        page = client.get(f"/nominations/{nomination_id}/statement").text
        assert f'min="{first.isoformat()}"' in page
        say(people, nomination_id, first)


def test_a_word_that_grew_old_meanwhile_is_asked_again_before_sending(
    db_session: Session,
) -> None:
    """Also one that was taken before there was a bound."""
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    complete(people.hers, nomination_id)
    with transaction() as session:
        session.execute(
            update(Nomination)
            .where(Nomination.id == nomination_id)
            .values(consent_on=date(1, 1, 1))
        )
    with pytest.raises(Refused, match="Periksa tahunnya"), transaction():
        actions.submit(people.hers, nomination_id)
    say(people, nomination_id, _today(people))
    with transaction():
        actions.submit(people.hers, nomination_id)
