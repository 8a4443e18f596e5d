"""Public figures are kept an hour, and what they are read by (docs/decisions/0028)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core import kept_a_while
from casework.core.transaction import transaction
from tests.counts.counting import (
    YEAR,
    count_households,
    set_target,
    three_regencies,
)
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import BITUNG, MANADO, NORTH_SULAWESI
from tests.fixtures.statements import Statements

pytestmark = pytest.mark.usefixtures("november")


class Watch:
    """Tells the seconds that the test says."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch(app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Figures are kept sixty seconds of this watch; 43 families of Manado are counted."""
    watch = Watch()
    store = kept_a_while.TTLCache(kept_a_while.MOST, ttl=60, timer=watch)
    monkeypatch.setitem(app.extensions, kept_a_while.STORE, store)
    three_regencies()
    count_households(MANADO, 43)
    return watch


def api(client: FlaskClient, query: str = "level=regency&region=71") -> dict[str, int | None]:
    answer = client.get(f"/api/v1/counts?year={YEAR}&{query}")
    assert answer.status_code == 200
    return {row["region"]: row["counted"] for row in answer.get_json()["counts"]}


def test_what_is_counted_meanwhile_is_public_when_the_time_is_over(
    watch: Watch, client: FlaskClient
) -> None:
    assert api(client)[BITUNG] is None
    count_households(BITUNG, 12)
    watch.seconds = 59
    assert api(client)[BITUNG] is None
    watch.seconds = 60
    assert api(client)[BITUNG] == 10


def test_each_question_has_figures_of_its_own(watch: Watch, client: FlaskClient) -> None:
    def all_answers() -> list[dict[str, int | None]]:
        asked = [
            "level=regency&region=71",
            "level=regency&region=51",
            "level=province",
            "level=province&state=established",
            "level=regency",
        ]
        return [api(client, query) for query in asked]

    first = all_answers()
    assert len({str(answer) for answer in first}) == len(first)
    assert all_answers() == first


@pytest.mark.parametrize("address", ["", "region=71", f"region={MANADO}"])
def test_the_page_reads_no_sum_twice_in_a_minute(
    watch: Watch, client: FlaskClient, statements: Statements, address: str
) -> None:
    client.get(f"/national?{address}")
    statements.reset()
    page = client.get(f"/national?{address}")
    assert "40" in page.text
    assert not [each for each in statements.sent if "tally" in each]


def test_a_target_is_public_at_once(watch: Watch, client: FlaskClient) -> None:
    assert "50%" not in client.get(f"/national?region={MANADO}").text
    set_target(MANADO, 80)
    assert "50%" in client.get(f"/national?region={MANADO}").text


def test_who_works_there_reads_the_figure_of_this_moment(
    watch: Watch, client: FlaskClient, app: Flask
) -> None:
    with transaction():
        user = UserFactory(supervisor=True, region=MANADO)
    sign_in(client, user)
    assert "43" in client.get(f"/national?region={MANADO}").text
    count_households(MANADO, 15)
    page = words(client, f"region={MANADO}")
    assert "Angka tepat per 12 Nov 2026: 58" in page
    assert f"Juni {YEAR} 58" in page
    assert "50" not in app.test_client().get(f"/national?region={MANADO}").text


def test_who_works_for_the_province_reads_each_regency_of_this_moment(
    watch: Watch, client: FlaskClient
) -> None:
    with transaction():
        user = UserFactory(supervisor=True, region_code=NORTH_SULAWESI)
    sign_in(client, user)
    address = f"region={NORTH_SULAWESI}"
    assert "Kota Manado 43 " in words(client, address)
    count_households(MANADO, 15)
    assert "Kota Manado 58 " in words(client, address)


def words(client: FlaskClient, query: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", client.get(f"/national?{query}").text).split())


def test_whoever_asks_for_everything_fills_no_more_than_its_room(
    watch: Watch, client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = 5
    store = kept_a_while.TTLCache(room, ttl=60, timer=watch)
    monkeypatch.setitem(app.extensions, kept_a_while.STORE, store)
    assert api(client)[BITUNG] is None
    count_households(BITUNG, 12)
    assert api(client)[BITUNG] is None, "still the figures that are kept"
    for region in ("51", "71"):
        for kind in ("independent", "natural", "tenure", "died", "moved_away"):
            api(client, f"level=regency&region={region}&kind={kind}")
            assert len(store) <= room
    assert len(store) == room
    assert api(client)[BITUNG] == 10, "what had to make room is read anew"


def test_that_there_is_nothing_is_kept_too(watch: Watch) -> None:
    reads: list[str] = []

    @kept_a_while.kept_a_while
    def first_year(kind: str) -> int | None:
        reads.append(kind)
        return None

    assert [first_year("died") for _ in range(3)] == [None] * 3
    assert reads == ["died"]
