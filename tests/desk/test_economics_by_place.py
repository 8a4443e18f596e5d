"""How many families of a place have a business, a licence, a channel, a loan, and what support."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.clock import today
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.desk.queries.economics_by_place import (
    PlaceFigures,
    economics_as_counted,
    economics_by_place,
)
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
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.graduation import Cast, cast, nominate
from tests.factories.places import (
    BITUNG,
    BUNAKEN,
    MAASING,
    MANADO,
    NORTH_SULAWESI,
    TUMINTING,
    ensure_region,
)
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
    return {row.code: astuple(row)[2:] for row in economics_by_place(actor, region).places}


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


@pytest.fixture
def province(db_session: Session) -> User:
    user: User = UserFactory(administrator=True, region=NORTH_SULAWESI)
    db_session.commit()
    return user


def counted(run_command: Callable[..., Result], *options: str) -> str:
    done = run_command("economics", "count", *options)
    assert done.exit_code == 0, done.output
    return str(done.stdout)


def test_a_province_is_told_what_was_counted_at_night_and_when(
    client: FlaskClient, province: User, run_command: Callable[..., Result]
) -> None:
    people, other = cast(), cast()
    business(people, licences=True)
    supported(other, SupportKind.EQUIPMENT)
    at_night = datetime(2026, 11, 12, 18, tzinfo=UTC)
    with clock.at(at_night):
        assert "2 families of 1 regencies counted." in counted(run_command)
        business(other)
        sign_in(client, province)
        text = page(client)
    found = economics_as_counted(actor_for(province), NORTH_SULAWESI)
    assert found.places == [PlaceFigures(MANADO, "Kota Manado", 2, 1, 1, 0, 0, 0)]
    assert found.support[SupportKind.EQUIPMENT] == 1
    assert found.counted_at == at_night
    assert re.search(rf'rowheader"><a href="[^"]+region={MANADO}">Kota Manado', text)
    assert "sampai 13 Nov 2026 02.00 WITA." in text
    # Of the regency itself, as of now.
    assert figures(people.theirs) == {BUNAKEN: (2, 2, 1, 0, 0, 0)}


def test_counted_once_more_it_is_as_of_then(
    db_session: Session, province: User, run_command: Callable[..., Result]
) -> None:
    people = cast()
    business(people)
    counted(run_command)
    nominate(people, NominationStatus.ESTABLISHED)
    assert "0 families of 1 regencies counted." in counted(run_command, "--area", MANADO)
    found = economics_as_counted(actor_for(province), NORTH_SULAWESI)
    assert found.places == [PlaceFigures(MANADO, "Kota Manado", 0, 0, 0, 0, 0, 0)]


def test_the_nation_is_told_of_its_provinces_and_a_province_of_nothing_elsewhere(
    client: FlaskClient, db_session: Session, province: User, run_command: Callable[..., Result]
) -> None:
    nation: User = UserFactory(administrator=True, region=None)
    elsewhere: User = UserFactory(administrator=True, region="51")
    db_session.commit()
    business(cast())
    counted(run_command)
    everywhere = economics_as_counted(actor_for(nation), None)
    assert everywhere.places == [PlaceFigures("71", "Sulawesi Utara", 1, 1, 0, 0, 0, 0)]
    assert economics_as_counted(actor_for(elsewhere), "51").places == []
    assert economics_as_counted(actor_for(elsewhere), "71").places == []
    sign_in(client, nation)
    assert 'href="/households/economics?region=71"' in page(client)
    assert "Kota Manado" in page(client, "?region=71")


def test_a_regency_that_was_never_counted_is_named(
    client: FlaskClient, province: User, run_command: Callable[..., Result]
) -> None:
    people = cast()
    business(people)
    with transaction():
        ensure_region(BITUNG)
    sign_in(client, province)
    text = page(client)
    assert "Pilih wilayah" in text
    assert f'href="/households/economics?region={MANADO}"' in text
    assert re.search(r'rowheader"><a [^>]+>Bunaken', page(client, f"?region={MANADO}"))
    counted(run_command)
    before, after = page(client).split("Belum dihitung")
    assert f"region={MANADO}" in before
    assert f"region={BITUNG}" in after
    assert f"region={MANADO}" not in after


def test_a_code_of_no_regency_with_families_is_refused(
    app: Flask, run_command: Callable[..., Result]
) -> None:
    done = run_command("economics", "count", "--area", "99.99")
    assert done.exit_code == 2
    assert "99.99 is no regency with households" in done.stderr


def test_what_was_counted_is_in_the_trail(
    db_session: Session, run_command: Callable[..., Result]
) -> None:
    cast()
    counted(run_command)
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.ECONOMICS_COUNTED.value)
    ).one()
    assert entry.data == {"households": 1}


def test_where_there_is_no_family_the_page_says_so(
    client: FlaskClient, db_session: Session
) -> None:
    empty = UserFactory(supervisor=True)
    db_session.commit()
    sign_in(client, empty)
    assert "Belum ada keluarga" in page(client)
