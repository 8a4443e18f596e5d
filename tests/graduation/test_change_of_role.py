"""Who was a facilitator a moment ago does not decide on what colleagues nominate."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy.orm import Session

from casework.access.roles import Role
from casework.accounts.actions.people import Particulars, change_person
from casework.accounts.models import User
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Refused
from casework.core.transaction import transaction
from casework.graduation.rules import AFTER_FACILITATING
from casework.graduation.states import NominationStatus, Step
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.graduation import REASON, Cast, cast, decide, nominate, state_of
from tests.factories.places import BUNAKEN, MANADO

S = NominationStatus
MOMENT = timedelta(seconds=1)


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="Ibu Aminah")


@pytest.fixture
def siti(people: Cast) -> User:
    """A facilitator of another group, who has nothing to do with this family."""
    with transaction():
        other: User = UserFactory()
    return other


def becomes(people: Cast, person: User, role: Role) -> datetime:
    """By an administrator's act; gives the moment of it."""
    region = BUNAKEN if role is Role.FACILITATOR else MANADO
    moment = clock.now()
    with clock.at(moment), transaction():
        change_person(people.office, person.id, Particulars(person.name, role, region))
    return moment


@pytest.mark.parametrize("step", [Step.APPROVE, Step.RETURN, Step.REJECT])
def test_a_new_supervisor_decides_from_the_thirtieth_day_on(
    people: Cast, siti: User, step: Step
) -> None:
    nomination_id = nominate(people)
    changed = becomes(people, siti, Role.SUPERVISOR)
    with (
        clock.at(changed + AFTER_FACILITATING - MOMENT),
        pytest.raises(Refused, match="Anda pendamping sampai"),
    ):
        decide(actor_for(siti), nomination_id, step)
    assert state_of(nomination_id) is S.SUBMITTED
    with clock.at(changed + AFTER_FACILITATING):
        decide(actor_for(siti), nomination_id, step)
    assert state_of(nomination_id) is not S.SUBMITTED


def test_a_role_in_between_does_not_shorten_it(people: Cast, siti: User) -> None:
    nomination_id = nominate(people)
    changed = becomes(people, siti, Role.VIEWER)
    with clock.at(changed + timedelta(days=29)):
        becomes(people, siti, Role.SUPERVISOR)
        with pytest.raises(Refused):
            decide(actor_for(siti), nomination_id, Step.APPROVE)


def test_it_begins_anew_with_every_time_as_a_facilitator(people: Cast, siti: User) -> None:
    nomination_id = nominate(people)
    changed = becomes(people, siti, Role.SUPERVISOR)
    with clock.at(changed + timedelta(days=20)):
        becomes(people, siti, Role.FACILITATOR)
    with clock.at(changed + timedelta(days=25)):
        becomes(people, siti, Role.SUPERVISOR)
    with clock.at(changed + timedelta(days=54)), pytest.raises(Refused):
        decide(actor_for(siti), nomination_id, Step.APPROVE)
    with clock.at(changed + timedelta(days=55)):
        decide(actor_for(siti), nomination_id, Step.APPROVE)


def test_who_never_was_a_facilitator_decides_at_once(people: Cast) -> None:
    with transaction():
        viewer: User = UserFactory(viewer=True)
    nomination_id = nominate(people)
    becomes(people, viewer, Role.SUPERVISOR)
    decide(actor_for(viewer), nomination_id, Step.APPROVE)


def test_the_page_says_from_when(people: Cast, siti: User, client: FlaskClient) -> None:
    nomination_id = nominate(people)
    becomes(people, siti, Role.SUPERVISOR)
    sign_in(client, siti)
    page = client.get(f"/nominations/{nomination_id}").text
    assert "Anda dapat memutuskan usulan mulai" in page
    assert "Setujui usulan" not in page
    answer = client.post(
        f"/nominations/{nomination_id}/decide",
        data={"step": "approve", "reason": REASON, "version": "7", "confirmed": "yes"},
    )
    assert answer.status_code == 403
    assert state_of(nomination_id) is S.SUBMITTED


def test_whoever_changed_role_before_that_was_kept_is_taken_for_a_former_facilitator(
    own_app: Flask,
) -> None:
    before, since = clock.now() - timedelta(days=400), clock.now() - timedelta(days=3)
    with own_app.app_context():
        with transaction():
            UserFactory(username="always", supervisor=True, role_since=before, created_at=before)
            UserFactory(username="changed", supervisor=True, role_since=since, created_at=before)
            UserFactory(username="is", role_since=since, created_at=before)
        downgrade(revision="0012")
        upgrade()
        found = db.session.execute(db.select(User.username, User.facilitated_until)).all()
    assert {tuple(each) for each in found} == {
        ("always", None), ("changed", since), ("is", None)
    }  # fmt: skip
