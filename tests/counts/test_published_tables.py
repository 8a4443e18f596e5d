"""What the page and the API really publish are the tables of `test_small_counts`, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from casework.counts.queries.figures import What
from casework.counts.queries.overview import Overview, overview
from casework.counts.rules import PublicCount, months_of_year
from casework.ledger.rules import CountedState, ExitKind
from tests.counts.counting import YEAR, count_households
from tests.counts.witness import APPROVED, ESTABLISHED, Truth
from tests.factories.places import BITUNG, DENPASAR, MANADO, ensure_region

pytestmark = pytest.mark.usefixtures("november")

CUT_OFF = date(YEAR, 10, 31)
YEARS = (YEAR - 1, YEAR)
STATES = {
    APPROVED: What(ExitKind.INDEPENDENT, CountedState.APPROVED),
    ESTABLISHED: What(ExitKind.INDEPENDENT, CountedState.ESTABLISHED),
}
#: By code, as they are published.
PLACES: dict[str | None, list[str]] = {
    None: ["51", "71"],
    "51": [DENPASAR],
    "71": [MANADO, BITUNG],
}
REGENCIES = [code for province in ("51", "71") for code in PLACES[province]]

#: By state, year, month (None is the year) and place.
Tables = dict[tuple[int, int, int | None, str | None], PublicCount]


def counted(chance: Random) -> tuple[Truth, dict[int, Mapping[str, list[int]]]]:
    """Some families, or many just below a full ten, are counted; and of each year and regency how
    many were approved in each month."""
    with transaction():
        for code in REGENCIES:
            ensure_region(code)
    counts: tuple[list[dict[str, int]], list[dict[str, int]]] = ([{}, {}], [{}, {}])
    months: dict[int, Mapping[str, list[int]]] = {}
    for place, year in enumerate(YEARS):
        last = 12 if year < YEAR else CUT_OFF.month
        months[year] = {code: [0] * last for code in REGENCIES}
        for code in REGENCIES:
            total = chance.choice([0, 1, 5, 6, 9, 9, 16, 19, 31])
            left = total
            while left:
                some, month = chance.randint(1, left), chance.randint(1, last)
                count_households(code, some, date(year, month, 7))
                months[year][code][month - 1] += some
                left -= some
            counts[APPROVED][place][code] = total
            waiting = sum(one[code] for one in counts[APPROVED][: place + 1]) - sum(
                one[code] for one in counts[ESTABLISHED][:place]
            )
            now = chance.choice([waiting, chance.randint(0, waiting)])
            state = CountedState.ESTABLISHED
            count_households(code, now, date(year, last, 9), state)
            counts[ESTABLISHED][place][code] = now
    for code in REGENCIES:
        # What no closed month has is in no table.
        count_households(code, chance.randint(0, 3), date(YEAR, 11, 2))
    return Truth(PLACES, counts), months


def by_the_rules(truth: Truth, months: dict[int, Mapping[str, list[int]]]) -> Tables:
    found: Tables = {}
    for state, tables in enumerate(truth.published()):
        for year, table in zip(YEARS, tables, strict=True):
            for code, figure in table.items():
                found[state, year, None, code] = figure
    for year, of_regencies in months.items():
        by_month = [
            {code: numbers[month] for code, numbers in of_regencies.items()}
            for month in range(len(of_regencies[MANADO]))
        ]
        for month, table in enumerate(months_of_year(None, PLACES, by_month), 1):
            for code, figure in table.items():
                found[APPROVED, year, month, code] = figure
    return found


def on_the_page() -> Tables:
    found: Tables = {}
    for code in (None, "51", "71", *REGENCIES):
        for state, what in STATES.items():
            for year in YEARS:
                page = overview(code, what, year, CUT_OFF)
                found[state, year, None, code] = page.total.counted
                assert figures_of(page) == {
                    region: overview(region, what, year, CUT_OFF).total.counted
                    for region in PLACES.get(code, [])
                }
                assert page.kinds[what] == page.total.counted
                assert page.years[year].counted == page.total.counted
                for month, figure in page.months.items():
                    found[state, year, month, code] = figure
    return found


def figures_of(page: Overview) -> dict[str, PublicCount]:
    return {region.code: region.figure.counted for region in page.regions}


def from_the_api(client: FlaskClient) -> dict[tuple[int, int, int | None, str | None], object]:
    found = {}
    for state, what in STATES.items():
        for year in YEARS:
            asked = ["level=nation", "level=province", "level=regency"]
            if state == APPROVED:
                asked += ["month=all", "level=province&month=all"]
            for query in asked:
                address = f"/api/v1/counts?year={year}&state={what.state}&{query}"
                for line in client.get(address).get_json()["counts"]:
                    place = None if line["region"] == "ID" else line["region"]
                    key = state, year, line["month"], place
                    found[key] = line["counted"], line["shown"]
    return found


@pytest.mark.parametrize("seed", range(8))
def test_the_page_and_the_api_publish_what_the_rules_let_them(
    db_session: Session, client: FlaskClient, seed: int
) -> None:
    tables = by_the_rules(*counted(Random(seed)))
    assert on_the_page() == tables
    assert from_the_api(client) == {
        key: (figure.households, figure.shown) for key, figure in tables.items()
    }
