"""Amounts of rupiah as people type them."""

from __future__ import annotations

import re
from decimal import Decimal

#: More than any family of the programme earns or owns: a slip of the thumb.
#: Source: none; product default.
MOST_RUPIAH = 1_000_000_000

_SIGN = re.compile(r"^(?:rp|idr)\.?\s*")
_WORD = re.compile(r"\s*rupiah$")
#: "1.500.000,00", "1.500.000,-": no family counts cents.
_CENTS = re.compile(r"(?:,-|,00|\.-)$")
#: "1500000", or thousands set apart by one and the same sign: "1.500.000", "1,500,000".
_AMOUNT = re.compile(r"^\d{1,18}$|^\d{1,3}(?:\.\d{3})+$|^\d{1,3}(?:,\d{3})+$|^\d{1,3}(?: \d{3})+$")
#: "1,5 juta", "500rb", "2 juta 500 ribu". Never three digits after the sign: "1.500 ribu" is
#: one and a half thousand to one reader and a million and a half to another.
_MILLIONS = re.compile(r"^(?P<whole>\d{1,4}(?:[.,]\d{1,2})?)\s*(?:juta|jt)$")
_THOUSANDS = re.compile(r"^(?P<whole>\d{1,6}(?:[.,]\d{1,2})?)\s*(?:ribu|rb|k)$")
_BOTH = re.compile(
    r"^(?P<millions>\d{1,4})\s*(?:juta|jt)\s*(?P<thousands>\d{1,3})\s*(?:ribu|rb|k)$"
)


def parse_rupiah(text: str) -> int | None:
    """Whole rupiah; None where it cannot be told what is meant ("1.5", "1.500 juta", "-3")."""
    typed = text.replace("\u00a0", " ").strip()
    if not typed.isascii():
        return None
    bare = _WORD.sub("", _SIGN.sub("", typed.lower()))
    if found := _BOTH.match(bare):
        return int(found["millions"]) * 1_000_000 + int(found["thousands"]) * 1_000
    for shape, unit in ((_MILLIONS, 1_000_000), (_THOUSANDS, 1_000)):
        if found := shape.match(bare):
            return int(Decimal(found["whole"].replace(",", ".")) * unit)
    bare = _CENTS.sub("", bare).strip()
    return int(re.sub(r"[., ]", "", bare)) if _AMOUNT.match(bare) else None
