from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.money import MOST_RUPIAH, parse_rupiah


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500000", 1_500_000),
        ("1.500.000", 1_500_000),
        ("1,500,000", 1_500_000),
        ("1 500 000", 1_500_000),
        ("1\u00a0500\u00a0000", 1_500_000),
        ("Rp 1.500.000", 1_500_000),
        ("Rp1.500.000", 1_500_000),
        ("Rp. 1.500.000,-", 1_500_000),
        ("rp 1.500.000,00", 1_500_000),
        ("1.500.000 rupiah", 1_500_000),
        ("  250000  ", 250_000),
        ("0", 0),
        ("1.500", 1_500),
        # In words, as they are said
        ("1,5 juta", 1_500_000),
        ("1.5 juta", 1_500_000),
        ("1,25 juta", 1_250_000),
        ("Rp 1,5 Juta", 1_500_000),
        ("1,5jt", 1_500_000),
        ("2 jt rupiah", 2_000_000),
        ("0,5 juta", 500_000),
        ("500rb", 500_000),
        ("750 ribu", 750_000),
        ("750 RIBU", 750_000),
        ("50k", 50_000),
        ("2,5 ribu", 2_500),
        ("1500 ribu", 1_500_000),
        ("2 juta 500 ribu", 2_500_000),
        ("2jt 50rb", 2_050_000),
        ("0 juta", 0),
        ("1000 juta", 1_000_000_000),
        # What may mean two amounts, or none
        ("1.5", None),
        ("1,5", None),
        ("1,50", None),
        ("1.500 juta", None),
        ("1,500 juta", None),
        ("1.500 ribu", None),
        ("1.500.000 ribu", None),
        ("1,5 juta 500 ribu", None),
        ("2 juta 1500 ribu", None),
        ("500 ribu 2 juta", None),
        ("1,5.2 juta", None),
        ("juta", None),
        (",5 juta", None),
        ("1, juta", None),
        ("-1 juta", None),
        ("1.50.000", None),
        ("1.500,000", None),
        ("-500", None),
        ("1e6", None),
        ("1 m", None),
        ("satu juta", None),
        ("Rp", None),
        ("rupiah", None),
        ("", None),
        ("\u0661\u0662", None),
        ("500\u212a", None),  # the sign of kelvin becomes a k in small letters
        ("9" * 19, None),
    ],
)
def test_an_amount_is_read_as_people_write_it_or_not_at_all(text: str, amount: int | None) -> None:
    assert parse_rupiah(text) == amount


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
