"""Who records that a family withdraws, where somebody looks after its group and where nobody
does."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.access.roles import Role
from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Refused
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.states import STEPS, NominationStatus, Step
from casework.households.models import Assignment, Household
from casework.households.rules import HouseholdStatus
from casework.ledger.models import Tally
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.graduation import FAMILY_SAYS, Cast, cast, nominate, state_of
from tests.factories.places import BITUNG, TUMINTING
from tests.graduation.browsing import Person

S = NominationStatus
WITHDRAWABLE = [status for status in S if (status, Step.WITHDRAW) in STEPS]


def nobody(people: Cast) -> None:
    with transaction() as session:
        session.execute(update(Assignment).values(to_on=clock.today("Asia/Makassar")))


def changed(**values: object) -> Callable[[Cast], None]:
    """Her account, so that the group is hers and she cannot look after it."""

    def change(people: Cast) -> None:
        with transaction() as session:
            session.execute(update(User).where(User.id == people.hers.user_id).values(**values))

    return change


def moved_to(region: str) -> Callable[[Cast], None]:
    def move(people: Cast) -> None:
        with transaction():
            # Whose place it is does not matter; the place has to be there.
            code = UserFactory(region=region).region_code
        changed(region_code=code)(people)

    return move


VACANT: dict[str, Callable[[Cast], None]] = {
    "nobody": nobody,
    "disabled": changed(is_active=False),
    "another role": changed(role=Role.VIEWER),
    "another regency": moved_to(BITUNG),
}


def withdraw_by(actor: object, nomination_id: uuid.UUID) -> None:
    with transaction():
        actions.withdraw(actor, nomination_id, reason=FAMILY_SAYS)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", S)
def test_where_nobody_looks_after_the_group_the_supervisor_records_it_until_it_is_established(
    db_session: Session, status: S
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    nobody(people)
    if status not in WITHDRAWABLE:
        with pytest.raises(Conflict):
            withdraw_by(people.theirs, nomination_id)
        assert state_of(nomination_id) is status
        return
    withdraw_by(people.theirs, nomination_id)
    assert state_of(nomination_id) is S.WITHDRAWN
    line = db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.NOMINATION_WITHDRAWN.value)
    ).one()
    assert (line.actor_id, line.data["from"]) == (people.theirs.user_id, status.value)
    household = db.session.scalar(
        select(Household.status).where(Household.id == people.household.id)
    )
    assert household is HouseholdStatus.ACTIVE
    assert not any(db.session.scalars(select(Tally.counted)))


@pytest.mark.parametrize("how", VACANT)
def test_a_group_is_without_a_facilitator_also_where_hers_cannot_look_after_it(
    db_session: Session, how: str
) -> None:
    people = cast()
    nomination_id = nominate(people, S.APPROVED)
    VACANT[how](people)
    withdraw_by(people.theirs, nomination_id)
    assert state_of(nomination_id) is S.WITHDRAWN


@pytest.mark.parametrize("status", WITHDRAWABLE)
def test_where_somebody_looks_after_it_the_supervisor_does_not_and_is_told_who_does(
    db_session: Session, status: S
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    # Moved within the regency she still sees her group.
    moved_to(TUMINTING)(people)
    with pytest.raises(Refused, match=people.facilitator.name):
        withdraw_by(people.theirs, nomination_id)
    assert state_of(nomination_id) is status
    withdraw_by(people.hers, nomination_id)
    assert state_of(nomination_id) is S.WITHDRAWN


@pytest.mark.parametrize("role", ["administrator", "viewer"])
def test_nobody_else_does_even_where_nobody_looks_after_it(
    client: FlaskClient, db_session: Session, role: str
) -> None:
    people = cast()
    nomination_id = nominate(people, S.APPROVED)
    nobody(people)
    with transaction():
        other = UserFactory(**{role: True})
    if role == "administrator":
        with pytest.raises(Refused):
            withdraw_by(actor_for(other), nomination_id)
    sign_in(client, other)
    address = f"/nominations/{nomination_id}/withdraw"
    assert client.get(address).status_code == 404
    assert client.post(address, data={"reason": FAMILY_SAYS}).status_code == 404
    assert state_of(nomination_id) is S.APPROVED


@pytest.mark.parametrize("status", WITHDRAWABLE)
def test_the_supervisors_page_offers_it_only_there_and_asks_once_more(
    client: FlaskClient, db_session: Session, status: S
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    sign_in(client, people.supervisor)
    rina = Person(client)
    rina.opens(f"/nominations/{nomination_id}")
    assert "Batalkan usulan" not in rina.page.links
    nobody(people)
    rina.opens(f"/nominations/{nomination_id}")
    rina.taps_link("Batalkan usulan")
    rina.types("reason", FAMILY_SAYS)
    assert state_of(nomination_id) is status
    rina.presses("Ya, batalkan usulan")
    assert state_of(nomination_id) is S.WITHDRAWN
    assert FAMILY_SAYS in rina.text


def test_until_when_is_said_as_it_is(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people)
    sign_in(client, people.facilitator)
    budi = Person(client)
    budi.opens(f"/nominations/{nomination_id}")
    assert "Keluarga boleh membatalkan sebelum ditetapkan Kemensos." in budi.text
    assert "sebelum berlaku" not in budi.text
