from __future__ import annotations

import pytest

from casework.core.money import parse_rupiah


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
        ("  250000  ", 250_000),
        ("0", 0),
        ("1.500", 1_500),
        ("1.5", None),
        ("1,5 juta", None),
        ("1.50.000", None),
        ("1.500,000", None),
        ("-500", None),
        ("1e6", None),
        ("satu juta", None),
        ("Rp", None),
        ("", None),
        ("\u0661\u0662", None),
        ("9" * 19, None),
    ],
)
def test_an_amount_is_read_as_people_write_it_or_not_at_all(text: str, amount: int | None) -> None:
    assert parse_rupiah(text) == amount
