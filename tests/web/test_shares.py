"""A share of a target in words that are true at both ends."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from casework.web.locale import share


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0%"),
        (1 / 1_200_000, "<1%"),
        (0.0099, "<1%"),
        (0.01, "1%"),
        (0.25, "25%"),
        (0.496, "50%"),
        (0.9899, "99%"),
        (0.991, "99%"),
        (0.995, "99%"),
        (1_199_999 / 1_200_000, "99%"),
        (1, "100%"),
        (1.5, "150%"),
        (None, ""),
    ],
)
def test_a_little_is_not_nothing_and_nearly_all_is_not_all(
    app: Flask, value: float | None, text: str
) -> None:
    with app.test_request_context():
        assert share(value) == text


@given(counted=st.integers(0, 2_000_000), target=st.integers(1, 2_000_000))
def test_only_nothing_is_0_and_only_a_reached_target_is_100_or_more(
    counted: int, target: int
) -> None:
    text = share(counted / target)
    assert (text == "0%") == (counted == 0)
    assert (text != "<1%" and int(text.rstrip("%")) >= 100) == (counted >= target)
