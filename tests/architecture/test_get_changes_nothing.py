"""Every page, asked for by everybody: nothing changes, nothing leaks, nothing breaks, and nothing
is heavier than what a weak line carries at once."""

from __future__ import annotations

import gzip
import io
import logging
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.accounts.models import User
from casework.accounts.queries.identity import actor_of
from casework.aftercare.models import FollowUpVisit
from casework.core.db import db
from casework.demo.cast import CAST
from casework.economics.models import Enterprise
from casework.graduation.models import Evidence, HouseholdExit, MinistryBatch, Nomination
from casework.graduation.states import NominationStatus
from casework.households.models import Group, Household
from casework.meetings.models import Meeting, MeetingPhoto
from casework.rosters.models import RosterImport
from casework.web.guard import PUBLIC, declared
from casework.web.headers import HEADERS
from tests.factories.accounts import sign_in
from tests.fingerprint import content_of_database

#: NIK and No KK of the demonstration all begin with 9971.
PERSONAL_NUMBER = re.compile(r"9971\d{12}")

#: Addresses to follow, of each kind, so that several states of a thing are seen.
SAMPLE = 4

NOBODY = "nobody"
#: One of each role; of facilitators also the one who works in other groups of the city.
EVERYBODY = (
    NOBODY,
    *({person.role: person.username for person in reversed(CAST)}).values(),
    "pendamping2",
)

#: field-ux 7.2: one window of TCP.
MOST_KILOBYTES = 14

#: Hands the rows of a file back to whoever has just sent them.
HANDS_BACK = {"rosters.bad_rows"}


def ids() -> dict[str, list[object]]:
    """Values for the names that stand in addresses."""

    def some(column: object, *order: object) -> list[object]:
        return list(db.session.scalars(select(column).order_by(*order).limit(SAMPLE)))  # type: ignore[call-overload]

    by_status = [
        db.session.scalar(select(Nomination.id).where(Nomination.status == status).limit(1))
        for status in NominationStatus
    ]
    evidence = db.session.execute(
        select(Evidence.nomination_id, Evidence.id).order_by(Evidence.added_at).limit(1)
    ).one()
    # First: a meeting and a photo that belong together.
    photo = db.session.execute(
        select(MeetingPhoto.meeting_id, MeetingPhoto.id).order_by(MeetingPhoto.added_at).limit(1)
    ).one()
    visit = db.session.execute(
        select(FollowUpVisit.household_id, FollowUpVisit.id)
        .order_by(FollowUpVisit.is_slipping.desc(), FollowUpVisit.id)
        .limit(1)
    ).one()
    # First: a family and how it left; then one that is visited.
    left = db.session.execute(
        select(HouseholdExit.household_id, HouseholdExit.id).order_by(HouseholdExit.id).limit(1)
    ).one()
    nominated = list(db.session.scalars(select(Nomination.household_id).limit(SAMPLE)))
    return {
        "household_id": [
            left.household_id,
            visit.household_id,
            *some(Household.id, Household.id),
            *nominated,
        ],
        "group_id": some(Group.id, Group.id),
        "meeting_id": [photo.meeting_id, *some(Meeting.id, Meeting.held_on.desc())],
        "photo_id": [photo.id],
        "visit_id": [visit.id],
        "nomination_id": [evidence.nomination_id, *by_status],
        "evidence_id": [evidence.id],
        "exit_id": [left.id],
        "upload_id": some(RosterImport.id, RosterImport.uploaded_at.desc()),
        "enterprise_id": some(Enterprise.id, Enterprise.id),
        "user_id": some(User.id, User.username),
        "batch_id": some(MinistryBatch.id, MinistryBatch.made_at),
        "area_id": some(MinistryBatch.area_id),
        # Nobody of the demonstration has one.
        "file_id": [uuid.UUID(int=1)],
        "code": ["id", "en", "fr"],
        "filename": ["css/app.css", "js/none.js"],
        "token": ["no-such-token"],
    }


def addresses(app: Flask, rule: Rule, known: dict[str, list[object]]) -> list[str]:
    unknown = rule.arguments - set(known)
    assert not unknown, f"tell `ids` of this test what to put for {unknown} of {rule}"
    most = max((len(known[name]) for name in rule.arguments), default=1)
    found = []
    with app.test_request_context():
        for number in range(most):
            values = {name: known[name][number % len(known[name])] for name in rule.arguments}
            found.append(app.url_for(rule.endpoint, **values))
    return list(dict.fromkeys(found))


def is_open_to(rule: Rule, actor: Actor | None) -> bool:
    wanted = declared(rule.endpoint)
    return wanted == PUBLIC or (actor is not None and actor.may(Permission(wanted)))


def is_kept_out(answer: TestResponse, username: str) -> bool:
    """As the guard answers: to sign in first, or that there is no such page."""
    if username == NOBODY:
        return answer.status_code in (302, 401)
    return answer.status_code == 404


def text_of(answer: TestResponse) -> str:
    body = answer.get_data()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"".join(parts.read(name) for name in parts.namelist())
    return body.decode("utf-8", "replace") + str(answer.headers)


def faults(rule: Rule, answer: TestResponse) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"answers {answer.status_code}"
    for name in HEADERS:
        if name not in answer.headers:
            yield f"lacks {name}"
    if rule.endpoint not in HANDS_BACK and PERSONAL_NUMBER.search(text_of(answer)):
        yield "shows a NIK or No KK that nobody asked to see"


def weight(answer: TestResponse) -> float:
    """Kilobytes of a page as phones get it that know no better compression."""
    is_page = answer.mimetype == "text/html"
    return len(gzip.compress(answer.get_data(), 6)) / 1024 if is_page else 0


@pytest.fixture(scope="module")
def clients(small_demo: Flask) -> dict[str, FlaskClient]:
    """Browsers of all people of the demonstration, by username, and of nobody."""
    found = {name: small_demo.test_client() for name in EVERYBODY}
    with small_demo.app_context():
        for user in db.session.scalars(select(User).where(User.username.in_(EVERYBODY))).all():
            sign_in(found[user.username], user)
    return found


@pytest.fixture(scope="module")
def untouched(small_demo: Flask, clients: object) -> str:
    """What the database holds before anybody looks, a fingerprint."""
    with small_demo.app_context():
        return content_of_database()


@pytest.fixture
def known(small_demo: Flask) -> dict[str, list[object]]:
    with small_demo.app_context():
        return ids()


@pytest.fixture
def closed(small_demo: Flask, username: str) -> set[str]:
    """Endpoints that the role of that person does not open, whatever stands in the address."""
    with small_demo.app_context():
        actor = actor_of(username)
        return {
            rule.endpoint for rule in small_demo.url_map.iter_rules() if not is_open_to(rule, actor)
        }


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("username", EVERYBODY)
def test_looking_at_pages_changes_nothing_and_leaks_nothing(
    small_demo: Flask,
    clients: dict[str, FlaskClient],
    known: dict[str, list[object]],
    untouched: str,
    closed: set[str],
    username: str,
    caplog: pytest.LogCaptureFixture,
    budget: Callable[..., None],
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong: list[str] = []
    seen = 0
    weights: dict[str, float] = {}
    for rule in small_demo.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        for address in addresses(small_demo, rule, known)[: 1 if rule.endpoint in closed else None]:
            try:
                answer = clients[username].get(address)
            except Exception as error:
                wrong.append(f"{address}: {error!r}")
                continue
            seen += answer.status_code == 200
            weights[rule.rule] = max(weight(answer), weights.get(rule.rule, 0))
            wrong += [f"{address}: {fault}" for fault in faults(rule, answer)]
            if rule.endpoint in closed and not is_kept_out(answer, username):
                wrong.append(f"{address}: lets in whom its permission keeps out")
    assert not wrong, "\n".join(wrong)
    assert seen > 2
    assert not PERSONAL_NUMBER.search(caplog.text)
    with small_demo.app_context():
        assert content_of_database() == untouched, "a GET has written"
    heaviest = max(weights, key=lambda rule: weights[rule])
    budget(f"heaviest page of {username}, {heaviest}", weights[heaviest], MOST_KILOBYTES, "KB")
