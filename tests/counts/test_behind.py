"""From a figure to the nominations behind it, for whoever works there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import and_, select, text
from sqlalchemy.orm import Session

from casework.access.actor import command_line
from casework.accounts.models import User
from casework.core.clock import today
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.counts.queries import figures
from casework.counts.queries.figures import What, place
from casework.graduation import actions
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus
from casework.households.actions.assignments import assign
from casework.households.models import Household, Membership
from casework.ledger.actions import Counted, count, count_exit
from casework.ledger.rules import CountedState, ExitKind
from tests.counts.counting import as_of_today
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import FAMILY_SAYS, Cast, another_household, cast, nominate
from tests.factories.households import AssignmentFactory, GroupFactory
from tests.factories.places import (
    BITUNG,
    BUNAKEN,
    MAASING,
    MANADO,
    NORTH_SULAWESI,
    TUMINTING,
    ensure_region,
)
from tests.fixtures.statements import Statements, plan_of
from tests.scenes import scene

S = NominationStatus
WHAT = What(ExitKind.INDEPENDENT, CountedState.APPROVED)
YEAR = today("Asia/Makassar").year
#: Who asks, the place, what it is divided into, and the lines.
MOST_STATEMENTS = 4


@pytest.fixture
def people(db_session: Session) -> Cast:
    """Two families approved in Bunaken, one of which withdrew; one in Tuminting; one only sent."""
    return aminah_and_others()


@scene
def aminah_and_others() -> Cast:
    people = cast(caretaker_name="Ibu Aminah")
    nominate(people, S.APPROVED)
    left = follow(people, "Ibu Berta")
    withdrawn = nominate(left, S.APPROVED)
    with transaction():
        actions.withdraw(left.hers, withdrawn, reason=FAMILY_SAYS)
    nominate(follow(people, "Ibu Clara"), S.SUBMITTED)
    with transaction():
        colleague: User = UserFactory(name="Dewi Lestari")
        group = GroupFactory()
        AssignmentFactory(group=group, facilitator=colleague)
        family = another_household(group, caretaker_name="Ibu Dina", village=MAASING)
    nominate(replace(people, household=family, facilitator=colleague), S.ESTABLISHED)
    return people


def follow(people: Cast, name: str) -> Cast:
    """Another family of the same facilitator."""
    with transaction():
        group = GroupFactory()
        AssignmentFactory(group=group, facilitator=people.facilitator)
        return replace(people, household=another_household(group, caretaker_name=name))


def read(client: FlaskClient, person: User, query: str) -> str:
    """Of this year: without one, an address in January speaks of the last."""
    sign_in(client, person)
    page = client.get(f"/national/nominations?year={YEAR}&{query}")
    assert page.status_code == 200, query
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def test_the_lines_add_up_to_the_figure(people: Cast, client: FlaskClient) -> None:
    exact = figures.of_year(place(MANADO), WHAT, YEAR)
    text = read(client, people.supervisor, f"region={MANADO}")
    assert exact.counted == 2
    assert f"2 Disetujui {as_of_today()}, " in text
    lines = text.partition("Baris demi baris")[2]
    assert lines.index("Ibu Dina") < lines.index("Ibu Berta")
    assert lines.count("Ibu Berta") == 2  # counted, and taken back
    assert lines.count("Ditarik kembali: −1") == 1
    assert "Ibu Clara" not in text


def test_a_regency_s_year_is_added_up_from_an_index_alone(
    people: Cast, client: FlaskClient, statements: Statements
) -> None:
    """A large one has twelve thousand lines, which would each be looked up in the table."""
    others = [Counted(new_id(), new_id(), new_id(), f"{BUNAKEN}.1001", WHAT.kind)] * 400
    with transaction():
        count(
            command_line(),
            [each._replace(nomination_id=new_id()) for each in others],
            area_id=people.household.area_id,
            state=WHAT.state,
            on=date(YEAR, 1, 5),
        )
    sign_in(client, people.supervisor)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_postgresql = connection.dialect.name == "postgresql"
        if is_postgresql:
            # Of a small table it would read everything, one way or another.
            for way in ("seqscan", "bitmapscan", "indexscan"):
                connection.execute(text(f"SET enable_{way} = off"))
        statements.reset()
        assert client.get(f"/national/nominations?region={MANADO}").status_code == 200
        (at,) = [at for at, each in enumerate(statements.sent) if "sum(line.amount)" in each]
        plan = plan_of(connection, statements.sent[at], statements.given[at])
    kind = "Index Only Scan using" if is_postgresql else "USING INDEX"
    assert f"{kind} ix_ledger_entry_behind" in plan


def lines_of(page: str) -> list[tuple[str, str]]:
    """Where each line leads, and its words."""
    listed = page.partition("Baris demi baris")[2].partition("</ul>")[0]
    rows = re.findall(r'href="([^"]*)"(.*?)</li>', listed, re.S)
    return [(address, re.sub(r"<[^>]*>", " ", words)) for address, words in rows]


@pytest.mark.parametrize("reader", ["supervisor", "administrator", "facilitator"])
def test_each_line_leads_to_its_decision(people: Cast, client: FlaskClient, reader: str) -> None:
    """That which takes a family back, too: its page says who withdrew it."""
    sign_in(client, getattr(people, reader))
    page = client.get(f"/national/nominations?region={MANADO}&year={YEAR}").text
    lines = lines_of(page)
    assert len(lines) == (3 if reader == "facilitator" else 4)
    decided = {
        name: f"/nominations/{nomination_id}"
        for name, nomination_id in db.session.execute(
            select(Household.caretaker_name, Nomination.id).join(
                Nomination,
                and_(
                    Nomination.area_id == Household.area_id,
                    Nomination.household_id == Household.id,
                ),
            )
        )
    }
    for address, words in lines:
        (name,) = (each for each in decided if each in words)
        assert address == decided[name]
        decision = client.get(address)
        assert decision.status_code == 200
        assert name in decision.text


def test_what_is_established_is_counted_apart(people: Cast, client: FlaskClient) -> None:
    text = read(client, people.supervisor, f"region={MANADO}&state=established")
    assert f"1 Ditetapkan {as_of_today()}, " in text
    assert "Ibu Dina" in text
    assert "Ibu Aminah" not in text


def test_each_figure_says_its_kind_state_and_day(people: Cast, client: FlaskClient) -> None:
    """On paper nobody knows which day "today" was."""
    about = f"Graduasi mandiri. Ditetapkan Kemensos. Dihitung sampai {as_of_today()[4:]}."
    text = read(client, people.supervisor, f"region={MANADO}&state=established")
    # Of the sum, and of its two tables.
    assert text.count(about) == 3
    assert "hari ini" not in text


def test_a_figure_is_divided_by_district_and_by_facilitator(
    people: Cast, client: FlaskClient
) -> None:
    text = read(client, people.supervisor, f"region={MANADO}")
    assert "Bunaken 1" in text
    assert "Tuminting 1" in text
    assert "Dewi Lestari 1" in text
    assert f"{people.facilitator.name} 1" in text
    one = read(client, people.supervisor, f"region={TUMINTING}")
    assert "Ibu Dina" in one
    assert "Ibu Aminah" not in one
    hers = read(client, people.supervisor, f"region={MANADO}&facilitator={people.facilitator.id}")
    assert "Ibu Aminah" in hers
    assert "Ibu Dina" not in hers


def test_what_she_nominated_stays_hers_when_the_group_goes_to_a_colleague(
    people: Cast, client: FlaskClient
) -> None:
    with transaction():
        successor: User = UserFactory(name="Fitri Handayani")
        group_id = db.session.scalars(
            select(Membership.group_id).where(Membership.household_id == people.household.id)
        ).one()
        assign(people.office, group_id, successor.id, today("Asia/Makassar"))
    text = read(client, people.supervisor, f"region={MANADO}")
    assert f"{people.facilitator.name} 1" in text
    assert "Fitri Handayani" not in text
    address = f"region={MANADO}&facilitator={successor.id}"
    assert "Ibu Aminah" not in read(client, people.supervisor, address)


def test_another_exit_is_of_who_looks_after_the_group(people: Cast, client: FlaskClient) -> None:
    """Nobody puts such a family forward."""
    with transaction():
        count_exit(
            people.office,
            area_id=people.household.area_id,
            household_id=people.household.id,
            exit_id=new_id(),
            village_code=people.household.village_code,
            kind=ExitKind.NATURAL,
            on=today("Asia/Makassar"),
        )
    query = f"region={MANADO}&kind=natural&facilitator={people.facilitator.id}"
    text = read(client, people.supervisor, query)
    assert f"1 Dicatat {as_of_today()}, " in text
    assert "Ibu Aminah" in text
    assert "Target para pendamping" not in text
    # Its decision is on the family's own page.
    ((address, _),) = lines_of(client.get(f"/national/nominations?{query}").text)
    assert address == f"/households/{people.household.id}"
    assert client.get(address).status_code == 200


def test_a_facilitator_sees_the_families_in_her_care(people: Cast, client: FlaskClient) -> None:
    text = read(client, people.facilitator, f"region={MANADO}")
    assert "Ibu Aminah" in text
    assert "Ibu Dina" not in text
    assert f"1 Disetujui {as_of_today()}, " in text


@pytest.mark.parametrize("region", [BITUNG, NORTH_SULAWESI, "", "ID", "7171", f"{MANADO}.01.1001"])
def test_elsewhere_and_above_a_regency_there_is_nothing(
    people: Cast, client: FlaskClient, region: str
) -> None:
    sign_in(client, people.supervisor)
    assert client.get(f"/national/nominations?region={region}").status_code == 404


@pytest.mark.parametrize("query", ["facilitator=x", "after=x", "year=1999", "state=x", "kind=x"])
def test_what_no_page_offers_is_not_found(people: Cast, client: FlaskClient, query: str) -> None:
    sign_in(client, people.supervisor)
    assert client.get(f"/national/nominations?region={MANADO}&{query}").status_code == 404


def test_who_reads_no_nominations_is_not_led_there(people: Cast, client: FlaskClient) -> None:
    with transaction():
        viewer: User = UserFactory(viewer=True)
    sign_in(client, viewer)
    assert client.get(f"/national/nominations?region={MANADO}").status_code == 404
    assert "Usulan di balik angka" not in client.get(f"/national?region={MANADO}").text


def test_the_page_of_the_regency_leads_there(people: Cast, client: FlaskClient) -> None:
    sign_in(client, people.supervisor)
    address = f"/national/nominations?region={MANADO}"
    assert address in client.get(f"/national?region={MANADO}").text.replace("&amp;", "&")


def test_of_a_province_each_regency_s_exact_figure_leads_to_its_list(
    people: Cast, client: FlaskClient, statements: Statements
) -> None:
    with transaction():
        ensure_region(BITUNG)
        rina: User = UserFactory(supervisor=True, region_code=NORTH_SULAWESI)
        viewer: User = UserFactory(viewer=True, region_code=NORTH_SULAWESI)
        nation: User = UserFactory(administrator=True, region_code=None)
    address = f"/national?region={NORTH_SULAWESI}&year={YEAR}"

    def exact(person: User, address: str) -> list[str]:
        sign_in(client, person)
        page = client.get(address).text.replace("&amp;", "&")
        table = re.search(r'id="exact-caption".*?</table>', page, re.S)
        assert table is not None
        return re.findall(r'href="([^"]*)"', table[0])

    lists = [each for each in exact(rina, address) if "nominations" in each]
    assert len(lists) == 1  # nothing is counted in Bitung
    assert "Ibu Aminah" in client.get(lists[0]).text
    assert f"2 Disetujui {as_of_today()}, " in read(client, rina, lists[0].partition("?")[2])
    assert not any("nominations" in each for each in exact(viewer, address))
    assert any("nominations" in each for each in exact(nation, address))
    # One goes down from the nation by a page of each province.
    provinces = exact(nation, f"/national?year={YEAR}")
    assert any(each.startswith(f"/national?region={NORTH_SULAWESI}") for each in provinces)
    assert not any("nominations" in each for each in provinces)
    for nobody in (people.supervisor, people.facilitator):
        sign_in(client, nobody)
        assert 'id="exact-caption"' not in client.get(address).text


def test_a_supervisor_of_a_district_is_led_to_its_part(people: Cast, client: FlaskClient) -> None:
    with transaction():
        rina: User = UserFactory(supervisor=True, region=BUNAKEN)
    text = read(client, rina, f"region={MANADO}")
    assert "Ibu Aminah" in text
    assert "Ibu Dina" not in text
    sign_in(client, rina)
    assert client.get(f"/national/nominations?region={TUMINTING}").status_code == 404


def test_a_page_goes_on_where_the_last_one_ended(
    people: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, statements: Statements
) -> None:
    monkeypatch.setattr("casework.counts.queries.behind.PAGE_SIZE", 2)
    sign_in(client, people.supervisor)
    address, seen = f"/national/nominations?region={MANADO}&year={YEAR}", ""
    for _ in range(2):
        statements.reset()
        page = client.get(address).text
        assert statements.count <= MOST_STATEMENTS
        seen += page.partition("Baris demi baris")[2]
        found = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert address == ""
    assert [seen.count(name) for name in ("Ibu Aminah", "Ibu Berta", "Ibu Dina")] == [1, 2, 1]
