"""The screens use the programme's words, the same one for the same idea (docs/glossary.md)."""

from __future__ import annotations

import re

import pytest

from casework.translations.catalogue import merge, texts_of
from tests.architecture.sources import ROOT


def forbidden() -> dict[str, str]:
    """Word that must not be used -> the one to use instead."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|") and not line.startswith(("|---", "| idea"))
    ]
    return {
        word.strip(): screen
        for _idea, _code, screen, banned in rows
        for word in banned.split(",")
        if word.strip()
    }


def uses(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def test_no_screen_uses_another_word_for_the_same_idea() -> None:
    wrong = [
        f"{text!r}: say {screen!r}, not {word!r}"
        for message in merge("id").catalog
        if message.id
        for text in texts_of(message)
        for word, screen in forbidden().items()
        if uses(text, word)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("Klik di sini", "klik", True),
        ("Login gagal", "login", True),
        ("Kelompok Melati", "grup", False),
        ("Catalog", "log", False),
    ],
)
def test_words_are_found_whole(text: str, word: str, found: bool) -> None:
    assert uses(text, word) is found


def test_every_row_of_the_glossary_has_its_four_cells() -> None:
    assert len(forbidden()) > 20
