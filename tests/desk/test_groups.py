"""Groups as an office looks through them: who met this month, who did not, and what they did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.core import clock
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.households.models import Group
from casework.meetings.rules import MeetingStatus, Presence
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import (
    GroupFactory,
    HouseholdFactory,
    MembershipFactory,
    group_with,
)
from tests.factories.meetings import meeting_with
from tests.fixtures.statements import Statements

#: 1 December 0.30 in Manado, while it is still November in London.
NOW = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)
DRAFT = MeetingStatus.DRAFT


@pytest.fixture
def groups(db_session: Session) -> dict[str, Group]:
    """Melati met this month and has a draft besides, Mawar has a draft only, Anggrek met last
    month; Budi's Dahlia met nowhere."""
    with transaction():
        sarah, budi = UserFactory(name="Sarah"), UserFactory(name="Budi")
        made = {
            name: group_with(sarah, households=0, name=name)
            for name in ("Anggrek", "Mawar", "Melati")
        }
        made["Dahlia"] = group_with(budi, households=0, name="Dahlia")
        aminah = HouseholdFactory(caretaker_name="Aminah")
        MembershipFactory(group=made["Melati"], household=aminah)
        meeting_with(made["Melati"], date(2026, 11, 5), {aminah.id: Presence.SICK})
        meeting_with(made["Melati"], date(2026, 12, 1), {aminah.id: Presence.PRESENT})
        meeting_with(made["Mawar"], date(2026, 12, 1), {}, status=DRAFT)
        meeting_with(made["Anggrek"], date(2026, 11, 30), {})
    return made


@pytest.fixture
def office(client: FlaskClient, groups: dict[str, Group]) -> Iterator[FlaskClient]:
    with transaction():
        rina = UserFactory(supervisor=True)
    with clock.at(NOW):
        sign_in(client, rina)
        yield client


def shown(page: str) -> list[tuple[str, str]]:
    """Name and last tag of every group of a list."""
    return [
        (name, re.findall(r'class="tag[^"]*">(?:<svg.*?</svg>)?([^<]+)', rest)[-1])
        for name, rest in re.findall(
            r'href="/groups/[\w-]{36}".*?row-title">([^<]+)<(.*?)</li>', page, re.DOTALL
        )
    ]


ALL = [
    ("Anggrek", "Belum bertemu"),
    ("Dahlia", "Belum bertemu"),
    ("Mawar", "Draf"),
    ("Melati", "Sudah bertemu"),
]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "Anggrek Dahlia Mawar Melati"),
        ("state=not_yet", "Anggrek Dahlia"),
        ("state=draft", "Mawar"),
        ("state=met", "Melati"),
        ("state=nonsense", "Anggrek Dahlia Mawar Melati"),
        ("facilitator=nonsense", "Anggrek Dahlia Mawar Melati"),
        ("facilitator=none", ""),
    ],
)
def test_the_list_tells_which_groups_met_this_month_and_can_be_narrowed_to_them(
    office: FlaskClient, query: str, names: str
) -> None:
    page = office.get(f"/groups/?{query}").text
    assert shown(page) == [each for each in ALL if each[0] in names.split()]
    assert ("Tidak ada kelompok" in page or "Belum ada kelompok" in page) == (not names)


def test_the_month_is_narrowed_within_the_groups_of_one_facilitator(
    office: FlaskClient, groups: dict[str, Group], db_session: Session
) -> None:
    sarah = db_session.scalars(select(User.id).where(User.name == "Sarah")).one()
    page = office.get(f"/groups/?facilitator={sarah}").text
    assert [name for name, _tag in shown(page)] == ["Anggrek", "Mawar", "Melati"]
    assert "Hanya kelompok yang didampingi Sarah." in page
    (narrower,) = re.findall(r'href="(/groups/\?[^"]*state=not_yet)"', page)
    assert shown(office.get(narrower.replace("&amp;", "&")).text) == ALL[:1]


def test_the_list_goes_on_page_by_page_with_its_filters(
    office: FlaskClient, statements: Statements
) -> None:
    with transaction():
        GroupFactory.create_batch(110)
    seen: list[str] = []
    address = "/groups/?state=not_yet&facilitator=none"
    while address:
        statements.reset()
        page = office.get(address).text
        # Who is signed in, the page, and for the second one where the first ended.
        assert statements.count <= 5
        seen += [name for name, _tag in shown(page)]
        link = page.split('rel="next"')[0].split('href="')[-1].split('"')[0]
        address = link.replace("&amp;", "&") if 'rel="next"' in page else ""
    assert len(seen) == len(set(seen)) == 110


def test_a_facilitator_sees_the_state_of_her_own_groups_only(
    client: FlaskClient, groups: dict[str, Group]
) -> None:
    with transaction():
        eka = UserFactory()
        own = group_with(eka, households=0, name="Kenanga")
    sign_in(client, eka)
    with clock.at(NOW):
        sign_in(client, eka)
        assert shown(client.get("/groups/?facilitator=none&unattended=1").text) == [
            ("Kenanga", "Belum bertemu")
        ]
        assert client.get(f"/groups/{own.id}").status_code == 200


@pytest.mark.parametrize(
    ("name", "state", "day"),
    [
        ("Melati", "Sudah bertemu", "1 Des 2026"),
        ("Mawar", "Draf", "1 Des 2026"),
        ("Anggrek", "Belum bertemu", None),
        ("Dahlia", "Belum bertemu", None),
    ],
)
def test_a_group_tells_whether_it_met_this_month(
    office: FlaskClient, groups: dict[str, Group], name: str, state: str, day: str | None
) -> None:
    page = office.get(f"/groups/{groups[name].id}").text
    (fact,) = re.findall(r"<dt>Pertemuan Desember 2026</dt><dd>(.*?)</dd>", page, re.DOTALL)
    assert state in fact
    assert (day in fact) if day else not re.search(r"\d{4}", fact.split("</svg>")[-1])


def test_a_group_lists_its_meetings_and_leads_to_each(
    office: FlaskClient, groups: dict[str, Group]
) -> None:
    melati = groups["Melati"]
    page = office.get(f"/groups/{melati.id}").text
    ids = [meeting_id(melati.id, day) for day in (date(2026, 12, 1), date(2026, 11, 5))]
    assert re.findall(r'href="/meetings/([\w-]+)"', page) == [str(each) for each in ids]
    assert "1 dari 1 hadir" in page
    for each in ids:
        meeting = office.get(f"/meetings/{each}")
        assert meeting.status_code == 200
        assert f'href="/groups/{melati.id}"' in meeting.text
    assert "Belum ada pertemuan tercatat" in office.get(f"/groups/{groups['Dahlia'].id}").text


def test_a_group_shows_half_a_year_of_meetings_and_all_when_asked(
    office: FlaskClient, groups: dict[str, Group], statements: Statements
) -> None:
    address = f"/groups/{groups['Dahlia'].id}"
    office.get(address)
    statements.reset()
    office.get(address)
    before = statements.count
    with transaction():
        for month in range(1, 12):
            meeting_with(groups["Dahlia"], date(2026, month, 9), {})
    statements.reset()
    page = office.get(address).text
    assert statements.count == before
    assert page.count('href="/meetings/') == 6
    (more,) = re.findall(rf'href="({address}\?all=1)#meetings"', page)
    assert office.get(more).text.count('href="/meetings/') == 11


def test_a_family_of_the_group_leads_to_its_page_and_moving_it_is_an_act_beside(
    office: FlaskClient, groups: dict[str, Group]
) -> None:
    page = office.get(f"/groups/{groups['Melati'].id}").text
    (family,) = set(re.findall(r'class="row" href="(/households/[\w-]+)"', page))
    assert "Aminah" in office.get(family).text
    assert re.search(rf'href="{family}/group">Pindahkan<span class="visually-hidden"> Am', page)


def test_who_does_not_arrange_groups_is_not_offered_to_move_a_family(
    client: FlaskClient, db_session: Session
) -> None:
    with transaction():
        sarah = UserFactory()
        made = group_with(sarah, households=1)
    sign_in(client, sarah)
    assert "Pindahkan" not in client.get(f"/groups/{made.id}").text
