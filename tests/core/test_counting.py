from __future__ import annotations

import pytest

from casework.core.counting import parse_count


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("7", 7),
        ("1720", 1720),
        ("1.720", 1720),
        ("1,720", 1720),
        ("1 720", 1720),
        ("1\u00a0720", 1720),
        ("  1.720 ", 1720),
        ("12.500", 12_500),
        ("999.999", 999_999),
        ("1.200.000", 1_200_000),
        ("1,200,000", 1_200_000),
        ("0012", 12),
        ("9" * 18, int("9" * 18)),
        # A fraction, or a slip of the finger: nobody guesses.
        ("1.72", None),
        ("1,7", None),
        ("1,72", None),
        ("1.7200", None),
        ("17.20", None),
        ("1720.0", None),
        ("1720,00", None),
        ("1.720,5", None),
        ("1.720,500", None),
        ("1..720", None),
        ("1.720.", None),
        (".720", None),
        ("0.720", None),
        ("1720.000", None),
        ("1. 720", None),
        ("-5", None),
        ("+5", None),
        ("1e3", None),
        ("0x10", None),
        ("1_720", None),
        ("banyak", None),
        ("1720 keluarga", None),
        ("", None),
        ("   ", None),
        ("9" * 19, None),
        ("１７２０", None),
        ("١٧٢٠", None),
        ("1720\n1720", None),
    ],
)
def test_a_number_is_read_as_it_was_meant_or_not_at_all(text: str, number: int | None) -> None:
    assert parse_count(text) == number
