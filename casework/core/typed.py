"""Text as people type it, and as other programs send it; pure."""

from __future__ import annotations


def one_line(text: str) -> str:
    """One line of visible text: control characters and runs of spaces become one space."""
    if not text:  # as nearly every note of a register
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
