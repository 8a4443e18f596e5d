"""A group is closed when nobody belongs to it; what it did stays, and it can be reopened."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.errors import Invalid, NotFound, Refused
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.households.actions.assignments import assign
from casework.households.actions.groups import close_group, make_group, reopen_group
from casework.households.actions.memberships import put_household, take_out
from casework.households.models import Assignment, Group, Household, Membership
from casework.meetings.rules import Presence
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.households import HouseholdFactory, group_with
from tests.factories.meetings import meeting_with
from tests.factories.places import BITUNG, MOLAS

NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
TODAY = date(2026, 11, 12)


@pytest.fixture
def siti(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(name="Siti Rahayu")
    db_session.refresh(user)
    return user


@pytest.fixture
def rina(db_session: Session) -> User:
    with transaction():
        user: User = UserFactory(supervisor=True)
    db_session.refresh(user)
    return user


@pytest.fixture
def melati(db_session: Session, siti: User) -> Group:
    """Siti's group; it has met once and has one family left."""
    with transaction():
        group = group_with(siti, households=1, name="Melati")
        family = db_session.scalars(select(Membership.household_id)).one()
        meeting_with(group, date(2026, 10, 6), {family: Presence.PRESENT})
    db_session.refresh(group)
    return group


def the_family(session: Session) -> uuid.UUID:
    return session.scalars(select(Household.id)).one()


def empty(session: Session, rina: User) -> None:
    with clock.at(NOW), transaction():
        take_out(actor_for(rina), the_family(session), TODAY)


def test_a_group_that_families_belong_to_is_not_closed(
    db_session: Session, client: FlaskClient, rina: User, melati: Group
) -> None:
    sign_in(client, rina)
    page = client.get(f"/groups/{melati.id}/close").text
    assert "Masih ada 1 keluarga di kelompok ini. Pindahkan ke kelompok lain" in page
    assert f'href="/households/{the_family(db_session)}/group"' in page
    assert "Ya, tutup" not in page
    answer = client.post(f"/groups/{melati.id}/close")
    assert answer.status_code == 422
    assert "Masih ada 1 keluarga di kelompok ini. Pindahkan dulu." in answer.text
    assert db_session.scalars(select(Group.closed_on)).one() is None


def test_a_closed_group_leaves_the_lists_and_the_facilitators_home_and_its_history_stays(
    db_session: Session, client: FlaskClient, rina: User, siti: User, melati: Group
) -> None:
    empty(db_session, rina)
    with clock.at(NOW):
        sign_in(client, siti)
        assert "Melati" in client.get("/").text
        sign_in(client, rina)
        assert "Ya, tutup" in client.get(f"/groups/{melati.id}/close").text
        answer = client.post(f"/groups/{melati.id}/close", follow_redirects=True)
        assert "Kelompok Melati sudah ditutup." in answer.text
        assert "Ditutup sejak 12 Nov 2026" in answer.text
        assert "Siti Rahayu, 6 Jan 2025 sampai 12 Nov 2026" in answer.text
        assert "Melati" not in client.get("/groups/").text
        assert "Melati" in client.get("/groups/?closed=1").text
        meeting = meeting_id(melati.id, date(2026, 10, 6))
        assert client.get(f"/meetings/{meeting}").status_code == 200
        for page in ("edit", "put-in", "facilitator"):
            assert client.get(f"/groups/{melati.id}/{page}").status_code == 404
        sign_in(client, siti)
        assert "Melati" not in client.get("/").text
        assert client.get(f"/groups/{melati.id}").status_code == 404
        assert client.get(f"/groups/{melati.id}/meetings/new").status_code == 404
    stays = db_session.execute(select(Membership.from_on, Membership.to_on)).one()
    assert stays.to_on == TODAY
    assert db_session.scalars(select(Assignment.to_on)).one() == TODAY
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.GROUP_CLOSED.value)
    ).one()
    assert (entry.subject_id, entry.data) == (
        str(melati.id),
        {"on": "2026-11-12", "from_facilitator": str(siti.id)},
    )


def test_a_group_is_reopened_and_given_into_care_anew(
    db_session: Session, client: FlaskClient, rina: User, siti: User, melati: Group
) -> None:
    empty(db_session, rina)
    actor = actor_for(rina)
    with clock.at(NOW), transaction():
        close_group(actor, melati.id)
        close_group(actor, melati.id)
    sign_in(client, rina)
    with clock.at(NOW):
        answer = client.post(f"/groups/{melati.id}/reopen", follow_redirects=True)
        assert "Kelompok Melati dibuka kembali" in answer.text
        assert "Kelompok ini belum punya pendamping" in answer.text
        assert "Melati" in client.get("/groups/").text
        with transaction():
            reopen_group(actor, melati.id)
            assign(actor, melati.id, siti.id, TODAY)
            put_household(actor, the_family(db_session), melati.id, TODAY)
    tags = db_session.scalars(select(AuditEntry.tag).where(AuditEntry.tag.like("group:%"))).all()
    assert sorted(tags) == ["group:close", "group:reopen"]


def test_the_name_of_a_closed_group_is_told_from_one_in_use(
    db_session: Session, rina: User, melati: Group
) -> None:
    empty(db_session, rina)
    actor = actor_for(rina)
    with clock.at(NOW), transaction():
        with pytest.raises(Invalid, match="sudah punya|sudah ada"):
            make_group(actor, MOLAS, "Melati")
        close_group(actor, melati.id)
        with pytest.raises(Invalid, match="Buka kembali"):
            make_group(actor, MOLAS, "Melati")


@pytest.mark.parametrize("act", [close_group, reopen_group])
def test_a_group_elsewhere_does_not_exist(
    db_session: Session, melati: Group, act: Callable[..., None]
) -> None:
    with transaction():
        stranger = actor_for(UserFactory(supervisor=True, region=BITUNG))
        with pytest.raises(NotFound):
            act(stranger, melati.id)


def test_a_facilitator_closes_nothing(client: FlaskClient, siti: User, melati: Group) -> None:
    sign_in(client, siti)
    assert client.post(f"/groups/{melati.id}/close").status_code == 404
    assert client.post(f"/groups/{melati.id}/reopen").status_code == 404
    assert "Tutup kelompok" not in client.get(f"/groups/{melati.id}").text


@pytest.mark.parametrize("first", ["close", "join"])
def test_nobody_joins_a_group_while_it_is_closed(app: Flask, first: str) -> None:
    """Whichever comes first, the other sees it."""
    with app.app_context(), transaction():
        actor = actor_for(UserFactory(supervisor=True))
        group_id, household_id = group_with(None, households=0).id, HouseholdFactory().id
    is_done = threading.Event()
    refused: list[type[Exception]] = []

    def close() -> None:
        close_group(actor, group_id)

    def join() -> None:
        put_household(actor, household_id, group_id, TODAY)

    def lead() -> None:
        with app.app_context(), transaction():
            (close if first == "close" else join)()
            is_done.set()
            time.sleep(0.3)

    def follow() -> None:
        is_done.wait()
        try:
            with app.app_context(), transaction():
                (join if first == "close" else close)()
        except (NotFound, Refused) as error:
            refused.append(type(error))

    threads = [threading.Thread(target=act) for act in (lead, follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [NotFound if first == "close" else Refused]
    with app.app_context(), transaction() as session:
        closed = session.scalars(select(Group.closed_on)).one() is not None
        members = len(session.scalars(select(Membership.household_id)).all())
    assert (closed, members) == ((True, 0) if first == "close" else (False, 1))
