"""Text as people type it."""

from __future__ import annotations

import pytest

from casework.core.typed import one_line


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("a\x00b", "a b"),
        ("satu\r\n  dua\u2028tiga", "satu dua tiga"),
        ("\ud800x", "x"),
        ("  ", ""),
        ("Ibu Ény 🙂", "Ibu Ény 🙂"),
    ],
)
def test_free_text_is_one_visible_line(given_text: str, cleaned: str) -> None:
    assert one_line(given_text) == cleaned
