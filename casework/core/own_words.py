"""A reason in a person's own words, wherever one is obligatory; pure."""

from __future__ import annotations

#: Least letters of a note or a reason, so that it says something about this one case.
#: Source: none official; product default (safety T11: own words of 20 characters).
OWN_WORDS = 20


def own_words(text: str) -> str:
    """The text without needless space: twenty blanks are no reason."""
    return " ".join(text.split())


def says_enough(text: str) -> bool:
    return len(own_words(text)) >= OWN_WORDS
