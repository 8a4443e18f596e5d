"""Nobody who has all tables of one kind, state and year can work out a count under ten
(docs/decisions/0020).

The tables are composed here from the rules, many thousands of them; that the page and the API
publish just these, and what both states of all years give away together, is in
`test_published_tables`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.counts.rules import (
    HELD_BACK,
    PublicCount,
    Shown,
    added_up,
    public_count,
    public_parts,
    small_counts,
)
from tests.counts.attacker import MOST, Known, Province, numbers, works_out

UNDER_TEN = small_counts.UNDER_TEN


@dataclass(frozen=True)
class Truth:
    """Of each province the counts of its regencies and of its months, with one total."""

    provinces: list[tuple[list[int], list[int]]]


#: What an attacker would wish for: much just below a full ten, nothing, and anything.
counts = st.one_of(st.sampled_from([0, 8, 9, 19, 10, 1]), st.integers(0, 31))


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    closed = draw(st.integers(1, 12))
    provinces = []
    for _ in range(draw(st.integers(1, 4))):
        regencies = draw(st.lists(counts, min_size=1, max_size=7))
        left = sum(regencies)
        months = []
        for _month in range(closed - 1):
            months.append(min(draw(counts), left))
            left -= months[-1]
        provinces.append((regencies, [*months, left]))
    return Truth(provinces)


def published(truth: Truth) -> tuple[PublicCount, list[Province]]:
    totals = [sum(regencies) for regencies, _months in truth.provinces]
    nation = public_count(sum(totals))
    years = public_parts(sum(totals), totals, nation)
    return nation, [
        Province(year, public_parts(whole, regencies, year), public_parts(whole, months, year))
        for year, whole, (regencies, months) in zip(years, totals, truth.provinces, strict=True)
    ]


def cells(
    truth: Truth, nation: PublicCount, provinces: list[Province], known: Known
) -> list[tuple[int, PublicCount, list[int]]]:
    """Every cell: what it is, what is shown of it, what it can be for who knows everything."""
    totals = [sum(regencies) for regencies, _months in truth.provinces]
    found = [(sum(totals), nation, numbers(known.nation))]
    for place, (regencies, months) in enumerate(truth.provinces):
        shown = provinces[place]
        found += [(totals[place], shown.year, numbers(known.provinces[place]))]
        found += zip(regencies, shown.regencies, map(numbers, known.regencies[place]), strict=True)
        found += zip(months, shown.months, map(numbers, known.months[place]), strict=True)
    return found


def unprotected(truth: Truth) -> list[str]:
    return given_away(truth, *published(truth))


def given_away(truth: Truth, nation: PublicCount, provinces: list[Province]) -> list[str]:
    """What of the truth these tables leave too little open."""
    wrong = []
    for true, shown, left in cells(truth, nation, provinces, works_out(nation, provinces)):
        assert true in left, "the attacker herself is wrong"
        if shown.shown is Shown.UNDER_TEN and left != list(range(10)):
            wrong.append(f"under ten, and only {left} remain")
        elif shown.shown is Shown.HELD_BACK and len(left) < 10:
            wrong.append(f"held back, and only {left} remain")
        elif shown.shown is Shown.ROUNDED and len(left) < 10:
            wrong.append(f"{shown.households}, and only {left} remain")
    return wrong


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(truths())
def test_every_number_below_ten_remains_possible_for_whoever_has_all_tables_of_a_year(
    truth: Truth,
) -> None:
    assert not unprotected(truth)


@pytest.mark.control
@pytest.mark.parametrize(
    ("regencies", "months"),
    [([9, 9, 9, 9, 9, 9, 9, 9, 9, 9], [90]), ([5, 6], [11]), ([11], [5, 6]), ([9] * 4, [36])],
)
def test_without_the_second_rule_the_attacker_works_something_out(
    regencies: list[int], months: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = Truth([(regencies, months)])
    assert not unprotected(truth)

    def only_rounded(_whole: int, parts: list[int], _figure: PublicCount) -> list[PublicCount]:
        return [public_count(part) for part in parts]

    monkeypatch.setitem(globals(), "public_parts", only_rounded)
    assert unprotected(truth)


def test_the_attacker_finds_what_exact_totals_give_away() -> None:
    """Ten regencies under ten, of which the province tells 90: each has 9."""
    known = works_out(public_count(90), [Province(public_count(90), [UNDER_TEN] * 10, [HELD_BACK])])
    assert [numbers(regency) for regency in known.regencies[0]] == [[9]] * 10


def test_rows_and_columns_of_one_total_are_always_those_of_some_table() -> None:
    """Why the attacker needs no cell of regency and month: by trying all small tables."""
    sums = set()
    for cells_of_table in product(range(4), repeat=4):
        a, b, c, d = cells_of_table
        sums.add((a + b, c + d, a + c, b + d))
    for rows in product(range(4), repeat=2):
        for column in range(sum(rows) + 1):
            other = sum(rows) - column
            if column <= 3 and other <= 3:
                assert (*rows, column, other) in sums


@given(st.integers(0, 400), st.integers(0, 40))
def test_a_figure_that_moves_tells_of_ten_families_or_of_none(before: int, more: int) -> None:
    """The same figure at two moments: between nine less and nine more than it moved."""
    first, second = public_count(before), public_count(before + more)
    moved = second.at_least - first.at_least
    assert moved % 10 == 0
    could_be = {
        b - a
        for a in range(first.at_least, first.at_least + 10)
        for b in range(second.at_least, second.at_least + 10)
        if b >= a
    }
    assert more in could_be
    assert len(could_be) >= 10


@given(st.integers(0, 60), st.integers(0, 60))
def test_approved_less_established_is_known_to_within_nine(approved: int, established: int) -> None:
    shown = public_count(approved).at_least - public_count(established).at_least
    assert -10 < approved - established - shown < 10


def test_a_lone_province_is_shown_though_all_others_have_none() -> None:
    """As when one province begins: hiding the second smallest would hide the only one."""
    counts_of_38 = [163, *[0] * 37]
    nation = public_count(163)
    assert nation == PublicCount(Shown.ROUNDED, 160)
    parts = public_parts(163, counts_of_38, nation)
    assert parts == [nation, *[UNDER_TEN] * 37]


def test_none_is_under_ten_too() -> None:
    assert public_count(0) == public_count(9) == UNDER_TEN
    assert public_count(10).households == 10


def test_what_is_held_back_holds_back_all_its_parts() -> None:
    assert public_parts(50, [20, 30], HELD_BACK) == [HELD_BACK, HELD_BACK]


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ([public_count(25), public_count(9), public_count(30)], PublicCount(Shown.AT_LEAST, 50)),
        ([public_count(25), HELD_BACK], HELD_BACK),
        ([public_count(5), public_count(7)], HELD_BACK),
        ([], HELD_BACK),
    ],
)
def test_a_sum_of_public_figures_knows_no_more_than_they(
    parts: list[PublicCount], total: PublicCount
) -> None:
    assert added_up(parts) == total


def test_the_attacker_believes_in_more_than_the_test_makes() -> None:
    assert MOST >= 4 * 7 * 31 + 10
