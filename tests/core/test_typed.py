"""Text as people type it."""

from __future__ import annotations

import pytest

from casework.core.typed import is_writable, one_line, writable


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("a\x00b", "a b"),
        ("satu\r\n  dua\u2028tiga", "satu dua tiga"),
        ("\ud800x", "x"),
        ("a\x9b2Jb\x1b[2Jc\x7f", "a 2Jb [2Jc"),
        ("  ", ""),
        ("Ibu Ény 🙂", "Ibu Ény 🙂"),
    ],
)
def test_free_text_is_one_visible_line(given_text: str, cleaned: str) -> None:
    assert one_line(given_text) == cleaned


def test_half_a_pair_of_surrogates_and_nul_cannot_be_written() -> None:
    assert is_writable("Ibu Ény 🙂")
    assert not is_writable("Rina\udce9")
    assert not is_writable("\ud83d")
    assert not is_writable("Rina\0")


def test_a_name_with_such_a_sign_is_kept_without_it() -> None:
    assert writable("caf\udce9.csv") == "caf?.csv"
    assert writable("daftar\0.csv") == "daftar?.csv"
    assert writable("café.csv") == "café.csv"
