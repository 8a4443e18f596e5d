"""When a family seems to be slipping back, at each limit."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.aftercare.labels import signs_in_words
from casework.aftercare.rules import Seen, Told, Yardstick, signs_of
from casework.aftercare.rules.slipping import FALL_PERCENT, HEAVY
from casework.aftercare.states import Livelihood, Shock, Sign
from casework.economics.rules import BorrowsFrom

LINE = 3_045_800
YARDSTICK = Yardstick(not_above=LINE, before=5_000_000)
RUNNING = Livelihood.RUNNING


def signs(told: Told, yardstick: Yardstick = YARDSTICK) -> list[Sign]:
    return [each.sign for each in signs_of(told, yardstick)]


def test_a_family_that_fares_well_leaves_no_sign() -> None:
    assert signs(Told(RUNNING, frozenset(), 5_200_000, BorrowsFrom.BANK)) == []


def test_what_was_not_asked_tells_nothing() -> None:
    assert signs(Told(RUNNING)) == []


@pytest.mark.parametrize(
    ("income", "expected"),
    [
        (LINE + 1, [Sign.INCOME_FELL]),
        (LINE, [Sign.INCOME_BELOW_LINE, Sign.INCOME_FELL]),
        (0, [Sign.INCOME_BELOW_LINE, Sign.INCOME_FELL]),
        (3_500_000, []),  # exactly thirty percent less
        (3_499_999, [Sign.INCOME_FELL]),
    ],
)
def test_income_is_held_against_the_line_and_against_what_it_was(
    income: int, expected: list[Sign]
) -> None:
    assert signs(Told(RUNNING, income_per_month=income)) == expected


@pytest.mark.parametrize("before", [None, 0])
def test_without_an_income_before_nothing_fell(before: int | None) -> None:
    yardstick = Yardstick(LINE, before)
    assert signs(Told(RUNNING, income_per_month=LINE + 1), yardstick) == []


def test_without_a_gate_on_income_there_is_no_line() -> None:
    assert signs(Told(RUNNING, income_per_month=1), Yardstick(None, None)) == []


@pytest.mark.parametrize(
    ("livelihood", "is_sign"), [(each, each is Livelihood.STOPPED) for each in Livelihood]
)
def test_only_a_business_with_nothing_in_its_place_is_a_sign(
    livelihood: Livelihood, is_sign: bool
) -> None:
    assert signs(Told(livelihood)) == ([Sign.BUSINESS_STOPPED] if is_sign else [])


@pytest.mark.parametrize("shock", Shock)
def test_one_shock_is_a_sign_where_it_is_heavy(shock: Shock) -> None:
    expected = [Sign.HEAVY_SHOCK] if shock in HEAVY else []
    assert signs(Told(RUNNING, frozenset({shock}))) == expected


def test_two_light_shocks_are_a_sign_and_a_heavy_one_says_it_alone() -> None:
    light = frozenset({Shock.ILLNESS, Shock.DEBT})
    assert signs(Told(RUNNING, light)) == [Sign.SEVERAL_SHOCKS]
    (heavy,) = signs_of(Told(RUNNING, light | {Shock.DEATH}), YARDSTICK)
    assert heavy == Seen(Sign.HEAVY_SHOCK, {"shocks": ["death"]})


@pytest.mark.parametrize(
    ("lender", "is_sign"), [(each, each is BorrowsFrom.MONEYLENDER) for each in BorrowsFrom]
)
def test_only_the_moneylender_is_a_sign(lender: BorrowsFrom, is_sign: bool) -> None:
    assert signs(Told(RUNNING, borrows_from=lender)) == ([Sign.MONEYLENDER] if is_sign else [])


told = st.builds(
    Told,
    st.sampled_from(Livelihood),
    st.frozensets(st.sampled_from(Shock)),
    st.none() | st.integers(0, 20_000_000),
    st.none() | st.sampled_from(BorrowsFrom),
)


@given(told=told, more=st.integers(0, 5_000_000))
def test_more_income_never_adds_a_sign(told: Told, more: int) -> None:
    if told.income_per_month is None:
        return
    richer = Told(told.livelihood, told.shocks, told.income_per_month + more, told.borrows_from)
    assert set(signs(richer)) <= set(signs(told))


@given(told=told)
def test_signs_come_back_from_the_document_they_are_kept_in(told: Told) -> None:
    found = signs_of(told, YARDSTICK)
    kept = json.loads(json.dumps([each.as_document() for each in found]))
    assert tuple(Seen.of_document(each) for each in kept) == found


def test_every_sign_has_its_sentence_with_its_figures(app: object) -> None:
    worst = Told(Livelihood.STOPPED, frozenset({Shock.DEATH}), 1_000_000, BorrowsFrom.MONEYLENDER)
    several = Told(RUNNING, frozenset({Shock.ILLNESS, Shock.DEBT}))
    found = [*signs_of(worst, YARDSTICK), *signs_of(several, YARDSTICK)]
    assert {each.sign for each in found} == set(Sign)
    with app.test_request_context():  # type: ignore[attr-defined]
        words = signs_in_words([each.as_document() for each in found])
    assert "Penghasilan Rp 1.000.000 sebulan, tidak di atas Rp 3.045.800" in words[0]
    assert f"dari Rp 5.000.000 menjadi Rp 1.000.000 sebulan, lebih dari {FALL_PERCENT}" in words[1]
    assert words[2] == "Usaha berhenti, belum ada gantinya."
    assert "Anggota keluarga meninggal" in words[3]
    assert words[4] == "Meminjam lagi dari rentenir."
    assert "Sakit berat, Utang yang sulit dibayar" in words[5]
