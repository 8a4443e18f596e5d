"""Where no target is of what is shown, the map paints how many were counted."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from casework.counts.rules import Band, Size, size
from casework.ledger.rules import CountedState
from tests.counts.counting import (
    count_exits,
    count_households,
    set_target,
    three_regencies,
)
from tests.factories.places import DENPASAR, MANADO

pytestmark = pytest.mark.usefixtures("db_session", "november")


def tiles_of(client: FlaskClient, query: str) -> dict[str, tuple[str, str]]:
    """What a tile says to who does not see it -> its ground, and the note in it."""
    page = client.get(f"/national?{query}").text
    tiles = re.findall(
        r'aria-label="([^"]*)"><rect class="tile tile-([a-z]+)".*?tile-note"[^>]*>([^<]*)<', page
    )
    return {label.replace("&lt;", "<"): (band, note) for label, band, note in tiles}


@pytest.mark.parametrize(
    ("households", "expected"),
    [
        (None, Size.NO_NUMBER),
        (10, Size.TENS),
        (90, Size.TENS),
        (100, Size.HUNDREDS),
        (990, Size.HUNDREDS),
        (1_000, Size.THOUSANDS),
        (9_990, Size.THOUSANDS),
        (10_000, Size.TENS_OF_THOUSANDS),
        (40_120, Size.TENS_OF_THOUSANDS),
    ],
)
def test_each_step_is_ten_times_the_one_before(households: int | None, expected: Size) -> None:
    assert size(households) is expected


def test_a_size_is_painted_as_a_band_is() -> None:
    assert {each.value for each in Size} == {each.value for each in Band}


def test_what_was_established_has_a_map_of_the_public_numbers(client: FlaskClient) -> None:
    three_regencies()
    for state in CountedState.APPROVED, CountedState.ESTABLISHED:
        count_households(MANADO, 260, state=state)
        count_households(DENPASAR, 8, state=state)
    set_target("71", 300)
    established = tiles_of(client, "state=established")
    (north,) = (each for each in established if each.startswith("Sulawesi Utara"))
    (bali,) = (each for each in established if each.startswith("Bali"))
    ground, note = established[north]
    assert ground == "low"
    # As the table has it: rounded down, and no target beside it.
    assert north == "Sulawesi Utara: ≥ 250"
    assert note == "≥250"
    assert established[bali] == ("none", "–")
    page = client.get("/national?state=established").text
    assert "100 atau lebih" in page
    assert "1.000 atau lebih" not in page
    assert "Peta provinsi menurut jumlah keluarga" in page


def test_of_no_numbers_there_is_no_map(client: FlaskClient) -> None:
    three_regencies()
    count_households(DENPASAR, 8, state=CountedState.ESTABLISHED)
    assert tiles_of(client, "state=established") == {}
    assert tiles_of(client, "") != {}


def test_targets_go_on_being_painted_by_share(client: FlaskClient) -> None:
    three_regencies()
    count_households(MANADO, 260)
    set_target("71", 400)
    tiles = tiles_of(client, "")
    (north,) = (each for each in tiles if each.startswith("Sulawesi Utara"))
    assert tiles[north][0] == "high"
    assert tiles[north][1].endswith("%")
    assert "Peta provinsi menurut capaian target" in client.get("/national").text


def test_thousands_are_short_enough_for_a_tile(client: FlaskClient) -> None:
    three_regencies()
    count_exits(MANADO, 1_230)
    tiles = tiles_of(client, "kind=natural")
    (north,) = (each for each in tiles if each.startswith("Sulawesi Utara"))
    assert tiles[north] == ("high", "1 rb")
    assert "1.2" in north
