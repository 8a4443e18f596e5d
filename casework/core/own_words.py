"""A reason in a person's own words, wherever one is obligatory; pure.

No rule can tell a good reason from a poor one. These tell what is none at all: a key held down,
one word over and over, a short answer drawn out with dots.
"""

from __future__ import annotations

import re
from enum import StrEnum

#: Least letters of a note or a reason, so that it says something about this one case.
#: Source: none official; product default (safety T11: own words of 20 characters).
OWN_WORDS = 20

#: Least different words: who, did, what.
#: Source: none official; product default.
DIFFERENT_WORDS = 3

#: The third and every further one of the same sign; digits are left alone ("1.000.000").
_DRAWN_OUT = re.compile(r"([^\d\s])\1{2,}")
_WORD = re.compile(r"[^\W\d_]+")


class Lack(StrEnum):
    """What keeps a text from being a reason."""

    LETTERS = "letters"
    #: Long enough, but no sentence.
    WORDS = "words"


def own_words(text: str) -> str:
    """The text without needless space: twenty blanks are no reason."""
    return " ".join(text.split())


def lack_in(text: str, letters: int = OWN_WORDS, different: int = DIFFERENT_WORDS) -> Lack | None:
    """None where the text says enough, with so many letters and different words."""
    said = own_words(text)
    if len(said) < letters:
        return Lack.LETTERS
    # A word has two different letters: "aaaa bbbb cccc" has none.
    words = {word for word in _WORD.findall(said.casefold()) if len(set(word)) > 1}
    drawn_out = len(_DRAWN_OUT.sub(r"\1\1", said)) < letters
    return Lack.WORDS if drawn_out or len(words) < different else None


def says_enough(text: str) -> bool:
    return lack_in(text) is None
