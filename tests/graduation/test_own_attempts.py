"""Whoever tries to answer for their own is in the trail, at whichever step they are stopped."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.access.roles import Role
from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation.states import NominationStatus
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.exits import leave, leaving, take_back
from tests.factories.graduation import (
    MINISTRY_SAYS,
    MISTAKEN,
    REASON,
    Cast,
    cast,
    nominate,
    state,
    state_of,
)
from tests.factories.places import BITUNG, MANADO
from tests.graduation.test_four_eyes import hand_over
from tests.graduation.test_used_files import tries

S = NominationStatus


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast()


# (a) The own exit


def exit_tries() -> list[tuple[str, uuid.UUID | None, dict[str, Any]]]:
    db.session.rollback()
    found = select(AuditEntry).where(AuditEntry.tag == Tag.EXIT_TRIED.value)
    return [
        (each.subject_id, each.actor_id, dict(each.data))
        for each in db.session.scalars(found.order_by(AuditEntry.at, AuditEntry.id))
    ]


def test_who_tries_to_take_back_the_own_exit_is_in_the_trail_once_a_day(
    client: FlaskClient, people: Cast
) -> None:
    family = people.household.id
    exit_id = leave(people.office, family)
    sign_in(client, people.administrator)
    address = f"/households/{family}/exit/{exit_id}/reverse"
    assert client.get(address).status_code == 200
    assert exit_tries() == []
    for _time in range(3):
        assert client.post(address, data={"reason": MISTAKEN}).status_code == 422
    left = leaving()
    said = {"kind": left.kind.value, "stage": left.stage, "why": "own_exit"}
    assert exit_tries() == [(str(family), people.office.user_id, said)]
    take_back(people.other_office, family, exit_id)
    assert client.post(address, data={"reason": MISTAKEN}).status_code == 422
    assert [each[2]["why"] for each in exit_tries()] == ["own_exit", "moved_on"]


# (b) The own outcome, before it is confirmed


def as_administrator(people: Cast) -> None:
    with transaction() as session:
        user = session.get_one(User, people.facilitator.id)
        user.role, user.region_code = Role.ADMINISTRATOR, MANADO


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}], ids=["asked", "confirmed"])
def test_who_tries_to_record_the_own_outcome_is_in_the_trail_at_the_first_step(
    client: FlaskClient, people: Cast, confirmed: dict[str, str]
) -> None:
    nomination_id = nominate(people, S.FORWARDED)
    as_administrator(people)
    sign_in(client, people.facilitator)
    said = {"outcome": "refuse", "reason": MINISTRY_SAYS, **confirmed}
    for _time in range(2):
        assert client.post(f"/nominations/{nomination_id}/outcome", data=said).status_code == 422
    assert tries() == [("refuse", "had_hand")]
    assert state_of(nomination_id) is S.FORWARDED


# (c) Behind the guard

POSTS = [
    ("decide", {"step": "approve", "reason": REASON, "confirmed": "1"}, "approve"),
    ("decide", {"step": "return", "reason": REASON}, "return"),
    ("outcome", {"outcome": "establish", "stage": "2027-1"}, "establish"),
    ("outcome", {"outcome": "refuse", "reason": MINISTRY_SAYS, "confirmed": "1"}, "refuse"),
    ("reverse", {"reason": MISTAKEN}, "reverse"),
]


def _words(answer: TestResponse) -> str:
    """Without the address, in which the id stands, and the token, in which the second does."""
    assert answer.request is not None
    page = answer.text.replace(answer.request.path, "")
    return re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", page)


@pytest.mark.parametrize(("page", "said", "tried"), POSTS)
def test_the_guard_answers_the_nominator_as_ever_and_the_try_is_in_the_trail(
    client: FlaskClient, people: Cast, page: str, said: dict[str, str], tried: str
) -> None:
    nomination_id = nominate(people)
    sign_in(client, people.facilitator)
    elsewhere = client.post(f"/nominations/{uuid.uuid4()}/{page}", data=said)
    answer = client.post(f"/nominations/{nomination_id}/{page}", data=said)
    assert (answer.status_code, elsewhere.status_code) == (404, 404)
    assert _words(answer) == _words(elsewhere)
    client.post(f"/nominations/{nomination_id}/{page}", data=said)
    assert tries() == [(tried, "own_nomination")]
    assert state_of(nomination_id) is S.SUBMITTED


def test_who_wrote_a_part_of_it_is_named_as_such(client: FlaskClient, people: Cast) -> None:
    nomination_id = nominate(people, S.DRAFT)
    other = hand_over(people)
    with transaction():
        state(actor_for(other), nomination_id)
    sign_in(client, other)
    page, said, tried = POSTS[0]
    assert client.post(f"/nominations/{nomination_id}/{page}", data=said).status_code == 404
    assert tries() == [(tried, "had_hand")]


@pytest.mark.parametrize(("page", "said", "_tried"), POSTS)
def test_what_is_not_the_own_leaves_no_line_behind_the_guard(
    client: FlaskClient, people: Cast, page: str, said: dict[str, str], _tried: str
) -> None:
    """Of others it is no four eyes; and what is out of scope is not there."""
    nomination_id = nominate(people)
    with transaction():
        viewer, far = UserFactory(viewer=True), UserFactory(supervisor=True, region=BITUNG)
    for user in (cast().facilitator, hand_over(people), people.facilitator, viewer, far):
        sign_in(client, user)
        answer = client.post(f"/nominations/{nomination_id}/{page}", data=said)
        assert answer.status_code == 404
    assert tries() == []


def test_neither_reading_nor_an_empty_or_forged_post_is_a_try(
    app: Flask, client: FlaskClient, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    nomination_id = nominate(people)
    sign_in(client, people.facilitator)
    for page, said, _tried in POSTS:
        assert client.get(f"/nominations/{nomination_id}/{page}").status_code == 404
        if page != "reverse":
            answer = client.post(f"/nominations/{nomination_id}/{page}", data={"reason": REASON})
            assert answer.status_code == 404
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
        answer = client.post(f"/nominations/{nomination_id}/{page}", data=said)
        assert answer.status_code == 400
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    assert tries() == []
