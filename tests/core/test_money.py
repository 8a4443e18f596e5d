from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.money import MOST_RUPIAH, parse_rupiah

#: The phone has to read the same (tests/js/rupiah.test.js). "500\u212a" is there because the sign
#: of kelvin becomes a k in small letters.
AMOUNTS = json.loads((Path(__file__).parent / "rupiah.json").read_text(encoding="utf-8"))
MOST = AMOUNTS.pop("most")


@pytest.mark.parametrize(
    ("text", "amount"),
    [(text, amount) for cases in AMOUNTS.values() for text, amount in cases],
)
def test_an_amount_is_read_as_people_write_it_or_not_at_all(text: str, amount: int | None) -> None:
    assert parse_rupiah(text) == amount


def test_the_largest_amount_is_the_same_on_the_phone() -> None:
    assert MOST_RUPIAH == MOST


def dotted(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


@given(st.integers(0, MOST_RUPIAH))
def test_every_amount_is_read_back_however_it_is_written(amount: int) -> None:
    ways = [
        str(amount),
        dotted(amount),
        f"Rp {dotted(amount)}",
        f"Rp{amount}",
        f"{amount:,}",
        f"{dotted(amount)},-",
        f"{dotted(amount)},00",
        f"{amount} rupiah",
    ]
    assert {parse_rupiah(way) for way in ways} == {amount}


@given(st.integers(0, 99_999), st.sampled_from(["juta", " juta", "jt", " JT"]))
def test_hundredths_of_a_million_are_read_back_with_comma_and_with_point(
    hundredths: int, unit: str
) -> None:
    point = f"{hundredths / 100:.2f}"
    for text in (point, point.replace(".", ",")):
        assert parse_rupiah(text + unit) == hundredths * 10_000


@given(st.integers(0, 1_000), st.integers(0, 999))
def test_millions_and_thousands_are_read_back(millions: int, thousands: int) -> None:
    amount = millions * 1_000_000 + thousands * 1_000
    assert parse_rupiah(f"{millions} juta {thousands} ribu") == amount
    assert parse_rupiah(f"{millions}jt{thousands}rb") == amount


@given(st.text(alphabet="0123456789., rpjutaib-", max_size=20))
def test_nothing_that_is_typed_breaks_it_or_becomes_negative(text: str) -> None:
    amount = parse_rupiah(text)
    assert amount is None or amount >= 0
