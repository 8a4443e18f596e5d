"""Text as people type it, and as other programs send it; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def one_line(text: str) -> str:
    """One line of visible text: control characters and runs of spaces become one space."""
    if not text:  # as nearly every note of a register
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def read_json(text: str) -> Any:
    """Raises: ValueError, also where a name stands twice."""
    try:
        return json.loads(text, object_pairs_hook=_each_once)
    except RecursionError as error:
        raise ValueError("too many brackets") from error


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
