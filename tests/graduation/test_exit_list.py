"""Families that left, by kind: found without opening one family after the other."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core import clock, paging
from casework.core.db import db
from casework.graduation.queries import exit_list
from casework.ledger.rules import ExitKind
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.exits import leave, leaving, take_back
from tests.factories.graduation import Cast, another_household, cast
from tests.factories.households import group_with
from tests.factories.places import BITUNG, MAASING, TUMINTING
from tests.fixtures.statements import Statements
from tests.graduation.conftest import MORNING

pytestmark = pytest.mark.usefixtures("morning")

K = ExitKind


def names(page: str) -> list[str]:
    return re.findall(r'class="row-title">([^<]+)<', page)


def left(people: Cast, name: str, kind: ExitKind, minutes: int = 0, **household: object) -> None:
    """Recorded so many minutes after the morning."""
    group = group_with(people.facilitator, 0)
    family = another_household(group, caretaker_name=name, **household)
    db.session.commit()
    with clock.at(MORNING + timedelta(minutes=minutes)):
        leave(people.office, family.id, leaving(kind))


@pytest.fixture
def people(db_session: Session) -> Cast:
    people = cast(caretaker_name="Ibu Tinggal")
    left(people, "Ibu Wafat", K.DIED, 1)
    left(people, "Ibu Pindah", K.MOVED_AWAY, 2)
    left(people, "Ibu Ganda", K.DUPLICATE, 3, village=MAASING)
    return people


def test_the_list_of_families_leads_to_those_that_left_by_kind(
    client: FlaskClient, people: Cast
) -> None:
    sign_in(client, people.supervisor)
    link = 'href="/households/exits">Keluarga yang keluar dari PKH, menurut cara keluar<'
    assert link in client.get("/households/").text
    page = client.get("/households/exits").text
    assert names(page) == ["Ibu Ganda", "Ibu Pindah", "Ibu Wafat"]
    assert "Meninggal, keluar mulai tahap 2026-4" in page


def test_kind_and_place_narrow_it(client: FlaskClient, people: Cast) -> None:
    sign_in(client, people.supervisor)
    assert names(client.get("/households/exits?kind=died").text) == ["Ibu Wafat"]
    assert names(client.get(f"/households/exits?region={TUMINTING}").text) == ["Ibu Ganda"]
    nobody = client.get(f"/households/exits?kind=died&region={TUMINTING}").text
    assert names(nobody) == []
    assert "Tidak ada keluarga yang cocok" in nobody


@pytest.mark.parametrize(
    "query", ["kind=independent", "kind=x", f"region={BITUNG}", "region=7171", "after=x"]
)
def test_what_the_page_does_not_offer_is_not_found(
    client: FlaskClient, people: Cast, query: str
) -> None:
    sign_in(client, people.supervisor)
    assert client.get(f"/households/exits?{query}").status_code == 404


def test_each_sees_those_in_scope(client: FlaskClient, people: Cast) -> None:
    away = UserFactory(administrator=True, region=BITUNG)
    other, viewer = UserFactory(), UserFactory(viewer=True)
    db.session.commit()
    for person, seen in ((people.facilitator, 3), (people.administrator, 3), (away, 0), (other, 0)):
        sign_in(client, person)
        assert len(names(client.get("/households/exits").text)) == seen, person.name
    sign_in(client, viewer)
    assert client.get("/households/exits").status_code == 404


def test_what_was_taken_back_is_not_among_them(client: FlaskClient, people: Cast) -> None:
    with clock.at(MORNING + timedelta(minutes=9)):
        exit_id = leave(people.office, people.household.id, leaving(K.DUPLICATE))
    sign_in(client, people.supervisor)
    assert "Ibu Tinggal" in names(client.get("/households/exits").text)
    take_back(people.other_office, people.household.id, exit_id)
    assert "Ibu Tinggal" not in names(client.get("/households/exits").text)


def test_pages_follow_without_a_gap(
    client: FlaskClient, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exit_list, "PAGE_SIZE", 2)
    monkeypatch.setattr(paging.Page.of.__func__, "__defaults__", (2,))
    sign_in(client, people.supervisor)
    first = client.get("/households/exits").text
    assert names(first) == ["Ibu Ganda", "Ibu Pindah"]
    after = re.search(r'href="(/households/exits\?after=[^"]+)"', first)
    assert after is not None
    assert names(client.get(after[1].replace("&amp;", "&")).text) == ["Ibu Wafat"]


def test_a_page_is_one_statement(people: Cast, statements: Statements) -> None:
    actor = people.theirs
    statements.reset()
    assert len(exit_list.exits(actor, exit_list.Wanted()).rows) == 3
    assert statements.count == 1
