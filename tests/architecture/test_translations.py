"""Every word on the screens has its Indonesian, and every Indonesian word is in use."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from casework.translations.catalogue import Merged, compile_all, merge, msgid_of, texts_of
from tests.architecture.sources import ROOT

KEYWORDS = DEFAULT_KEYWORDS | {
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
SOURCES = {
    "casework": [("**.py", "python")],
    "templates": [("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.svg", "jinja2")],
}
OPTIONS = {"**": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "silent": "false"}}
PLACEHOLDER = re.compile(r"%\((\w+)\)[-#0 +]*\d*(?:\.\d+)?([a-zA-Z])|(%[sdif])|\{(\w*)\}")

Key = tuple[str | None, str]
"""Context and msgid (of a plural: the singular)."""


@cache
def in_the_source() -> dict[Key, tuple[str, str | None]]:
    """Every string to translate: where it stands, and its plural."""
    found: dict[Key, tuple[str, str | None]] = {}
    for folder, methods in SOURCES.items():
        for file, line, message, _comments, context in extract_from_dir(
            str(ROOT / folder), method_map=methods, options_map=OPTIONS, keywords=KEYWORDS
        ):
            msgid, plural = (
                (message[0], message[1]) if isinstance(message, tuple) else (message, None)
            )
            found.setdefault((context, msgid), (f"{folder}/{file}:{line}", plural))
    return found


@cache
def indonesian() -> Merged:
    return merge("id")


def in_the_catalogue() -> dict[Key, list[str]]:
    merged = indonesian()
    return {
        (message.context, msgid_of(message)): merged.files[msgid_of(message)]
        for message in merged.catalog
        if message.id
    }


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def test_every_string_has_its_indonesian() -> None:
    missing = sorted(
        f"{place}: {key[1]!r}"
        for key, (place, _plural) in in_the_source().items()
        if key not in in_the_catalogue()
    )
    assert not missing, "add to casework/translations/id/<feature>.po:\n" + "\n".join(missing)


def test_every_plural_has_its_indonesian_form() -> None:
    merged = indonesian().catalog
    wrong = [
        f"{place}: {msgid!r}: expected msgid_plural {plural!r}"
        for (context, msgid), (place, plural) in in_the_source().items()
        if (message := merged.get(msgid, context)) is not None
        and (None if isinstance(message.id, str) else message.id[1]) != plural
    ]
    assert not wrong, "make msgid_plural in the .po equal to the source:\n" + "\n".join(wrong)


def test_no_translation_is_left_behind() -> None:
    unused = sorted(
        f"casework/translations/id/{file}: {key[1]!r}"
        for key, files in in_the_catalogue().items()
        if key not in in_the_source()
        for file in files
    )
    assert not unused, "no screen says this any more, take it out:\n" + "\n".join(unused)


def test_no_translation_is_fuzzy_empty_or_given_twice_differently() -> None:
    assert not indonesian().problems, "\n".join(indonesian().problems)


def test_translations_carry_the_same_placeholders() -> None:
    wrong = []
    for message in indonesian().catalog:
        if not message.id:
            continue
        # A singular may spell its number out; Indonesian has one form, for any number.
        original = message.id if isinstance(message.id, str) else message.id[1]
        for text in texts_of(message):
            if placeholders(text) != placeholders(original):
                wrong.append(f"{original!r} -> {text!r}")
    assert not wrong, "give both the same placeholders:\n" + "\n".join(wrong)


HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ('msgid "Group"\nmsgstr "Kelompok"\n', 'msgid "Group"\nmsgstr "Grup"\n', "agree on one"),
        ('#, fuzzy\nmsgid "Group"\nmsgstr "Kelompok"\n', "", "is fuzzy"),
        ('msgid "Group"\nmsgstr ""\n', "", "has no translation"),
        ('msgid "Group\n', "", "cannot be read"),
    ],
)
def test_a_doubtful_catalogue_is_not_compiled(
    tmp_path: Path, one: str, other: str, reason: str
) -> None:
    (tmp_path / "id").mkdir()
    (tmp_path / "id" / "a.po").write_text(HEADER + one, encoding="utf-8")
    (tmp_path / "id" / "b.po").write_text(HEADER + other, encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        compile_all(tmp_path)
    assert not list(tmp_path.rglob("*.mo"))


def test_catalogues_of_features_are_compiled_into_one(tmp_path: Path) -> None:
    (tmp_path / "id").mkdir()
    group = 'msgid "Group"\nmsgstr "Kelompok"\n'
    meeting = '\nmsgid "Meeting"\nmsgstr "Pertemuan"\n'
    (tmp_path / "id" / "a.po").write_text(HEADER + group, encoding="utf-8")
    (tmp_path / "id" / "b.po").write_text(HEADER + group + meeting, encoding="utf-8")
    assert compile_all(tmp_path) == 2
    assert b"Pertemuan" in (tmp_path / "id" / "LC_MESSAGES" / "messages.mo").read_bytes()
