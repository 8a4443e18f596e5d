"""A form that was sent after the login had run out, kept in the sign-in page itself until its
owner is back: nothing of it is stored here, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable

from casework.core.typed import is_writable

Pairs = list[tuple[str, str]]

#: The token belongs to the ended login; the page that sends the form again has a new one.
_TOKEN = "csrf_token"  # noqa: S105 - the name of a field


def packed(fields: Iterable[tuple[str, str]]) -> str:
    """As one hidden field; empty where nothing was typed, or where it holds a password, which
    is typed again rather than written into a page."""
    pairs = [(name, value) for name, value in fields if name != _TOKEN]
    if not pairs or any("password" in name for name, _value in pairs):
        return ""
    return json.dumps(pairs)


def unpacked(text: str) -> Pairs:
    """What `packed` gave; nothing where somebody has changed it beyond recognition."""
    try:
        pairs = json.loads(text)
    except (ValueError, RecursionError):  # brackets within brackets, thousands deep
        return []
    if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
        return []
    return [(name, value) for name, value in pairs]


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(map(_is_text, pair))


def _is_text(part: object) -> bool:
    """What a page cannot hold no browser sends."""
    return isinstance(part, str) and is_writable(part)
