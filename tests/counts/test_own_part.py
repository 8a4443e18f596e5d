"""Whoever works in a part of a place is led from its public figures to that part."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.core.clock import today
from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation.states import NominationStatus
from casework.regions.rules import WITA
from tests.counts.counting import as_of_today
from tests.counts.test_behind import aminah_and_others
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import Cast, cast, nominate
from tests.factories.places import BITUNG, BUNAKEN, MAASING, MANADO, NORTH_SULAWESI, ensure_region
from tests.fixtures.statements import Statements

#: In January an address without a year speaks of the last one.
YEAR = today(WITA).year


@pytest.fixture
def people(db_session: Session) -> Cast:
    """Approved: one family of Bunaken, and one of Tuminting by a colleague."""
    return aminah_and_others()


def page_of(client: FlaskClient, person: User, region: str, more: str = "") -> str:
    sign_in(client, person)
    page = client.get(f"/national?region={region}&year={YEAR}{more}")
    assert page.status_code == 200
    return page.text.replace("&amp;", "&")


def own_part(page: str) -> tuple[str, str] | None:
    """The number, and where it leads."""
    part = f'Bagian Anda {re.escape(as_of_today())}: ([0-9]+)<.*?href="([^"]*)"'
    found = re.search(part, page, re.S)
    assert (found is None) is ("Bagian Anda" not in page)
    return (found[1], found[2]) if found else None


@pytest.mark.parametrize("shown", [MANADO, NORTH_SULAWESI, ""])
def test_a_supervisor_of_a_district_is_led_to_hers(
    people: Cast, client: FlaskClient, shown: str
) -> None:
    with transaction():
        rina: User = UserFactory(supervisor=True, region=BUNAKEN)
    page = page_of(client, rina, shown)
    part = own_part(page)
    assert part is not None
    number, address = part
    assert number == "1"
    assert f"/national/nominations?region={BUNAKEN}&" in address
    assert "Angka tepat" not in page
    behind = client.get(address).text
    assert "Ibu Aminah" in behind
    assert "Ibu Dina" not in behind
    assert own_part(page_of(client, rina, shown, "&state=established")) is not None


def test_a_facilitator_is_led_to_the_families_in_her_care_wherever_in_the_regency(
    people: Cast, client: FlaskClient
) -> None:
    """Her own district is Bunaken, as is her colleague's, whose family lives in Tuminting."""
    for person, hers, others in (
        (people.facilitator, "Ibu Aminah", "Ibu Dina"),
        (dewi(), "Ibu Dina", "Ibu Aminah"),
    ):
        part = own_part(page_of(client, person, MANADO))
        assert part is not None
        number, address = part
        assert number == "1"
        behind = client.get(address).text
        assert hers in behind
        assert others not in behind


def test_a_facilitator_of_a_whole_regency_has_her_part_beside_its_exact_figure(
    db_session: Session, client: FlaskClient
) -> None:
    people = cast()
    nominate(people, NominationStatus.APPROVED)
    with transaction():
        other: User = UserFactory(region=MANADO)
    page = page_of(client, other, MANADO)
    assert f"Angka tepat {as_of_today()}: 1<" in page
    part = own_part(page)
    assert part is not None
    assert part[0] == "0"
    # One link to her list, and not another one as if it were everybody's.
    assert page.count("Usulan di balik angka") == 1


def test_who_supervises_a_village_is_led_to_the_list_of_its_district(
    people: Cast, client: FlaskClient
) -> None:
    """Of a village there is no list; hers shows the families that she sees."""
    with transaction():
        rina: User = UserFactory(supervisor=True, region=MAASING)
    part = own_part(page_of(client, rina, MANADO))
    assert part is not None
    number, address = part
    assert number == "1"
    behind = client.get(address).text
    assert "Ibu Dina" in behind
    assert "Ibu Aminah" not in behind


def test_who_sees_all_or_nothing_of_it_has_no_part(people: Cast, client: FlaskClient) -> None:
    with transaction():
        ensure_region(BITUNG)
        viewer: User = UserFactory(viewer=True, region=BUNAKEN)
        province: User = UserFactory(supervisor=True, region=NORTH_SULAWESI)
        elsewhere: User = UserFactory(supervisor=True, region=BITUNG)
    for person in (people.supervisor, viewer, province, elsewhere):
        assert own_part(page_of(client, person, MANADO)) is None
    assert own_part(page_of(client, people.facilitator, BITUNG)) is None
    assert "Bagian Anda" not in client.application.test_client().get("/national").text


def test_it_takes_one_statement(people: Cast, client: FlaskClient, statements: Statements) -> None:
    with transaction():
        viewer: User = UserFactory(viewer=True, region=BUNAKEN)
        rina: User = UserFactory(supervisor=True, region=BUNAKEN)
    costs = []
    for person in (viewer, viewer, rina):
        sign_in(client, person)
        statements.reset()
        client.get(f"/national?region={MANADO}&year={YEAR}")
        costs.append(statements.count)
    assert costs[2] == costs[1] + 1, statements.sent


def dewi() -> User:
    return db.session.scalars(select(User).where(User.name == "Dewi Lestari")).one()
