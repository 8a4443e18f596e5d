"""What the pages of a sheet show, worked out here so that the templates only print.

A sheet has thirty rows and each is printed on a cheap phone's time: a row is a plain mapping
of finished text.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from casework.curriculum.rules import Lesson, catalogue, next_lesson
from casework.meetings.forms import Row, Sheet, register_field
from casework.meetings.labels import PRESENCES, UNDERSTANDINGS
from casework.meetings.queries.register import Line, Register
from casework.meetings.rules import MeetingStatus, Presence, totals
from casework.web.locale import moment

#: Rows without a mark that the error summary names; the others carry their own red bar.
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Address:
    """Where a sheet is sent, and where its way back leads."""

    action: str
    back: str
    #: The day of a meeting that exists: its id is made from it.
    fixed_day: date | None = None


def conflict_notice(name: str | None, at: datetime) -> str:
    return _(
        "%(name)s changed this register on %(moment)s. What you entered is not lost. "
        "Compare, then save.",
        name=name or "–",
        moment=moment(at),
    )


def sheet_page(
    found: Register, sheet: Sheet, address: Address, past: Sequence[Any], *, conflict: str = ""
) -> ResponseReturnValue:
    """The sheet itself. Status 409 beside what somebody else saved, 422 with errors, or 200."""
    numbers = {line.household_id: number for number, line in enumerate(found.lines, 1)}
    errors = _summary(sheet, found.lines, numbers)
    held = [each.lesson_mask for each in past if each.status is MeetingStatus.SENT]
    suggested = next_lesson(held)
    on_top = {
        *sheet.lessons,
        *([suggested.running_no] if suggested and not address.fixed_day else []),
    }
    page = render_template(
        "meetings/sheet.html",
        address=address,
        group=found.group,
        meeting=found.meeting,
        meeting_day=found.held_on,
        sheet=sheet,
        errors=errors,
        field_errors={key: messages for key, messages in sheet.errors.items() if key},
        conflict=conflict,
        lessons=[_lesson(each, sheet) for each in catalogue().lessons if each.running_no in on_top],
        suggested=suggested.running_no if suggested else None,
        modules=_modules(sheet, on_top, set(_taught(held))),
        lessons_open=not on_top or bool(sheet.topic) or "topic" in sheet.errors,
        details_open=not {"starts_at", "ends_at", "place"}.isdisjoint(sheet.errors),
        rows=[
            _row(numbers[line.household_id], line, sheet, compare=bool(conflict))
            for line in found.lines
        ],
        register=register_field(numbers),
        marked=len(sheet.marks),
        bulk=_dotted(numbers, (row for row in sheet.rows.values() if row.is_bulk)),
        filled=_dotted(numbers, (row for row in sheet.rows.values() if row.is_filled)),
        presences=[
            (presence.value, str(words))
            for presence, words in PRESENCES.items()
            if presence is not Presence.NOT_MARKED
        ],
        grasps=[("", _("Understanding?")), *((u.value, str(w)) for u, w in UNDERSTANDINGS.items())],
        is_sent=found.meeting is not None and found.meeting.status is MeetingStatus.SENT,
    )
    if conflict:
        return page, 409
    return page, 422 if errors else 200


def check_page(found: Register, sheet: Sheet, address: Address) -> ResponseReturnValue:
    """What will be saved, in figures and names, before it is."""
    figures = totals(sheet.marks.values())
    names = {line.household_id: line.name for line in found.lines}
    return render_template(
        "meetings/check.html",
        address=address,
        group=found.group,
        sheet=sheet,
        figures=figures,
        hidden=list(_hidden(sheet, list(names))),
        lessons=lesson_names(sheet.lessons, sheet.topic),
        away=[
            {"name": names[key], "why": str(PRESENCES[mark.presence]), "note": mark.note}
            for key, mark in sorted(sheet.marks.items(), key=lambda each: names[each[0]].casefold())
            if mark.presence is not Presence.PRESENT
        ],
        is_correction=found.meeting is not None and found.meeting.status is MeetingStatus.SENT,
    )


def lesson_names(numbers: Sequence[int], topic: str = "") -> list[str]:
    """The lessons of a meeting in words, the free topic last."""
    lessons = catalogue().lessons
    names = [_title(lessons[number - 1]) for number in sorted(numbers)]
    return [*names, topic] if topic else names


def _title(lesson: Lesson) -> str:
    name = lesson.name(str(get_locale()))
    return _("Lesson %(number)s: %(name)s", number=lesson.running_no, name=name)


def _lesson(lesson: Lesson, sheet: Sheet) -> dict[str, Any]:
    return {
        "number": lesson.running_no,
        "title": _title(lesson),
        "chosen": lesson.running_no in sheet.lessons,
    }


def _taught(masks: Sequence[int]) -> Iterator[int]:
    lessons = catalogue().lessons
    return (each.running_no for each in lessons if any(mask & each.bit for mask in masks))


def _modules(sheet: Sheet, on_top: set[int], taught: set[int]) -> list[dict[str, Any]]:
    """The lessons to choose from, by module, without those that stand on top."""
    locale = str(get_locale())
    return [
        {
            "name": module.name(locale),
            "lessons": [
                {**_lesson(each, sheet), "taught": each.running_no in taught}
                for each in module.lessons
                if each.running_no not in on_top
            ],
        }
        for module in catalogue().modules
        if module.lessons
    ]


def _row(number: int, line: Line, sheet: Sheet, *, compare: bool) -> dict[str, Any]:
    row = sheet.rows.get(line.household_id) or Row(line.household_id)
    meta = ""
    if compare and line.mark and line.mark != row.mark:
        meta = _("Saved now: %(mark)s", mark=PRESENCES[line.mark.presence])
    elif row.is_bulk:
        meta = _("marked all at once")
    errors = sheet.errors.get(str(line.household_id), ())
    return {
        "key": number,
        "name": line.name,
        "meta": meta,
        "is_blank": row == Row(line.household_id) and not meta and not errors,
        "presence": row.presence.value if row.presence else "",
        "grasp": row.understanding.value if row.understanding else "",
        "note": row.note,
        "errors": errors,
    }


def _summary(
    sheet: Sheet, lines: Sequence[Line], numbers: Mapping[uuid.UUID, int]
) -> dict[str, list[str]]:
    """The error summary: element id -> messages, the whole form's first, then the rows' names."""
    found = {"": [str(message) for message in sheet.errors.get("", ())]}
    bad = [line for line in lines if str(line.household_id) in sheet.errors]
    households = {str(line.household_id) for line in lines}
    for name, messages in sheet.errors.items():
        if name and name not in households:
            found[name] = [str(message) for message in messages]
    for line in bad[:_NAMED]:
        # The first message says what is missing; a name is enough to find the row.
        why = "" if sheet.rows[line.household_id].presence is None else _why(sheet, line)
        found[f"m{numbers[line.household_id]}"] = [f"{line.name}{why}"]
    if len(bad) > _NAMED:
        number = len(bad) - _NAMED
        rest = ngettext("and %(num)s more family", "and %(num)s more families", number)
        found[f"m{numbers[bad[_NAMED].household_id]}"] = [rest]
    return {name: messages for name, messages in found.items() if messages}


def _why(sheet: Sheet, line: Line) -> str:
    return f": {sheet.errors[str(line.household_id)][0]}"


def _dotted(numbers: Mapping[uuid.UUID, int], rows: Iterator[Row]) -> str:
    return ".".join(str(numbers[row.household_id]) for row in rows if row.household_id in numbers)


def _hidden(sheet: Sheet, households: Sequence[uuid.UUID]) -> Iterator[tuple[str, str]]:
    """The whole sheet as hidden fields: the check page carries it on."""
    numbers = {household_id: number for number, household_id in enumerate(households, 1)}
    yield "held_on", sheet.held_on.isoformat() if sheet.held_on else ""
    yield from (("lesson", str(number)) for number in sheet.lessons)
    yield "topic", sheet.topic
    yield "starts_at", _clock(sheet.starts_at)
    yield "ends_at", _clock(sheet.ends_at)
    yield "place", sheet.place
    yield "base_version", str(sheet.base_version)
    yield "register", register_field(households)
    yield "bulk", _dotted(numbers, (row for row in sheet.rows.values() if row.is_bulk))
    yield "filled", _dotted(numbers, (row for row in sheet.rows.values() if row.is_filled))
    for household_id, number in numbers.items():
        row = sheet.rows[household_id]
        yield f"p{number}", row.presence.value if row.presence else ""
        if row.understanding:
            yield f"u{number}", row.understanding.value
        if row.note:
            yield f"n{number}", row.note


def _clock(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""
