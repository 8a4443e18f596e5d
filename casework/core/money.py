"""Amounts of rupiah as people type them."""

from __future__ import annotations

import re

#: More than any family of the programme earns or owns: a slip of the thumb.
#: Source: none; product default.
MOST_RUPIAH = 1_000_000_000

_SIGN = re.compile(r"^(?:rp|idr)\.?\s*", re.IGNORECASE)
#: "1.500.000,00", "1.500.000,-": no family counts cents.
_CENTS = re.compile(r"(?:,-|,00|\.-)$")
#: "1500000", or thousands set apart by one and the same sign: "1.500.000", "1,500,000".
_AMOUNT = re.compile(r"^\d+$|^\d{1,3}(?:\.\d{3})+$|^\d{1,3}(?:,\d{3})+$|^\d{1,3}(?: \d{3})+$")


def parse_rupiah(text: str) -> int | None:
    """Whole rupiah; None where it cannot be told what is meant ("1.5", "1,5 juta", "-3")."""
    bare = _CENTS.sub("", _SIGN.sub("", text.replace("\u00a0", " ").strip())).strip()
    if not bare.isascii() or not _AMOUNT.match(bare):
        return None
    digits = re.sub(r"[., ]", "", bare)
    return int(digits) if len(digits) <= 18 else None
