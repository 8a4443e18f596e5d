"""The page that says what will be saved, before it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from casework.core.ids import meeting_id
from casework.meetings.forms import Sheet, register_field
from casework.meetings.labels import PRESENCES
from casework.meetings.queries.register import Register
from casework.meetings.rules import MeetingStatus, Presence, others_of_month, totals
from casework.meetings.views.pages import Address, KeptOnPhone, dotted, lesson_names


def check_page(
    found: Register, sheet: Sheet, address: Address, past: Sequence[Any]
) -> ResponseReturnValue:
    """What will be saved, in figures and names. `past`: meetings of the group."""
    figures = totals(sheet.marks.values())
    names = {line.household_id: line.name for line in found.lines}
    return render_template(
        "meetings/check.html",
        address=address,
        kept=KeptOnPhone.of(found, address),
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
        others=_others(found, past),
        is_correction=_is_correction(found),
    )


def _is_correction(found: Register) -> bool:
    return found.meeting is not None and found.meeting.status is MeetingStatus.SENT


def _others(found: Register, past: Sequence[Any]) -> list[tuple[uuid.UUID, date]]:
    """Meetings that the group has in the same month, for whoever is about to record one more:
    id and day."""
    if _is_correction(found):
        return []
    sent = [each.held_on for each in past if each.status is MeetingStatus.SENT]
    return [(meeting_id(found.group.id, day), day) for day in others_of_month(found.held_on, sent)]


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
    yield "bulk", dotted(numbers, (row for row in sheet.rows.values() if row.is_bulk))
    yield "filled", dotted(numbers, (row for row in sheet.rows.values() if row.is_filled))
    for household_id, number in numbers.items():
        row = sheet.rows[household_id]
        yield f"p{number}", row.presence.value if row.presence else ""
        if row.understanding:
            yield f"u{number}", row.understanding.value
        if row.note:
            yield f"n{number}", row.note


def _clock(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""
