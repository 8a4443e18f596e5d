"""Shape of the bodies of commands: strictly typed, every key named, nothing else taken."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time
from types import MappingProxyType
from typing import Any, TypeVar

from flask_babel import lazy_gettext

from casework.core.errors import Invalid
from casework.core.ids import from_short_id
from casework.core.money import MOST_RUPIAH
from casework.core.personal_numbers import without_personal_numbers
from casework.core.typed import one_line
from casework.curriculum.rules import to_mask
from casework.economics.actions import Seen
from casework.economics.rules import BorrowsFrom
from casework.households.rules import PROGRAMME_BEGAN
from casework.meetings.rules import (
    Head,
    Mark,
    MarkedHow,
    Presence,
    Understanding,
    settle,
)
from casework.offline.actions import Answers, Body, Observed, RegisterSaid
from casework.offline.rules import MOST, Kind, identifier

#: Far more than any group has.
_MOST_MARKS = 100
#: More than the curriculum has.
_MOST_LESSONS = 40
_NOTE = 500
_SEALED_NOTE = "n"
_LETTERS = {"b", "f", _SEALED_NOTE}
_NO_NOTES: Mapping[str, Any] = MappingProxyType({})


def read_plain(kind: Kind, body: Mapping[str, Any]) -> Body:
    """Raises: Invalid."""
    return _READERS[kind](body)


def register_said(
    body: Mapping[str, Any], notes: Mapping[str, Any] | None = _NO_NOTES
) -> RegisterSaid:
    """Keys group, held_on, base_version, head (or null: nothing said of the meeting itself) and
    marks. `notes`: those that were sealed, of the families whose mark says so; None where they
    do not open. Raises: Invalid."""
    given = Reader(body, "group", "held_on", "base_version", "head", "marks")
    marks = given.take("marks", dict)
    if len(marks) > _MOST_MARKS:
        raise broken("marks")
    families = _read("marks", lambda: {key: from_short_id(key) for key in marks})
    found = {key: _mark(mark) for key, mark in marks.items()}
    sealed = {key for key, mark in marks.items() if _SEALED_NOTE in mark[2]}
    if notes is not None:
        if notes.keys() != sealed or not all(isinstance(note, str) for note in notes.values()):
            raise broken("notes")
        found |= {key: replace(found[key], note=kept_words(note)) for key, note in notes.items()}
    not_known = {key for key, mark in marks.items() if mark[3] is None} - (notes or {}).keys()
    return RegisterSaid(
        group_id=given.id("group"),
        held_on=given.day("held_on"),
        base_version=given.number("base_version", MOST),
        head=_head(given.maybe("head", dict)),
        marks={families[key]: mark for key, mark in found.items()},
        keeps_note=frozenset(families[key] for key in not_known),
        closed_notes=len(sealed) if notes is None else 0,
    )


def observed(body: Mapping[str, Any]) -> Observed:
    """Keys household and those of `economics.actions.Seen`; null: not asked. Raises: Invalid."""
    given = Reader(
        body, "household", "observed_on", "keeps_budget", "saves_per_month", "savings_total",
        "uses_bank_account", "borrows_from", "income_per_month", "note",
    )  # fmt: skip
    lender = given.maybe("borrows_from", str)
    return Observed(
        given.id("household"),
        Seen(
            observed_on=given.day("observed_on", PROGRAMME_BEGAN),
            keeps_budget=given.maybe("keeps_budget", bool),
            saves_per_month=given.rupiah("saves_per_month"),
            savings_total=given.rupiah("savings_total"),
            uses_bank_account=given.maybe("uses_bank_account", bool),
            borrows_from=_read(
                "borrows_from", lambda: None if lender is None else BorrowsFrom(lender)
            ),
            income_per_month=given.rupiah("income_per_month"),
            note=given.text("note", _NOTE),
        ),
    )


def answers(body: Mapping[str, Any]) -> Answers:
    """Keys household, answered_on and answers, which are true or false by question.

    Raises: Invalid.
    """
    given = Reader(body, "household", "answered_on", "answers")
    said = given.take("answers", dict)
    if not all(type(value) is bool for value in said.values()):
        raise broken("answers")
    return Answers(given.id("household"), given.day("answered_on", PROGRAMME_BEGAN), said)


_READERS: Mapping[Kind, Callable[[Mapping[str, Any]], Body]] = {
    Kind.ATTENDANCE: register_said,
    Kind.OBSERVATION: observed,
    Kind.READINESS: answers,
}


def _head(head: Mapping[str, Any] | None) -> Head | None:
    if head is None:
        return None
    given = Reader(head, "lessons", "topic", "starts_at", "ends_at", "place")
    lessons = given.take("lessons", list)
    if len(lessons) > _MOST_LESSONS or not all(type(each) is int for each in lessons):
        raise broken("lessons")
    return Head(
        lesson_mask=_read("lessons", lambda: to_mask(lessons)),
        topic=given.text("topic", MOST),
        starts_at=given.time("starts_at"),
        ends_at=given.time("ends_at"),
        place=given.text("place", MOST),
    )


def _mark(mark: object) -> Mark:
    """[presence, understanding or null, letters, note or null]; of the letters, b means that it
    was marked with the rest, f that the understanding was filled in with the others', and n that
    its note is among those that were sealed. A note of null is one that the phone does not
    know."""
    if not isinstance(mark, list) or len(mark) != 4:
        raise broken("marks")
    presence, understanding, how, note = mark
    if not (isinstance(how, str) and isinstance(note, str | None) and set(how) <= _LETTERS):
        raise broken("marks")
    if _SEALED_NOTE in how and note is not None:
        raise broken("marks")
    found = _read("marks", lambda: Presence(presence))
    grasp = _read("marks", lambda: None if understanding is None else Understanding(understanding))
    is_chosen = found is Presence.PRESENT and grasp is not None
    return _read(
        "marks",
        lambda: Mark(
            found,
            settle(found, grasp),
            kept_words(note or ""),
            MarkedHow.BULK if "b" in how else MarkedHow.SINGLE,
            (MarkedHow.BULK if "f" in how else MarkedHow.SINGLE) if is_chosen else None,
        ),
    )


_Value = TypeVar("_Value")


class Reader:
    """Takes values out of a body, each by its name and type."""

    def __init__(self, body: object, *names: str) -> None:
        if not isinstance(body, dict) or set(body) != set(names):
            raise broken("")
        self._body = body

    def take(self, name: str, of_type: type[_Value]) -> _Value:
        value = self._body[name]
        # For Python, True is a number.
        if type(value) is not of_type:
            raise broken(name)
        return value

    def maybe(self, name: str, of_type: type[_Value]) -> _Value | None:
        return None if self._body[name] is None else self.take(name, of_type)

    def id(self, name: str) -> uuid.UUID:
        return _read(name, lambda: identifier(self.take(name, str)))

    def day(self, name: str, earliest: date = date.min) -> date:
        day = _read(name, lambda: date.fromisoformat(self.take(name, str)))
        if day < earliest:
            raise Invalid.field(name, lazy_gettext("This date is too long ago. Check the year."))
        return day

    def time(self, name: str) -> time | None:
        text = self.maybe(name, str)
        found = _read(name, lambda: None if text is None else time.fromisoformat(text))
        return found.replace(second=0, microsecond=0, tzinfo=None) if found else None

    def number(self, name: str, most: int) -> int:
        number = self.take(name, int)
        if not 0 <= number <= most:
            raise broken(name)
        return number

    def rupiah(self, name: str) -> int | None:
        """As it was typed, also where the page with signal would ask whether it is right
        (`economics.rules.doubts`): the phone has no copy that could be put right, and nobody is
        there to answer. What was wrong is mended by one more observation."""
        if self._body[name] is None:
            return None
        amount = self.number(name, MOST)
        if amount > MOST_RUPIAH:
            raise Invalid.field(name, lazy_gettext("This amount is too large. Check the zeros."))
        return amount

    def text(self, name: str, most: int) -> str:
        text = kept_words(self.take(name, str))
        if len(text) > most:
            raise Invalid.field(
                name, lazy_gettext("Write at most %(length)s characters.", length=most)
            )
        return text


def kept_words(text: str) -> str:
    """What somebody wrote on a phone, as it is kept: all that comes from there passes here.

    A page refuses the NIK or No KK of a person in it. What the phone has sealed nobody can open
    there and mend, so it is taken without the number (docs/decisions/0013).
    """
    return without_personal_numbers(one_line(text))


def _read(name: str, read: Callable[[], _Value]) -> _Value:
    try:
        return read()
    except ValueError as error:
        raise broken(name) from error


def broken(name: str) -> Invalid:
    """The program's fault and not the person's, who can only tell us."""
    return Invalid.field(
        name, lazy_gettext("This data cannot be read here. Update the app, then tell us.")
    )
