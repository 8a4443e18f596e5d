from __future__ import annotations

import pytest

from casework.core.masking import mask_nik, mask_no_kk


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("9901014501900001", "9901********0001"),
        ("9971010112340001", "9971********0001"),
        ("", ""),
        ("12345678", "********"),
        ("990101450190000", "***************"),
        ("99010145019000012", "*****************"),
    ],
)
def test_a_number_shows_its_ends_only_when_it_is_whole(number: str, shown: str) -> None:
    assert mask_nik(number) == shown
    assert mask_no_kk(number) == shown
