"""Lists: the oldest waits at the top, what is overdue says so, and pages follow each other."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation import actions
from casework.graduation.models import Nomination
from casework.graduation.rules import is_overdue
from casework.graduation.states import NominationStatus, Step
from casework.households.models import Assignment, Household
from casework.ledger.rules import ExitKind
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import Cast, another_household, cast, decide, nominate
from tests.factories.households import AssignmentFactory, GroupFactory
from tests.factories.places import BITUNG, MAASING, MANADO, MOLAS, TUMINTING
from tests.fixtures.statements import Statements
from tests.scenes import scene

S = NominationStatus
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def names(text: str) -> list[str]:
    return re.findall(r'class="row-title">([^<]+)<', text)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@scene
def a_supervisor() -> User:
    with transaction():
        supervisor: User = UserFactory(supervisor=True)
    return supervisor


@pytest.fixture
def rina(client: FlaskClient, db_session: Session) -> User:
    supervisor = a_supervisor()
    sign_in(client, supervisor)
    return supervisor


def waits_since(days: float, name: str, **household: object) -> Cast:
    people = cast(caretaker_name=name, **household)
    with clock.at(clock.now() - timedelta(days=days)):
        nominate(people)
    return people


def test_the_oldest_comes_first_and_overdue_ones_say_so(client: FlaskClient, rina: User) -> None:
    waits_since(3, "Ibu Baru")
    waits_since(30, "Ibu Lama")
    waits_since(14.5, "Ibu Lewat")
    page = client.get("/nominations/").text
    assert names(page) == ["Ibu Lama", "Ibu Lewat", "Ibu Baru"]
    assert "30 hari: lewat batas" in page
    assert "3 hari: lewat batas" not in page
    assert "3 menunggu · 2 lewat 14 hari" in page


def test_a_returned_nomination_comes_back_to_its_old_place(client: FlaskClient, rina: User) -> None:
    old = waits_since(30, "Ibu Lama")
    waits_since(10, "Ibu Tengah")
    nomination_id = db.session.scalars(
        db.select(Nomination.id).where(Nomination.household_id == old.household.id)
    ).one()
    decide(old.theirs, nomination_id, Step.RETURN)
    assert names(client.get("/nominations/").text) == ["Ibu Tengah"]
    with transaction():
        actions.submit(old.hers, nomination_id)
    assert names(client.get("/nominations/").text) == ["Ibu Lama", "Ibu Tengah"]


def test_filters_narrow_by_place_facilitator_and_age(client: FlaskClient, rina: User) -> None:
    here = waits_since(2, "Ibu Molas", village=MOLAS)
    waits_since(20, "Ibu Maasing", village=MAASING)
    hers = here.facilitator.id
    for query, found in (
        (f"region={TUMINTING}", ["Ibu Maasing"]),
        (f"region={MOLAS}", ["Ibu Molas"]),
        (f"region={MANADO}", ["Ibu Maasing", "Ibu Molas"]),
        (f"facilitator={hers}", ["Ibu Molas"]),
        (f"facilitator={NOBODY}", []),
        ("overdue=1", ["Ibu Maasing"]),
        (f"overdue=1&region={MOLAS}", []),
        ("status=approved", []),
    ):
        assert names(client.get(f"/nominations/?{query}").text) == found, query


#: The id of nobody; fixed, since it stands in the names of tests.
NOBODY = uuid.UUID("01a20bc9-2ab1-7315-9ee2-b36a1d540675")


@pytest.mark.parametrize(
    "query",
    [
        f"region={BITUNG}", "region=7171", "region=x'", "status=diteruskan",
        "facilitator=1", "after=x", "after=2026-11-24T03:00:00~x",
        f"after=2026-11-24T03:00:00~{NOBODY}",
    ],
)  # fmt: skip
def test_an_address_that_no_page_offers_is_not_found(
    client: FlaskClient, rina: User, query: str
) -> None:
    assert client.get(f"/nominations/?{query}").status_code == 404


def test_an_empty_queue_is_good_news(client: FlaskClient, rina: User) -> None:
    assert "Tidak ada usulan menunggu." in client.get("/nominations/").text
    assert "Tidak ada usulan yang cocok." in client.get("/nominations/?overdue=1").text
    assert "Tidak ada usulan dengan status ini." in client.get("/nominations/?status=returned").text


def fill(group_of: Cast, many: int, status: NominationStatus) -> None:
    """Rows as they lie there, for lists alone; some share their moment."""
    with transaction() as session:
        group = GroupFactory()
        AssignmentFactory(group=group, facilitator=group_of.facilitator)
        for number in range(many):
            household: Household = another_household(group, caretaker_name=f"Ibu {number:03d}")
            at = NOW - timedelta(hours=number // 3)
            session.add(
                Nomination(
                    area_id=household.area_id,
                    id=new_id(),
                    household_id=household.id,
                    kind=ExitKind.INDEPENDENT,
                    status=status,
                    nominated_by=group_of.facilitator.id,
                    nominated_by_name="Budi",
                    nominated_at=at,
                    first_submitted_at=at,
                    submitted_by=group_of.facilitator.id,
                    submitted_at=at,
                    updated_at=at,
                )
            )


@pytest.mark.parametrize("status", [S.SUBMITTED, S.WITHDRAWN])
def test_pages_follow_each_other_without_gap_or_double(
    client: FlaskClient, rina: User, status: NominationStatus
) -> None:
    fill(cast(), 107, status)
    address: str | None = f"/nominations/?status={status.value}"
    seen: list[str] = []
    sizes = []
    while address:
        page = client.get(address).text
        found = names(page)
        seen += found
        sizes.append(len(found))
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else None
    assert sizes == [50, 50, 7]
    assert len(set(seen)) == 107
    ages = [int(name[4:]) // 3 for name in seen]
    assert ages == sorted(ages, reverse=status is S.SUBMITTED)


def test_the_queue_takes_as_many_statements_whatever_its_length(
    client: FlaskClient, rina: User, statements: Statements
) -> None:
    people = cast()
    counts = []
    for more in (2, 40):
        fill(people, more, S.SUBMITTED)
        statements.reset()
        assert client.get("/nominations/").status_code == 200
        counts.append(statements.count)
    # Who is signed in; page; how many wait; places and facilitators of the filters.
    assert counts[0] == counts[1] <= 5


def test_a_facilitator_sees_hers_returned_first(client: FlaskClient, db_session: Session) -> None:
    people = cast(caretaker_name="Ibu Draf")
    nominate(people, S.DRAFT)
    with transaction():
        group = GroupFactory()
        AssignmentFactory(group=group, facilitator=people.facilitator)
        others = {
            status: another_household(group, caretaker_name=f"Ibu {status.value}")
            for status in (S.APPROVED, S.RETURNED, S.SUBMITTED, S.REJECTED, S.WITHDRAWN)
        }
    for status, household in others.items():
        nominate(replace(people, household=household), status)
    nominate(cast(caretaker_name="Ibu Orang Lain"))
    sign_in(client, people.facilitator)
    page = client.get("/nominations/").text
    assert names(page) == [
        "Ibu returned",
        "Ibu Draf",
        *(f"Ibu {status}" for status in ("submitted", "approved", "rejected", "withdrawn")),
    ]


def test_a_facilitator_with_many_gets_to_all_of_them(
    client: FlaskClient, db_session: Session, statements: Statements
) -> None:
    people = cast()
    fill(people, 53, S.WITHDRAWN)
    sign_in(client, people.facilitator)
    statements.reset()
    page = client.get("/nominations/").text
    assert statements.count <= 2
    assert "Lihat semua (53)" in page
    rest = client.get("/nominations/?status=withdrawn").text
    assert 'rel="next"' in rest


def test_nothing_is_nominated_yet(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    sign_in(client, people.facilitator)
    assert "Anda belum mengusulkan keluarga." in client.get("/nominations/").text


@pytest.mark.parametrize(
    ("waited", "overdue"),
    [
        (timedelta(days=13, hours=23), False),
        (timedelta(days=14), False),
        (timedelta(days=14, seconds=1), True),
    ],
)
def test_fourteen_days_are_still_in_time(waited: timedelta, overdue: bool) -> None:
    assert is_overdue(NOW - waited, NOW) is overdue


def test_a_group_without_a_facilitator_keeps_its_nominations_in_the_queue(
    client: FlaskClient, rina: User
) -> None:
    people = waits_since(1, "Ibu Yatim")
    with transaction() as session:
        session.execute(
            update(Assignment)
            .where(Assignment.facilitator_id == people.facilitator.id)
            .values(to_on=datetime(2026, 1, 1, tzinfo=UTC).date())
        )
    page = client.get("/nominations/").text
    assert names(page) == ["Ibu Yatim"]
    assert "Belum ada pendamping" in page
