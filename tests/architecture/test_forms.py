"""What somebody types about a family stays in the page: browsers keep forms on their disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TEMPLATES = ROOT / "templates"
#: A field for a note, of a form or written by hand.
_NOTE = re.compile(r'form\.note\b|name="note"|name="n\{\{ key \}\}"')
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_FORM = re.compile(r'<form[^>]*method="post"[^>]*>(.*?)</form>', re.DOTALL)

#: Forms in which nobody types anything about a family, and why.
HOLD_NOTHING = {
    "accounts/": "about people of the office, and with passwords of their own",
    "components/post_button.html": "one button",
    "counts/facilitator_target.html": "a number of a colleague",
    "counts/targets.html": "public figures",
    "graduation/batch_new.html": "number and day of a letter, and boxes to tick",
    "graduation/evidence.html": "files, which browsers do not keep with a form",
    "graduation/evidence_rows.html": "one button",
    "graduation/outcomes_check.html": "one button",
    "graduation/outcomes_upload.html": "a file",
    "reports/certificates_ask.html": "who signs the certificates, and where",
    "households/assign.html": "who looks after a group, and since when",
    "households/edit_group.html": "a group",
    "households/entry_year.html": "a year",
    "households/move.html": "a group, and a day",
    "households/new_group.html": "a group",
    "households/put_in.html": "boxes to tick, and a day",
    "meetings/photos.html": "files",
    "offline/": "buttons and files; what is typed offline is a form of the app's own",
    "rosters/": "files and choices of the office",
}

#: Fields of the sheet say so one by one, for some may be filled in again; the page after it has
#: none to type in.
OFF_BY_FIELD = {"meetings/sheet.html", "meetings/check.html"}


def templates() -> list[str]:
    found = sorted(TEMPLATES.rglob("*.html"))
    return [str(each.relative_to(TEMPLATES)) for each in found if _FORM.search(each.read_text())]


@pytest.mark.parametrize("name", templates())
def test_a_form_that_says_something_of_a_family_is_kept_off_the_disk(name: str) -> None:
    text = Path(TEMPLATES / name).read_text()
    holds_nothing = any(name.startswith(each) for each in HOLD_NOTHING)
    for form in _FORM.finditer(text):
        tag = form[0].partition(">")[0]
        is_off = 'autocomplete="off"' in tag or name in OFF_BY_FIELD
        assert holds_nothing or ("not_kept()" in form[1] and is_off), (
            f'{name}: begin the form with {{{{ not_kept() }}}} and give it autocomplete="off", or'
            " say in HOLD_NOTHING why nothing in it is worth hiding"
        )


def test_every_exception_is_still_one() -> None:
    for each in HOLD_NOTHING:
        assert any(name.startswith(each) for name in templates()), f"{each} is no form any more"


NOTES = sorted(
    str(path.relative_to(TEMPLATES))
    for path in TEMPLATES.rglob("*.html")
    if _NOTE.search(_COMMENT.sub("", path.read_text()))
)


@pytest.mark.parametrize("name", NOTES)
def test_whoever_types_a_note_about_a_family_reads_what_belongs_there(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert re.search(r"\bnote_(?:hint|bounds)\(\)", text), (
        f"{name}: give the note the hint of components/note_hint.html"
    )


def test_notes_are_typed_with_signal_and_without() -> None:
    """Or the pattern above finds none of them any more."""
    assert {
        "components/attendance_row.html",
        "economics/observation.html",
        "aftercare/visit.html",
        "offline/recording.html",
    } <= set(NOTES)
