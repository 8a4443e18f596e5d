"""What the page and the API really publish, before the attacker of `test_small_counts`; and what
approved and established of several years give away together, as docs/decisions/0020 admits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from casework.counts.queries.figures import What
from casework.counts.queries.overview import overview
from casework.counts.queries.public import Release
from casework.counts.queries.rows import Level, Question, rows
from casework.counts.rules import PublicCount, Shown, public_count
from casework.ledger.rules import CountedState, ExitKind
from tests.counts.attacker import Province, in_both_states, numbers, of_parts, possible
from tests.counts.counting import YEAR, count_households, in_november
from tests.counts.test_small_counts import Truth, given_away
from tests.factories.places import BITUNG, DENPASAR, MANADO, ensure_region

CUT_OFF = date(YEAR, 10, 31)
MONTHS = range(1, CUT_OFF.month + 1)
WHAT = What(ExitKind.INDEPENDENT, CountedState.APPROVED)
#: By code, as they are published.
PLACES = {"51": [DENPASAR], "71": [MANADO, BITUNG]}


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with in_november():
        yield


def counted(chance: Random) -> Truth:
    """Some families, or many just below a full ten, are counted; nobody, in a province or two."""
    with transaction():
        for codes in PLACES.values():
            for code in codes:
                ensure_region(code)
    provinces = []
    for codes in PLACES.values():
        months = dict.fromkeys(MONTHS, 0)
        regencies = []
        for code in codes:
            total = chance.choice([0, 1, 5, 6, 9, 9, 16, 19])
            left = total
            while left:
                some, month = chance.randint(1, left), chance.choice(MONTHS)
                count_households(code, some, date(YEAR, month, 7))
                months[month] += some
                left -= some
            # What no closed month has is in no table.
            count_households(code, chance.randint(0, 3), date(YEAR, 11, 2))
            regencies.append(total)
        provinces.append((regencies, list(months.values())))
    return Truth(provinces)


def on_the_page() -> tuple[PublicCount, list[Province]]:
    nation = overview(None, WHAT, YEAR, CUT_OFF)
    of_provinces = {each.code: each.figure.counted for each in nation.regions}
    provinces = []
    for province, codes in PLACES.items():
        page = overview(province, WHAT, YEAR, CUT_OFF)
        assert page.total.counted == of_provinces[province]
        of_regencies = {each.code: each.figure.counted for each in page.regions}
        for code in codes:
            regency = overview(code, WHAT, YEAR, CUT_OFF)
            assert regency.total.counted == of_regencies[code]
            assert not regency.months
        provinces.append(
            Province(
                page.total.counted,
                [of_regencies[code] for code in codes],
                [page.months[month] for month in MONTHS],
            )
        )
    return nation.total.counted, provinces


def from_the_api() -> tuple[PublicCount, list[Province]]:
    def told(
        level: Level, *, by_month: bool = False
    ) -> dict[tuple[str | None, int | None], PublicCount]:
        question = Question(WHAT, YEAR, None, level, by_month)
        return {(row.region, row.month): row.figure.counted for row in rows(question, CUT_OFF)}

    years, regencies = told(Level.PROVINCE), told(Level.REGENCY)
    months = told(Level.PROVINCE, by_month=True)
    return told(Level.NATION)[None, None], [
        Province(
            years[province, None],
            [regencies[code, None] for code in codes],
            [months[province, month] for month in MONTHS],
        )
        for province, codes in PLACES.items()
    ]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_really_published_leaves_every_number_below_ten_possible(
    db_session: Session, seed: int
) -> None:
    truth = counted(Random(seed))
    tables = on_the_page()
    assert tables == from_the_api()
    assert not given_away(truth, *tables)


# Both states, all years


@st.composite
def of_one_place(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Approved and established, by year: nobody is established who was not approved before."""
    counts = st.one_of(st.sampled_from([0, 1, 9, 10, 19, 20]), st.integers(0, 31))
    approved = draw(st.lists(counts, min_size=1, max_size=4))
    established: list[int] = []
    for so_far in accumulate(approved):
        waiting = so_far - sum(established)
        established.append(draw(st.one_of(st.just(waiting), st.integers(0, waiting))))
    return approved, established


@given(of_one_place())
def test_both_states_of_a_place_together_take_one_number_less_than_there_are_years(
    place: tuple[list[int], list[int]],
) -> None:
    """Off the lower end of what was approved, off the upper end of what was established."""
    approved, established = place
    shown = [list(map(public_count, row)) for row in place]
    left = in_both_states(*shown)
    for true, figure, these in zip(approved, shown[0], map(numbers, left[0]), strict=True):
        assert true in these, "the attacker herself is wrong"
        if figure.shown is Shown.UNDER_TEN:
            assert these == list(range(these[0], 10))
            assert these[0] <= len(approved) - 1
    for true, figure, these in zip(established, shown[1], map(numbers, left[1]), strict=True):
        assert true in these, "the attacker herself is wrong"
        if figure.shown is Shown.UNDER_TEN:
            assert these == list(range(these[-1] + 1))
            assert these[-1] >= 9 - (len(approved) - 1)


@pytest.mark.control
@pytest.mark.parametrize(
    ("approved", "established", "least", "most"),
    [([1, 9], [0, 10], 1, 8), ([9, 9, 9], [0, 0, 20], 2, 7), ([9, 9], [9, 9], 0, 9)],
)
def test_how_much_they_take_is_reached(
    approved: list[int], established: list[int], least: int, most: int
) -> None:
    left = in_both_states(*(list(map(public_count, row)) for row in (approved, established)))
    assert numbers(left[0][0])[0] == least
    assert numbers(left[1][0])[-1] == most


@pytest.mark.control
def test_the_sum_of_a_province_can_carry_that_on_to_its_other_regencies() -> None:
    """What the rules do not keep, as 0020 says. Nine regencies: one approved in the first year,
    nine in the next, ten established by then. One that approved ten in the second year alone."""
    codes = [f"71.{number:02}" for number in range(1, 11)]

    def published(*counts: int) -> tuple[PublicCount, list[PublicCount]]:
        of_regencies = dict(zip(codes, counts, strict=True))
        whole = sum(counts)
        release = Release.of(["71"], {"71": whole})
        return release.nation, list(release.below("71", whole, codes, of_regencies).values())

    years = published(*[1] * 9, 0), published(*[9] * 9, 10)
    established = published(*[0] * 10)[1], published(*[10] * 9, 0)[1]
    alone = [
        in_both_states(
            [years[0][1][place], years[1][1][place]],
            [established[0][place], established[1][place]],
        )[0][0]
        for place in range(10)
    ]
    assert [numbers(each)[0] for each in alone] == [*[1] * 9, 0]
    assert [numbers(each)[-1] for each in alone] == [9] * 10
    together = of_parts(possible(years[0][0]), alone)
    assert list(map(numbers, together)) == [*[[1]] * 9, [0]]
