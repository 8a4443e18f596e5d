"""Whoever works in a place reads its exact figure first; the public's rounded one is below."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core.clock import today
from casework.core.db import db
from casework.graduation.states import NominationStatus
from casework.regions.rules import WITA
from tests.counts.counting import as_of_today
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import cast, nominate
from tests.factories.places import BITUNG, BUNAKEN, MANADO, MOLAS

ROUNDED = '<div class="stats">'
#: In January an address without a year speaks of the last one.
PAGE = f"/national?region={MANADO}&year={today(WITA).year}"


def exact() -> str:
    return f"Angka tepat {as_of_today()}: 1</b>"


def test_the_exact_figure_stands_above_the_rounded_one_for_whoever_works_there(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nominate(people, NominationStatus.APPROVED)
    stranger = UserFactory(supervisor=True, region=BITUNG)
    db.session.commit()
    for person in (people.supervisor, people.administrator):
        sign_in(client, person)
        page = client.get(PAGE).text
        assert exact() in page
        assert page.index("<h1>") < page.index(exact()) < page.index(ROUNDED)
    sign_in(client, stranger)
    assert exact() not in client.get(PAGE).text


def test_the_home_of_a_supervisor_leads_to_the_exact_figure(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nominate(people, NominationStatus.APPROVED)
    sign_in(client, people.supervisor)
    link = re.search(r'href="(/national\?[^"]+)"', client.get("/").text)
    assert link is not None
    assert exact() in client.get(link[1].replace("&amp;", "&")).text


def test_the_home_of_a_supervisor_says_of_what_until_when_and_of_which_place(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nominate(people, NominationStatus.APPROVED)
    hers = UserFactory(supervisor=True, region=BUNAKEN)
    db.session.commit()
    for person, words in (
        (people.supervisor, "graduasi mandiri, sampai hari ini"),
        # The figure beside the target is that of her regency.
        (hers, "graduasi mandiri, seluruh kabupaten/kota, sampai hari ini"),
    ):
        sign_in(client, person)
        page = " ".join(re.sub(r"<[^>]*>", " ", client.get("/").text).split())
        assert re.search(rf"1 Disetujui tahun \d{{4}} {words} ", page), page


@pytest.mark.parametrize("place", [BUNAKEN, MOLAS])
def test_of_a_place_without_a_public_figure_it_leads_to_the_lines_behind_the_own_one(
    client: FlaskClient, db_session: Session, place: str
) -> None:
    people = cast()
    nominate(people, NominationStatus.APPROVED)
    hers = UserFactory(supervisor=True, region=place)
    db.session.commit()
    sign_in(client, hers)
    link = re.search(r'href="(/national[^"]+)"', client.get("/").text)
    assert link is not None
    page = client.get(link[1].replace("&amp;", "&"))
    assert page.status_code == 200
    assert people.household.caretaker_name in page.text
