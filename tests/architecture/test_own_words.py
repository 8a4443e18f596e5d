"""Free text about families goes through one field, which refuses a NIK or No KK in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files, repository_files

#: Where a larger field for text is made, and why it may be.
MAY_MAKE_ONE = {"casework/web/fields.py": "OwnWordsField itself"}

#: Fields for text that are written by hand, and what refuses the number there.
WRITTEN_BY_HAND = {
    "templates/components/attendance_row.html": "meetings/forms.py reads it",
    "templates/graduation/show.html": "readonly: what was typed before, to be copied",
    "templates/offline/recording.html": "sealed on the phone; offline/forms/bodies.py hides it",
}

_LARGE_FIELD = re.compile(r"\bTextArea(?:Field)?\b")
_BY_HAND = re.compile(r'<textarea\b|<input\b[^>]*\bname="(?:note|n\{\{ key \}\})"')
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


@pytest.mark.parametrize("path", python_files(), ids=str)
def test_every_larger_field_for_text_refuses_personal_numbers(path: Path) -> None:
    if str(path) not in MAY_MAKE_ONE:
        assert not _LARGE_FIELD.search((ROOT / path).read_text()), (
            f"{path}: use OwnWordsField of casework.web.fields, which refuses a NIK or No KK, or"
            " say in MAY_MAKE_ONE why nobody writes about a family there"
        )


def by_hand() -> set[str]:
    pages = (path for path in repository_files() if path.parts[0] == "templates")
    return {
        str(path)
        for path in pages
        if path.suffix == ".html" and _BY_HAND.search(_COMMENT.sub("", (ROOT / path).read_text()))
    }


def test_a_field_written_by_hand_says_who_refuses_the_number() -> None:
    unknown = by_hand() - WRITTEN_BY_HAND.keys()
    assert not unknown, (
        f"{sorted(unknown)}: make it an OwnWordsField, or have what reads it ask"
        " core.personal_numbers, and say so in WRITTEN_BY_HAND"
    )


def test_every_exception_is_still_one() -> None:
    assert by_hand() == WRITTEN_BY_HAND.keys()
    for path in MAY_MAKE_ONE:
        assert _LARGE_FIELD.search((ROOT / path).read_text()), f"{path} makes none any more"
