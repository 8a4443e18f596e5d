"""What the pages of a sheet show, worked out here so that the templates only print.

A sheet has thirty rows and each is printed on a cheap phone's time: a row is a plain mapping
of finished text.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from jinja2 import Template
from markupsafe import Markup, escape

from casework.core import clock
from casework.curriculum.rules import catalogue, next_lesson
from casework.meetings.forms import Row, Sheet, register_field
from casework.meetings.labels import PRESENCES, UNDERSTANDINGS
from casework.meetings.queries.register import Line, Register
from casework.meetings.rules import MeetingStatus, Presence
from casework.meetings.views.called_off import told_of
from casework.meetings.views.differing import what_differs
from casework.web.locale import moment
from casework.web.login import current_actor

#: Meetings whose versions the page of a new one knows: what was begun on the phone is of one of the
#: last, and is left alone once that stands otherwise.
_KNOWN = 12

#: Rows without a mark that the error summary names; the others carry their own red bar.
_NAMED = 6

_ROW = "components/attendance_row.html"
_CHOICE = "components/lesson_choice.html"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a sheet is sent, and where its way back leads."""

    action: str
    back: str
    #: The day of a meeting that exists: its id is made from it.
    fixed_day: date | None = None


@dataclass(frozen=True, slots=True)
class KeptOnPhone:
    """Where a phone keeps what is tapped on a sheet, and where it goes on without signal."""

    place: uuid.UUID
    without: str = ""

    @classmethod
    def of(cls, found: Register, address: Address) -> KeptOnPhone:
        """What is new and the draft of today go by their group, as on the phone without signal;
        any other day that is fixed stays apart from them."""
        meeting, group_id = found.meeting, found.group.id
        is_draft = meeting is not None and meeting.status is MeetingStatus.DRAFT
        is_of_today = found.held_on == clock.today(current_actor().time_zone)
        if address.fixed_day and meeting and not (is_draft and is_of_today):
            return cls(meeting.id)
        return cls(group_id, url_for("meetings.new", group_id=group_id))


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
    told = what_differs(found)
    errors = _summary(sheet, found.lines, numbers)
    held = [each.lesson_mask for each in past if each.status is MeetingStatus.SENT]
    suggested = next_lesson(held)
    is_new = not address.fixed_day or found.is_called_off
    on_top = {*sheet.lessons, *([suggested.running_no] if suggested and is_new else [])}
    locale = str(get_locale())
    page = render_template(
        "meetings/sheet.html",
        address=address,
        group=found.group,
        meeting=found.meeting,
        meeting_day=found.held_on,
        kept=KeptOnPhone.of(found, address),
        stands={each.held_on.isoformat(): each.version for each in past[:_KNOWN]},
        sheet=sheet,
        errors=errors,
        field_errors={key: messages for key, messages in sheet.errors.items() if key},
        conflict=conflict,
        called_off=told_of(found),
        lessons=[
            (number, title, number in sheet.lessons)
            for number, title in enumerate(_titles(locale), 1)
            if number in on_top
        ],
        is_new=is_new,
        suggested=suggested.running_no if suggested else None,
        modules=_modules(locale, on_top, held),
        lessons_open=not on_top or bool(sheet.topic) or "topic" in sheet.errors,
        details_open=not {"starts_at", "ends_at", "place"}.isdisjoint(sheet.errors),
        rows=_rows(
            found,
            sheet,
            locale,
            told.families,
            compare=bool(conflict) and not found.is_called_off,
        ),
        differing=told.notice,
        register=register_field(numbers),
        marked=len(sheet.marks),
        bulk=dotted(numbers, (row for row in sheet.rows.values() if row.is_bulk)),
        filled=dotted(numbers, (row for row in sheet.rows.values() if row.is_filled)),
        presences=_presences(locale),
        grasps=_grasps(locale),
        is_sent=found.meeting is not None and found.meeting.status is MeetingStatus.SENT,
    )
    if conflict:
        return page, 409
    return page, 422 if errors else 200


def lesson_names(numbers: Sequence[int], topic: str = "") -> list[str]:
    """The lessons of a meeting in words, the free topic last."""
    titles = _titles(str(get_locale()))
    names = [titles[number - 1] for number in sorted(numbers)]
    return [*names, topic] if topic else names


@cache
def _presences(locale: str) -> tuple[tuple[str, str], ...]:
    """Value and words; `locale` is the reader's, here and below."""
    return tuple(
        (presence.value, str(words))
        for presence, words in PRESENCES.items()
        if presence is not Presence.NOT_MARKED
    )


@cache
def _grasps(locale: str) -> tuple[tuple[str, str], ...]:
    return (("", _("Understanding?")), *((u.value, str(w)) for u, w in UNDERSTANDINGS.items()))


@cache
def _titles(locale: str) -> tuple[str, ...]:
    """The lessons in words, by running number."""
    return tuple(
        _("Lesson %(number)s: %(name)s", number=each.running_no, name=each.name(locale))
        for each in catalogue().lessons
    )


@lru_cache(maxsize=8)
def _choices(template: Template, locale: str) -> tuple[tuple[str, str], ...]:
    """Each lesson as one to choose, for groups that have not had it and for those that have."""
    module: Any = template.module
    before = _("held before")
    return tuple(
        (
            str(module.lesson_choice(number, title)),
            str(module.lesson_choice(number, title, note=before)),
        )
        for number, title in enumerate(_titles(locale), 1)
    )


def _modules(locale: str, on_top: set[int], held: Sequence[int]) -> list[tuple[str, Markup]]:
    """The lessons to choose from, by module, without those that stand on top; `held` are the
    masks of what the group has had. None of them is chosen, or it would stand on top."""
    choices = _choices(current_app.jinja_env.get_template(_CHOICE), locale)
    had = reduce(or_, held, 0)
    return [
        (
            module.name(locale),
            Markup("\n").join(
                Markup(choices[each.running_no - 1][bool(had & each.bit)])  # noqa: S704
                for each in module.lessons
                if each.running_no not in on_top
            ),
        )
        for module in catalogue().modules
        if module.lessons
    ]


def _rows(
    found: Register,
    sheet: Sheet,
    locale: str,
    differing: Mapping[uuid.UUID, str],
    *,
    compare: bool,
) -> list[Any]:
    """Of a row where nothing is marked its finished markup, of others what goes into it."""
    before, after = _blank_row(current_app.jinja_env.get_template(_ROW), locale)
    rows: list[Any] = []
    for number, line in enumerate(found.lines, 1):
        key = str(number)
        rows.append(
            _row(number, line, sheet, differing.get(line.household_id, ""), compare=compare)
            or Markup(f"{key.join(before)}{escape(line.name)}{key.join(after)}")  # noqa: S704
        )
    return rows


@lru_cache(maxsize=8)
def _blank_row(template: Template, locale: str) -> tuple[list[str], list[str]]:
    """Rows of a new sheet differ in number and name only: the rest is the same for everybody
    who reads this language. What stands before the name and after it, cut at each number."""
    module: Any = template.module
    row = module.attendance_row("@key@", "@name@", "", _presences(locale), "", _grasps(locale))
    before, after = str(row).split("@name@")
    return before.split("@key@"), after.split("@key@")


def _row(
    number: int, line: Line, sheet: Sheet, meta: str, *, compare: bool
) -> dict[str, Any] | None:
    """None where nothing is marked and nothing is to be said. `meta` is what differs."""
    row = sheet.rows.get(line.household_id) or Row(line.household_id)
    if compare and line.mark and line.mark != row.mark:
        meta = _("Saved now: %(mark)s", mark=PRESENCES[line.mark.presence])
    elif row.is_bulk:
        meta = _("marked all at once")
    errors = sheet.errors.get(str(line.household_id), ()) if sheet.errors else ()
    if not (row.presence or row.understanding or row.note or meta or errors):
        return None
    return {
        "key": number,
        "name": line.name,
        "meta": meta,
        "presence": row.presence.value if row.presence else "",
        "grasp": row.understanding.value if row.understanding else "",
        "note": row.note,
        "errors": errors,
    }


def _summary(
    sheet: Sheet, lines: Sequence[Line], numbers: Mapping[uuid.UUID, int]
) -> dict[str, list[str]]:
    """The error summary: element id -> messages, the whole form's first, then the rows' names."""
    if not sheet.errors:
        return {}
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


def dotted(numbers: Mapping[uuid.UUID, int], rows: Iterator[Row]) -> str:
    return ".".join(str(numbers[row.household_id]) for row in rows if row.household_id in numbers)
