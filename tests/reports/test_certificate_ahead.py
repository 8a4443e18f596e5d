"""A certificate is often handed over before the payment stage from which it counts has begun."""

from __future__ import annotations

import re

import pytest

from casework.reports.rules import certificate_text

#: What would be said of a thing that is so already.
CLAIMS = re.compile(r"\b(telah|sudah|sejak)\b", re.IGNORECASE)


@pytest.mark.parametrize("stage", ["2020-1", "2099-4"])
def test_the_wording_claims_nothing_that_is_not_yet_so(stage: str) -> None:
    text = certificate_text()
    said = text.says(village="Molas", district="Bunaken", regency="Kota Manado", stage=stage)
    year, number = stage.split("-")
    assert not CLAIMS.search(f"{text.subtitle} {text.given_to} {said} {text.wish}")
    assert f"terhitung mulai Tahap {number} Tahun {year}" in said
