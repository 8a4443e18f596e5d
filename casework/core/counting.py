"""Whole numbers as people type them."""

from __future__ import annotations

import re

#: "1720", or thousands set apart by one and the same sign: "1.720" as Indonesian writes it,
#: "1,720" as English shows it. Groups of three digits only, so that neither is a fraction.
_WHOLE = re.compile(
    r"^(?:\d{1,18}|[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+|(?: \d{3})+))$", re.ASCII
)


def parse_count(text: str) -> int | None:
    """None where it cannot be told which whole number is meant ("1.72", "1,7", "-3")."""
    typed = text.replace("\u00a0", " ").strip()
    return int(re.sub(r"[., ]", "", typed)) if _WHOLE.match(typed) else None
