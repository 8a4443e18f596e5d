"""A file stands for one family, and what was tried and refused stays in the trail."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace

import pikepdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.errors import Conflict, Invalid
from casework.core.files import CleanFile, Purpose, check_and_clean
from casework.core.files.likeness import SIZE
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.evidence_files import current_store
from casework.graduation.models import Evidence
from casework.graduation.queries.case import load
from casework.graduation.states import EvidenceKind, NominationStatus, WhyNot
from casework.households.models import Group, Membership
from tests import pictures
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import (
    FAMILY_SAYS,
    REASON,
    Cast,
    another_household,
    cast,
    complete,
    nominate,
    open_all,
)
from tests.factories.households import AssignmentFactory, GroupFactory
from tests.factories.places import BITUNG, PAUDEAN
from tests.graduation.test_evidence_pages import kept, send
from tests.graduation.test_four_eyes import promote

S = NominationStatus
HOUSE = EvidenceKind.HOUSE_OR_BUSINESS_PHOTO
STATEMENT = EvidenceKind.SIGNED_STATEMENT


def saved(seed: int, quality: int = 90, *, small: bool = False) -> bytes:
    image = pictures.scene(seed)
    sink = io.BytesIO()
    (image.resize((320, 240)) if small else image).save(sink, "JPEG", quality=quality)
    return sink.getvalue()


def clean(content: bytes, kind: EvidenceKind = HOUSE) -> CleanFile:
    purpose = Purpose.DOCUMENT if kind is STATEMENT else Purpose.PHOTO
    return check_and_clean(io.BytesIO(content), purpose)


def add(
    people: Cast, nomination_id: uuid.UUID, content: bytes, kind: EvidenceKind = HOUSE
) -> uuid.UUID:
    with transaction():
        return actions.add_evidence(
            people.hers, nomination_id, kind=kind, file=clean(content, kind), store=current_store()
        )


def refusal(
    people: Cast,
    nomination_id: uuid.UUID,
    content: bytes,
    kind: EvidenceKind = HOUSE,
    *,
    why: WhyNot = WhyNot.FILE_USED,
) -> str:
    """Its words; nothing of the file is kept."""
    before = len(kept(nomination_id))
    with pytest.raises(Invalid) as refused:
        add(people, nomination_id, content, kind)
    assert (refused.value.code, list(refused.value.fields)) == (why, [kind.value])
    assert len(kept(nomination_id)) == before
    return str(refused.value)


@pytest.fixture
def other(db_session: Session) -> Cast:
    """A family of another facilitator of the regency."""
    return cast(caretaker_name="Wilhelmina Petronela Rumokoy")


@pytest.mark.parametrize("kind", [HOUSE, STATEMENT])
def test_the_same_file_is_refused_for_another_family_and_the_stranger_is_not_named(
    db_session: Session, other: Cast, kind: EvidenceKind
) -> None:
    add(other, nominate(other, S.DRAFT), saved(1), kind)
    people = cast()
    assert "Wilhelmina" not in refusal(people, nominate(people, S.DRAFT), saved(1), kind)


def test_the_same_file_is_refused_in_another_regency_too(db_session: Session) -> None:
    bitung = in_bitung()
    add(bitung, nominate(bitung, S.DRAFT), saved(1))
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    refusal(people, nomination_id, saved(1))
    # Photos that are only alike are compared within a regency (docs/decisions/0024).
    add(people, nomination_id, saved(1, quality=40))


def in_bitung() -> Cast:
    people = cast()
    with transaction():
        facilitator = UserFactory(region=BITUNG)
        group = GroupFactory(village=PAUDEAN)
        AssignmentFactory(group=group, facilitator=facilitator)
        member = another_household(group, village=PAUDEAN)
    return replace(people, facilitator=facilitator, household=member)


@pytest.mark.parametrize(
    "copy",
    [saved(1, quality=40), saved(1, small=True)],
    ids=["saved anew", "made smaller"],
)
def test_a_copy_of_a_photo_is_refused_for_another_family(
    db_session: Session, other: Cast, copy: bytes
) -> None:
    add(other, nominate(other, S.DRAFT), saved(1))
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    assert "hampir sama" in refusal(people, nomination_id, copy, why=WhyNot.PHOTO_ALIKE)
    add(people, nomination_id, saved(2))


def test_two_statements_on_the_same_form_are_two(db_session: Session, other: Cast) -> None:
    add(other, nominate(other, S.DRAFT), saved(1), STATEMENT)
    people = cast()
    add(people, nominate(people, S.DRAFT), saved(1, quality=80), STATEMENT)


def _titled(title: str) -> bytes:
    with pikepdf.open(io.BytesIO(pictures.pdf())) as paper:
        paper.docinfo["/Title"] = title
        sink = io.BytesIO()
        paper.save(sink)
    return sink.getvalue()


def test_a_paper_under_another_title_is_the_same_paper(db_session: Session, other: Cast) -> None:
    add(other, nominate(other, S.DRAFT), _titled("A"), STATEMENT)
    people = cast()
    refusal(people, nominate(people, S.DRAFT), _titled("B"), STATEMENT)


@pytest.mark.parametrize("kind", [HOUSE, EvidenceKind.SIGNING_PHOTO])
def test_a_photo_comes_as_a_picture_for_a_pdf_is_compared_with_none(
    client: FlaskClient, db_session: Session, other: Cast, kind: EvidenceKind
) -> None:
    nomination_id = nominate(other, S.DRAFT)
    sign_in(client, other.facilitator)
    answer = send(client, nomination_id, **{kind.value: pictures.pdf()})
    assert answer.status_code == 422
    assert kept(nomination_id) == []


def test_a_slip_of_her_own_is_named(db_session: Session, other: Cast) -> None:
    add(other, nominate(other, S.DRAFT), saved(1))
    mine = _next_family(other)
    assert "Wilhelmina Petronela Rumokoy" in refusal(mine, nominate(mine, S.DRAFT), saved(1))


def _next_family(people: Cast) -> Cast:
    """Of the same facilitator."""
    with transaction() as session:
        group = session.scalars(
            select(Group)
            .join(Membership, Membership.group_id == Group.id)
            .where(Membership.household_id == people.household.id)
        ).one()
        return replace(people, household=another_household(group))


def test_a_family_may_show_its_photo_again(db_session: Session, other: Cast) -> None:
    """Rejected once, and put forward anew."""
    first = nominate(other, S.DRAFT)
    add(other, first, saved(1))
    with transaction():
        actions.withdraw(other.hers, first, reason=FAMILY_SAYS)
    again = nominate(other, S.DRAFT)
    add(other, again, saved(1), EvidenceKind.SIGNING_PHOTO)


def test_what_was_taken_out_is_free(db_session: Session, other: Cast) -> None:
    nomination_id = nominate(other, S.DRAFT)
    slip = add(other, nomination_id, saved(1))
    with transaction():
        actions.remove_evidence(other.hers, nomination_id, slip)
    people = cast()
    add(people, nominate(people, S.DRAFT), saved(1))


def test_a_likeness_of_both_views_fits_its_column() -> None:
    assert Evidence.__table__.c.likeness.type.length == 2 * SIZE


@pytest.mark.parametrize("was_sent", [False, True])
def test_what_was_given_up_is_free_unless_somebody_has_seen_it(
    db_session: Session, other: Cast, was_sent: bool
) -> None:
    nomination_id = nominate(other, S.DRAFT)
    complete(other.hers, nomination_id)
    add(other, nomination_id, saved(1))
    if was_sent:
        with transaction():
            actions.submit(other.hers, nomination_id)
    with transaction():
        actions.withdraw(other.hers, nomination_id, reason=FAMILY_SAYS)
    people = cast()
    mine = nominate(people, S.DRAFT)
    if was_sent:
        refusal(people, mine, saved(1))
    else:
        add(people, mine, saved(1))


def test_of_two_families_with_one_file_neither_is_sent_until_one_has_let_go(
    db_session: Session, other: Cast
) -> None:
    """Added at the same moment, when neither saw the other."""
    people, both = cast(), {}
    for each in (other, people):
        both[each] = nominate(each, S.DRAFT)
        complete(each.hers, both[each])
        add(each, both[each], saved(1 if each is other else 2))
    with transaction() as session:
        first = session.scalars(select(Evidence).where(_photo(both[other]))).one()
        session.execute(
            update(Evidence)
            .where(_photo(both[people]))
            .values(upload_sha256=first.upload_sha256, likeness=first.likeness)
        )
    for each, nomination_id in both.items():
        with pytest.raises(Conflict) as refused, transaction():
            actions.submit(each.hers, nomination_id)
        assert refused.value.code == WhyNot.FILE_USED
    used = [each for each in load(people.hers, both[people]).evidence if each.kind is HOUSE][-1]
    with transaction():
        actions.remove_evidence(people.hers, both[people], used.id)
    with transaction():
        actions.submit(other.hers, both[other])


def _photo(nomination_id: uuid.UUID) -> ColumnElement[bool]:
    return (Evidence.nomination_id == nomination_id) & Evidence.likeness.is_not(None)


def tries() -> list[tuple[str, str]]:
    db.session.rollback()
    lines = db.session.scalars(
        select(AuditEntry.data)
        .where(AuditEntry.tag == Tag.NOMINATION_TRIED.value)
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    return [(each["tried"], each["why"]) for each in lines]


def test_a_file_that_is_refused_is_said_at_its_field_and_stays_in_the_trail(
    client: FlaskClient, db_session: Session, other: Cast
) -> None:
    add(other, nominate(other, S.DRAFT), saved(1))
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    sign_in(client, people.facilitator)
    answer = send(client, nomination_id, house_or_business_photo=saved(1), signing_photo=saved(2))
    assert answer.status_code == 422
    assert "Berkas ini sudah dipakai untuk keluarga lain." in answer.text
    assert [each.kind for each in kept(nomination_id)] == [EvidenceKind.SIGNING_PHOTO]
    assert tries() == [("add_evidence", "file_used")]


def decision(client: FlaskClient, nomination_id: uuid.UUID, version: int, **more: str) -> int:
    said = {"step": "approve", "reason": REASON, "version": str(version), **more}
    return client.post(f"/nominations/{nomination_id}/decide", data=said).status_code


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}], ids=["asked", "confirmed"])
def test_who_tries_to_approve_the_own_nomination_is_in_the_trail(
    client: FlaskClient, db_session: Session, confirmed: dict[str, str]
) -> None:
    people = cast()
    nomination_id = nominate(people)
    promote(people.facilitator.id)
    sign_in(client, people.facilitator)
    version = load(people.theirs, nomination_id).nomination.version
    assert decision(client, nomination_id, version, **confirmed) == 403
    assert tries() == [("approve", "own_nomination")]


def test_a_decision_that_came_too_late_is_in_the_trail_and_one_that_lacks_words_is_not(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people)
    open_all(people.theirs, nomination_id)
    sign_in(client, people.supervisor)
    version = load(people.theirs, nomination_id).nomination.version
    assert decision(client, nomination_id, version, reason="ya", confirmed="1") == 422
    assert tries() == []
    assert decision(client, nomination_id, version, confirmed="1") == 303
    assert decision(client, nomination_id, version, confirmed="1") == 409
    assert tries() == [("approve", "moved_on")]


def test_what_is_out_of_scope_leaves_no_trace(client: FlaskClient, db_session: Session) -> None:
    people, stranger = cast(), cast()
    nomination_id = nominate(people)
    sign_in(client, stranger.facilitator)
    assert send(client, nomination_id, signing_photo=saved(1)).status_code == 404
    assert tries() == []


def test_the_own_outcome_is_not_reversed_and_the_try_is_in_the_trail(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people, S.ESTABLISHED)
    sign_in(client, people.administrator)
    answer = client.post(f"/nominations/{nomination_id}/reverse", data={"reason": REASON})
    assert answer.status_code == 422
    assert tries() == [("reverse", "own_outcome")]
