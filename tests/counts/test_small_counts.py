"""Nobody who has all tables of both states and of all years can work out a count under ten
(docs/decisions/0020).

Twice: by somebody who tries all counts of small nations, and by the proof, which makes of any
nation another one that publishes the same. That the page and the API publish just these tables is
in `test_published_tables`.
"""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from casework.counts.rules import Parts, PublicCount, Release, Shown, releases, small_counts
from casework.counts.rules.releases import left_for_established, months_of_year, release
from casework.counts.rules.small_counts import (
    HELD_BACK,
    NONE_LEFT,
    UNDER_TEN,
    added_up,
    public_count,
    public_whole,
)
from tests.counts.attacker import Nation, given_away
from tests.counts.witness import APPROVED, ESTABLISHED, Truth, witness

NATIONS = [
    Nation(2, 3, regencies=(2, 2)),
    Nation(2, 3, regencies=(3, 2)),
    Nation(3, 5, regencies=(3,)),
    Nation(3, 5, regencies=(4,)),
    Nation(2, 3, both_states=True),
    Nation(2, 3, years=2, both_states=True, regencies=(2,)),
    Nation(2, 3, months=2),
    Nation(2, 3, months=3),
    Nation(3, 5, months=2),
    Nation(2, 3, months=2, regencies=(2, 1)),
    Nation(2, 3, months=2, regencies=(3, 1)),
    Nation(2, 3, months=2, both_states=True, regencies=(2,)),
]


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch, nation: Nation) -> None:
    for module in (small_counts, releases):
        monkeypatch.setattr(module, "STEP", nation.step)


@pytest.mark.usefixtures("step")
@pytest.mark.parametrize("nation", NATIONS, ids=str)
def test_whoever_tries_all_counts_finds_every_small_number_possible(nation: Nation) -> None:
    looked_through, findings = given_away(nation)
    assert looked_through
    assert not findings, findings[:3]


def only_rounded(households: int, parts: list[PublicCount], left: int | None = None) -> PublicCount:
    return public_count(households, left)


def nothing_taken(before: object, approved: Release, established: list[Release]) -> None:
    return None


def rounded_by_themselves(
    whole: str | None, parts: Parts, counts: list[dict[str, int]]
) -> list[Release]:
    provinces = [code for code in parts if code]
    so_far = [dict.fromkeys(provinces, 0)]
    for month in counts:
        so_far.append(
            {
                code: so_far[-1][code] + sum(month[part] for part in parts[code])
                for code in provinces
            }
        )
    return [{code: public_count(number) for code, number in month.items()} for month in so_far[1:]]


@pytest.mark.control
@pytest.mark.usefixtures("step")
@pytest.mark.parametrize(
    ("nation", "module", "rule", "instead"),
    [
        (Nation(2, 3, regencies=(2,)), releases, "public_whole", only_rounded),
        (
            Nation(2, 3, years=2, both_states=True, regencies=(1,)),
            releases,
            "left_for_established",
            nothing_taken,
        ),
        (
            Nation(2, 3, months=2, regencies=(2,)),
            releases,
            "months_of_year",
            rounded_by_themselves,
        ),
    ],
    ids=["whole", "established", "month"],
)
def test_without_one_of_the_rules_she_works_something_out(
    nation: Nation, module: object, rule: str, instead: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, rule, instead)
    assert given_away(nation)[1]


# Any nation, in full tens

#: What an attacker would wish for: much just below a full ten, nothing, and anything.
numbers = st.one_of(st.sampled_from([0, 1, 8, 9, 10, 19, 20]), st.integers(0, 45))


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    regencies = draw(st.lists(st.integers(1, 7), min_size=1, max_size=4))
    parts: dict[str | None, list[str]] = {
        str(11 + place): [f"{11 + place}.{one:02}" for one in range(1, number + 1)]
        for place, number in enumerate(regencies)
    }
    leaves = [code for inside in parts.values() for code in inside]
    parts[None] = [code for code in parts if code]
    years = draw(st.integers(1, 4))
    of_both: tuple[list[dict[str, int]], list[dict[str, int]]] = (
        [{} for _ in range(years)],
        [{} for _ in range(years)],
    )
    for code in leaves:
        approved = [draw(numbers) for _ in range(years)]
        established = 0
        for year, so_far in enumerate(accumulate(approved)):
            waiting = so_far - established
            now = draw(st.one_of(st.just(waiting), st.integers(0, waiting)))
            of_both[APPROVED][year][code], of_both[ESTABLISHED][year][code] = approved[year], now
            established += now
    return Truth(parts, of_both)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(truths(), st.data())
def test_another_nation_publishes_the_same_with_any_number_behind_any_figure(
    truth: Truth, data: st.DataObject
) -> None:
    tables = truth.published()
    state = data.draw(st.sampled_from([APPROVED, ESTABLISHED]))
    year = data.draw(st.integers(0, len(tables[state]) - 1))
    code, figure = data.draw(st.sampled_from(sorted(tables[state][year].items(), key=str)))
    assume(figure.is_free)
    number = data.draw(st.integers(figure.at_least, figure.at_least + 9))
    other = witness(truth, state, year, code, number)
    assert total(other, state, year, code) == number
    assert other.in_order()
    assert other.published() == tables


def total(truth: Truth, state: int, year: int, code: str | None) -> int:
    inside = truth.parts.get(code)
    if inside:
        return sum(total(truth, state, year, part) for part in inside)
    return truth.counts[state][year][str(code)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(truths())
def test_a_figure_is_never_more_than_was_counted_and_says_when_it_may_be_ten_less(
    truth: Truth,
) -> None:
    for state, tables in enumerate(truth.published()):
        for year, table in enumerate(tables):
            for code, figure in table.items():
                households = total(truth, state, year, code)
                assert figure.at_least <= households
                if figure.shown in (Shown.ROUNDED, Shown.UNDER_TEN):
                    assert households < figure.at_least + 10


# Each rule by itself


def test_none_is_under_ten_too() -> None:
    assert public_count(0) == public_count(9) == UNDER_TEN
    assert public_count(10).households == 10


@pytest.mark.parametrize(
    ("parts", "shown", "households"),
    [
        ([9] * 10, Shown.AT_LEAST, 80),  # 90: each would have 9
        ([8] * 10, Shown.AT_LEAST, 80),
        ([7] * 10, Shown.ROUNDED, 70),
        ([5, 6], Shown.HELD_BACK, None),  # 11: neither could be none
        ([1, 2], Shown.HELD_BACK, None),
        ([25, 9], Shown.AT_LEAST, 20),
        ([43], Shown.ROUNDED, 40),  # a lone part is its whole
        ([3], Shown.UNDER_TEN, None),
        ([163, *[0] * 37], Shown.ROUNDED, 160),  # as when one province begins
    ],
)
def test_a_whole_is_no_more_than_its_parts_can_make_up(
    parts: list[int], shown: Shown, households: int | None
) -> None:
    whole = public_whole(sum(parts), [public_count(part) for part in parts])
    assert (whole.shown, whole.households) == (shown, households)


@pytest.mark.parametrize(
    ("approved", "established", "shown", "households"),
    [
        ([100], [13], Shown.ROUNDED, 10),
        ([100], [3], Shown.UNDER_TEN, None),
        ([100], [100], Shown.AT_LEAST, 90),  # 91 are left
        ([10], [10], Shown.HELD_BACK, None),  # 1 is left
        ([20], [3], Shown.UNDER_TEN, None),
        ([9], [9], Shown.HELD_BACK, None),
        ([100, 100], [100, 100], Shown.AT_LEAST, 90),  # 200 less 99, less 9
        ([100, 0], [3, 97], Shown.AT_LEAST, 80),  # 100 less 9, less 9
    ],
)
def test_what_was_established_is_no_more_than_what_was_approved_leaves_for_it(
    approved: list[int], established: list[int], shown: Shown, households: int | None
) -> None:
    places: Parts = {None: ["71"], "71": ["71.71"]}
    counts = tuple([{"71.71": number} for number in row] for row in (approved, established))
    last = Truth(places, (counts[0], counts[1])).published()[ESTABLISHED][-1]
    for code in (None, "71", "71.71"):
        assert (last[code].shown, last[code].households) == (shown, households)


def test_where_less_than_none_is_left_no_number_is_reckoned_with() -> None:
    assert public_count(0, -1) == NONE_LEFT
    assert NONE_LEFT.at_most == 0
    assert public_whole(7, [NONE_LEFT, NONE_LEFT]) == NONE_LEFT
    only_one = public_whole(30, [NONE_LEFT, public_count(25)])
    assert only_one == PublicCount(Shown.AT_LEAST, 20)
    assert left_for_established({}, {None: UNDER_TEN}, []) == {None: -9}


def test_beside_a_province_without_regencies_those_of_the_others_are_counted() -> None:
    """Whichever comes first."""
    shown = release(None, {None: ["11", "71"], "71": ["71.71"]}, {"71.71": 40})
    assert shown["71.71"] == shown["71"] == PublicCount(Shown.ROUNDED, 40)
    assert shown[None] == PublicCount(Shown.AT_LEAST, 40)
    assert shown["11"] == UNDER_TEN


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([public_count(25), public_count(9), public_count(30)], PublicCount(Shown.AT_LEAST, 50)),
        ([public_count(5), public_count(7)], HELD_BACK),
        ([], HELD_BACK),
    ],
)
def test_a_sum_of_public_figures_knows_no_more_than_they(
    parts: list[PublicCount], expected: PublicCount
) -> None:
    assert added_up(parts) == expected


def test_a_month_is_what_stood_when_it_was_over() -> None:
    """Nine and nine by January; ten more in the second place by February."""
    places: Parts = {None: ["71"], "71": ["71.71", "71.72"]}
    january, february = months_of_year(None, places, [{"71.71": 9, "71.72": 9}, {"71.72": 10}])
    assert january["71"] == HELD_BACK
    assert february["71"] == PublicCount(Shown.AT_LEAST, 10)


def test_the_nation_s_months_are_the_provinces_added_up_and_the_last_one_the_year_so_far() -> None:
    places: Parts = {None: ["51", "71"], "51": ["51.71"], "71": ["71.71"]}
    months = [{"51.71": 9, "71.71": 12}, {"51.71": 16, "71.71": 7}]
    january, february = months_of_year(None, places, months)
    assert january[None] == PublicCount(Shown.AT_LEAST, 10)
    assert february == {"51": public_count(25), "71": public_count(19), None: february[None]}
    assert february[None] == release(None, places, {"51.71": 25, "71.71": 19})[None]
    assert months_of_year(None, places, []) == []
    assert None not in months_of_year("71", {"71": ["71.71"]}, months)[0]
