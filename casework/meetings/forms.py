"""The sheet of a meeting as a form: read from what a browser sends, whatever that is.

Thirty rows of a form library cost more than all the rest of a save, so the fields are read by
hand. A row is known by its number on the page; the hidden field `register` says which
households the numbers stand for, so that the form carries itself from page to page without
JavaScript. Field names: p = presence, u = understanding, n = note, each with the row's number.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from casework.core.ids import from_short_id, short_id
from casework.core.personal_numbers import has_personal_number
from casework.core.typed import one_line
from casework.curriculum.rules import from_mask, lesson
from casework.meetings.queries.register import Register
from casework.meetings.rules import (
    NOTE_LENGTH,
    Mark,
    MarkedHow,
    MeetingStatus,
    Presence,
    Understanding,
    settle,
)
from casework.web.fields import NUMBER_IN_WORDS

#: Far more than any group has; beyond it somebody is playing.
_MOST_ROWS = 200
#: What "fill in the empty ones" means.
_FILLED_WITH = Understanding.GOOD

_PRESENCES = {each.value: each for each in Presence if each is not Presence.NOT_MARKED}
_UNDERSTANDINGS = {each.value: each for each in Understanding}


@dataclass(slots=True)
class Row:
    """One household on the sheet, as far as it is filled in."""

    household_id: uuid.UUID
    presence: Presence | None = None
    understanding: Understanding | None = None
    note: str = ""
    #: Marked by "the rest present", and not changed since.
    is_bulk: bool = False
    #: Understanding filled in with the other empty ones, and not changed since.
    is_filled: bool = False

    @property
    def mark(self) -> Mark | None:
        if self.presence is None:
            return None
        understanding = settle(self.presence, self.understanding)
        chosen = understanding is not None and self.presence is Presence.PRESENT
        return Mark(
            self.presence,
            understanding,
            self.note,
            MarkedHow.BULK if self.is_bulk else MarkedHow.SINGLE,
            (MarkedHow.BULK if self.is_filled else MarkedHow.SINGLE) if chosen else None,
        )

    def clear(self) -> None:
        self.presence = self.understanding = None
        self.note, self.is_bulk, self.is_filled = "", False, False

    @classmethod
    def of(cls, household_id: uuid.UUID, mark: Mark | None) -> Row:
        if mark is None:
            return cls(household_id)
        return cls(
            household_id,
            mark.presence,
            mark.understanding,
            mark.note,
            mark.marked_how is MarkedHow.BULK,
            mark.assessed_how is MarkedHow.BULK,
        )


@dataclass(slots=True)
class Sheet:
    """What the person has entered so far; `errors` by name of the field, or by household id."""

    held_on: date | None
    lessons: list[int] = field(default_factory=list)
    topic: str = ""
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    base_version: int = 0
    rows: dict[uuid.UUID, Row] = field(default_factory=dict)
    errors: dict[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, register: Register) -> Sheet:
        """The sheet of a register as it stands, to go on with or to correct."""
        saved, marks = register.meeting, register.marks
        rows = {
            line.household_id: Row.of(line.household_id, marks.get(line.household_id))
            for line in register.lines
        }
        if saved is None or register.is_called_off:
            return cls(
                register.held_on,
                place=register.group.meeting_place,
                base_version=saved.version if saved else 0,
                rows=rows,
            )
        return cls(
            held_on=register.held_on,
            lessons=[each.running_no for each in from_mask(saved.head.lesson_mask)],
            topic=saved.head.topic,
            starts_at=saved.head.starts_at,
            ends_at=saved.head.ends_at,
            place=saved.head.place,
            base_version=saved.version,
            rows=rows,
        )

    @property
    def marks(self) -> dict[uuid.UUID, Mark]:
        return {key: mark for key, row in self.rows.items() if (mark := row.mark)}

    def as_arguments(self, status: MeetingStatus) -> dict[str, Any]:
        """What `actions.record_meeting` takes."""
        return {
            "held_on": self.held_on,
            "lessons": self.lessons,
            "topic": self.topic,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "place": self.place,
            "marks": self.marks,
            "status": status,
        }

    def mark_the_rest_present(self) -> None:
        for row in self.rows.values():
            if row.presence is None:
                row.presence, row.is_bulk = Presence.PRESENT, True

    def fill_understanding(self) -> None:
        for row in self.rows.values():
            if row.presence is Presence.PRESENT and row.understanding is None:
                row.understanding, row.is_filled = _FILLED_WITH, True

    def align(self, register: Register) -> int:
        """Take on the households of a register, keeping what was entered for those in it.

        Gives the number of marked households that are not in it and so fall off the sheet.
        """
        registered = {line.household_id for line in register.lines}
        dropped = sum(key not in registered for key in self.marks)
        self.rows = {key: self.rows.get(key) or Row(key) for key in registered}
        return dropped

    def complain(self, name: str, message: Any) -> None:
        self.errors.setdefault(name, []).append(message)


def register_field(household_ids: Iterable[uuid.UUID]) -> str:
    """The households of the sheet in the order of their row numbers; 22 letters each."""
    return ".".join(map(short_id, household_ids))


def read(form: MultiDict[str, str]) -> Sheet:
    """A sheet from anything a browser sends. What cannot be read is an error on the sheet."""
    sheet = Sheet(held_on=None)
    _read_head(form, sheet)
    try:
        households = _households(form.get("register", ""))
    except ValueError:
        sheet.complain("", lazy_gettext("The sheet could not be read. Open it again."))
        return sheet
    bulk, filled = _numbers(form.get("bulk", "")), _numbers(form.get("filled", ""))
    for number, household_id in enumerate(households, 1):
        if household_id not in sheet.rows:
            row = _read_row(form, number, household_id, sheet)
            row.is_bulk = number in bulk and row.presence is Presence.PRESENT
            row.is_filled = number in filled and row.understanding is _FILLED_WITH
            sheet.rows[household_id] = row
    return sheet


#: Chosen where somebody has to be asked first.
ASK = "ask"


@dataclass(slots=True)
class Settling:
    """What is chosen where devices differ: the claim that is right, for families and for the
    meeting itself. Field names: f and the family's short id, and `head`."""

    base_version: int | None = None
    families: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    head: uuid.UUID | None = None
    #: Something is left for now by choice, not by forgetting it.
    asks: bool = False
    errors: dict[str, list[Any]] = field(default_factory=dict)


def read_settling(form: MultiDict[str, str]) -> Settling:
    """From anything a browser sends; what cannot be read is chosen for nothing."""
    given = Settling(_number(form.get("base_version", "0")))
    for name, value in form.items():
        try:
            if name == "head":
                given.head = None if value == ASK else from_short_id(value)
            elif name.startswith("f"):
                family = from_short_id(name[1:])
                if value != ASK:
                    given.families[family] = from_short_id(value)
            given.asks = given.asks or value == ASK
        except ValueError:
            given.errors.setdefault("", [lazy_gettext("Choose one of the answers.")])
    return given


def _read_head(form: MultiDict[str, str], sheet: Sheet) -> None:
    try:
        sheet.held_on = date.fromisoformat(form.get("held_on", ""))
    except ValueError:
        sheet.complain("held_on", lazy_gettext("Choose the date of the meeting."))
    for name in ("starts_at", "ends_at"):
        text = form.get(name, "").strip()
        try:
            setattr(sheet, name, _time(text) if text else None)
        except ValueError:
            sheet.complain(name, lazy_gettext("Write the time as 09:00."))
    for text in form.getlist("lesson"):
        number = _number(text)
        if lesson(number) is None:
            sheet.complain("lessons", lazy_gettext("Choose lessons from the list."))
        elif number not in sheet.lessons:
            sheet.lessons.append(number)
    sheet.topic = one_line(form.get("topic", ""))
    sheet.place = one_line(form.get("place", ""))
    sheet.base_version = _number(form.get("base_version", "0"))


def _read_row(form: MultiDict[str, str], number: int, household_id: uuid.UUID, sheet: Sheet) -> Row:
    presence = form.get(f"p{number}", "")
    understanding = form.get(f"u{number}", "")
    note = one_line(form.get(f"n{number}", ""))
    row = Row(
        household_id,
        _PRESENCES.get(presence),
        _UNDERSTANDINGS.get(understanding),
        note,
    )
    if (presence and row.presence is None) or (understanding and row.understanding is None):
        sheet.complain(str(household_id), lazy_gettext("Choose one of the answers."))
    if len(note) > NOTE_LENGTH:
        sheet.complain(
            str(household_id),
            lazy_gettext("Write at most %(length)s characters.", length=NOTE_LENGTH),
        )
    if has_personal_number(note):
        sheet.complain(str(household_id), NUMBER_IN_WORDS)
    return row


def _households(text: str) -> list[uuid.UUID]:
    parts = text.split(".") if text else []
    if len(parts) > _MOST_ROWS:
        raise ValueError("too many rows")
    return [from_short_id(part) for part in parts]


def _time(text: str) -> time:
    """09:00, as browsers send it, or 09.00, as people write it."""
    moment = time.fromisoformat(text.replace(".", ":"))
    return moment.replace(second=0, microsecond=0, tzinfo=None)


def _numbers(text: str) -> set[int]:
    return {_number(part) for part in text.split(".")}


def _number(text: str) -> int:
    """A small whole number; 0 for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
