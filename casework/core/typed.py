"""Text as people type it, and as other programs send it; pure."""

from __future__ import annotations

import re

#: What cannot be stored or sent: NUL, which PostgreSQL takes in no text, and half a pair of
#: surrogates, a letter to Python and to JSON, and nothing that UTF-8 can write. A byte of the
#: command line that is no UTF-8 comes as one.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def one_line(text: str) -> str:
    """One line of visible text: control characters and runs of spaces become one space."""
    if not text:  # as nearly every note of a register
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def is_writable(text: str) -> bool:
    """Whether it can be stored, sent and shown at all."""
    return _UNWRITABLE.search(text) is None


def writable(text: str) -> str:
    """With a question mark in place of what cannot be written, as of a file that is named
    somehow: a name says which file it was, and refusing it would not mend the file."""
    return _UNWRITABLE.sub("?", text)
