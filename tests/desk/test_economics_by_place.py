"""How many families of a place have a business, a licence, a channel, a loan, and what support."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.core.clock import today
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.desk.queries.economics_by_place import economics_by_place
from casework.economics import actions
from casework.economics.actions.enterprises import Business
from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseKind,
    Licence,
    SalesChannel,
    SupportKind,
)
from casework.graduation.states import NominationStatus
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import Cast, cast, nominate
from tests.factories.places import BITUNG, BUNAKEN, MAASING, MANADO, NORTH_SULAWESI, TUMINTING
from tests.fixtures.statements import Statements


def business(
    people: Cast, *, ended: bool = False, channels: bool = False, licences: bool = False
) -> None:
    on = today(people.hers.time_zone)
    with transaction():
        actions.record_enterprise(
            people.hers,
            people.household.id,
            Business(
                kind=EnterpriseKind.SHOP,
                name="Warung",
                since_on=on - timedelta(days=30),
                ended_on=on if ended else None,
                turnover_per_month=None,
                licences=frozenset({Licence.NIB} if licences else ()),
                channels=frozenset({SalesChannel.HOME} if channels else ()),
            ),
            enterprise_id=new_id(),
        )


def borrows(people: Cast, lender: BorrowsFrom | None, *, days_ago: int = 0) -> None:
    on = today(people.hers.time_zone) - timedelta(days=days_ago)
    seen = actions.Seen(on, borrows_from=lender, saves_per_month=0)
    with transaction():
        actions.record_observation(people.hers, people.household.id, seen, observation_id=new_id())


def supported(people: Cast, kind: SupportKind) -> None:
    with transaction():
        actions.record_support(
            people.hers,
            people.household.id,
            support_id=new_id(),
            kind=kind,
            received_on=today(people.hers.time_zone),
            provider="Dinas Sosial",
        )


def figures(actor: Actor, region: str = MANADO) -> dict[str, tuple[int, ...]]:
    return {row.code: tuple(row[2:]) for row in economics_by_place(actor, region).places}


def test_families_are_counted_by_district_and_each_family_once(db_session: Session) -> None:
    first, second, third = cast(), cast(), cast(village=MAASING)
    business(first, channels=True)
    business(first, licences=True)
    business(second, ended=True, licences=True)
    business(third)
    assert figures(first.theirs) == {
        # families, business, licence, channel, loan, dear
        BUNAKEN: (2, 1, 1, 1, 0, 0),
        TUMINTING: (1, 1, 0, 0, 0, 0),
    }


@pytest.mark.parametrize(
    ("answers", "loan", "dear"),
    [
        ([(0, BorrowsFrom.BANK)], 1, 0),
        ([(0, BorrowsFrom.COOPERATIVE)], 1, 0),
        ([(0, BorrowsFrom.FAMILY)], 0, 0),
        ([(0, BorrowsFrom.NOBODY)], 0, 0),
        ([(0, BorrowsFrom.MONEYLENDER)], 0, 1),
        ([(0, BorrowsFrom.ONLINE_LENDER)], 0, 1),
        ([(9, BorrowsFrom.MONEYLENDER), (2, BorrowsFrom.BANK)], 1, 0),
        ([(2, BorrowsFrom.BANK), (9, BorrowsFrom.MONEYLENDER)], 1, 0),
        ([(9, BorrowsFrom.BANK), (0, None)], 1, 0),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else None,
)
def test_the_latest_answer_to_from_whom_they_borrow_counts(
    db_session: Session, answers: list[tuple[int, BorrowsFrom | None]], loan: int, dear: int
) -> None:
    people = cast()
    for days_ago, lender in answers:
        borrows(people, lender, days_ago=days_ago)
    assert figures(people.theirs)[BUNAKEN][4:] == (loan, dear)


def test_support_is_counted_by_family(db_session: Session) -> None:
    people, other = cast(), cast()
    supported(people, SupportKind.EQUIPMENT)
    supported(people, SupportKind.EQUIPMENT)
    supported(other, SupportKind.EQUIPMENT)
    supported(other, SupportKind.ACCESS_TO_FINANCE)
    found = economics_by_place(people.theirs, MANADO).support
    assert {kind: number for kind, number in found.items() if number} == {
        SupportKind.EQUIPMENT: 2,
        SupportKind.ACCESS_TO_FINANCE: 1,
    }


def test_who_has_left_is_not_counted(db_session: Session) -> None:
    people, graduate = cast(), cast()
    business(graduate)
    nominate(graduate, NominationStatus.ESTABLISHED)
    assert figures(people.theirs) == {BUNAKEN: (1, 0, 0, 0, 0, 0)}


def test_a_facilitator_counts_her_own_families(db_session: Session) -> None:
    people, other = cast(), cast()
    business(other)
    assert figures(people.hers) == {BUNAKEN: (1, 0, 0, 0, 0, 0)}


def test_two_statements_however_many_families(db_session: Session, statements: Statements) -> None:
    for _ in range(4):
        business(people := cast())
    actor = people.theirs
    statements.reset()
    economics_by_place(actor, MANADO)
    assert statements.count == 2


def page(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/households/economics{query}")
    assert answer.status_code == 200
    return answer.text


def test_from_the_regency_to_its_districts_and_their_villages(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    business(people)
    sign_in(client, people.supervisor)
    text = page(client)
    assert f'href="/households/economics?region={BUNAKEN}"' in text
    assert "Usaha dan bantuan" in text
    village = page(client, f"?region={BUNAKEN}")
    assert re.search(r'rowheader">Molas', village)
    for elsewhere in (BITUNG, "7171", f"{BUNAKEN}.1001"):
        assert client.get(f"/households/economics?region={elsewhere}").status_code == 404


def test_whoever_works_in_a_province_chooses_a_regency_first(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    wide = UserFactory(administrator=True, region=NORTH_SULAWESI)
    db_session.commit()
    business(people)
    sign_in(client, wide)
    assert f'href="/households/economics?region={MANADO}"' in page(client)
    assert re.search(r'rowheader"><a [^>]+>Bunaken', page(client, f"?region={MANADO}"))


def test_where_there_is_no_family_the_page_says_so(
    client: FlaskClient, db_session: Session
) -> None:
    empty = UserFactory(supervisor=True)
    db_session.commit()
    sign_in(client, empty)
    assert "Belum ada keluarga" in page(client)
