"""One meeting as it was recorded."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.curriculum.rules import from_mask
from casework.meetings import policy
from casework.meetings.backdating import backdating_days
from casework.meetings.labels import DIFFERS, PRESENCES, UNDERSTANDINGS, outside
from casework.meetings.queries import meetings
from casework.meetings.queries.photos import photos_of, used_elsewhere
from casework.meetings.queries.register import Line, register
from casework.meetings.queries.stored import mark_of
from casework.meetings.rules import MOST_PHOTOS, MarkedHow, Presence, totals
from casework.meetings.views import blueprint
from casework.meetings.views.called_off import times_called_off
from casework.meetings.views.differing import mark_in_words, what_differs
from casework.meetings.views.pages import lesson_names
from casework.meetings.views.photo_form import PhotosForm
from casework.web.guard import require
from casework.web.locale import moment
from casework.web.login import current_actor


@blueprint.route("/meetings/<uuid:meeting_id>")
@require(Permission.MEETING_READ)
def show(meeting_id: uuid.UUID) -> ResponseReturnValue:
    return page(current_actor(), meeting_id, PhotosForm(formdata=None))


def page(actor: Actor, meeting_id: uuid.UUID, form: PhotosForm) -> str:
    """`form`: what was sent to it and refused. Raises: NotFound."""
    meeting = meetings.find(actor, meeting_id)
    found = register(actor, meeting.group_id, meeting.held_on, area_id=meeting.area_id)
    told = what_differs(found)
    photos = photos_of(meeting.area_id, meeting_id)
    lessons = [each.running_no for each in from_mask(meeting.lesson_mask)]
    records = policy.can_record(actor, meeting.facilitator_id)
    names = {line.household_id: line.name for line in found.lines}
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        figures=totals(found.kept.values()),
        lines=[_line(line, told.families.get(line.household_id, "")) for line in found.lines],
        differing=told.notice,
        unmarked=sum(line.mark is None for line in found.lines),
        lessons=lesson_names(lessons, meeting.adaptive_topic),
        history=_history(meetings.changes(meeting.area_id, meeting_id), names),
        records=records,
        can_correct=records and not found.is_called_off,
        can_call_off=policy.why_not_call_off(actor, meeting, backdating_days()) is None,
        can_record_anew=found.is_called_off
        and policy.can_record_anew(actor, meeting, backdating_days()),
        is_called_off=found.is_called_off,
        called_off=times_called_off(found),
        can_settle=meeting.differs_since is not None
        and policy.can_settle(actor, meeting.facilitator_id, meeting.differs_since),
        photos=photos,
        used_elsewhere=used_elsewhere(actor, meeting.area_id, meeting_id, photos),
        most_photos=MOST_PHOTOS,
        form=form,
    )


def _line(line: Line, differing: str) -> dict[str, Any]:
    mark = line.mark
    if mark is None:
        return {
            "name": line.name,
            "presence": Presence.NOT_MARKED.value,
            "words": str(DIFFERS) if line.is_differing else "",
            "note": differing,
        }
    is_present = mark.presence is Presence.PRESENT
    return {
        "name": line.name,
        "presence": mark.presence.value,
        "words": str(PRESENCES[mark.presence]),
        "in_bulk": mark.marked_how is MarkedHow.BULK,
        "grasp": str(UNDERSTANDINGS[mark.understanding])
        if is_present and mark.understanding
        else "",
        "note": mark.note,
        "outside": "" if line.belongs else outside(has_left=line.has_left),
    }


def _history(rows: Any, names: Mapping[uuid.UUID, str]) -> list[dict[str, Any]]:
    """One entry for each correction, with a line for every household it changed."""
    return [
        {
            "who": entries[0].changed_by_name,
            "at": entries[0].changed_at.isoformat(),
            "when": moment(entries[0].changed_at),
            "changes": sorted(
                (names.get(row.household_id, "–"), _before(row.before), _after(row.after))
                for row in entries
            ),
        }
        for _version, each in groupby(rows, key=lambda row: row.version)
        if (entries := list(each))
    ]


def _before(stored: Mapping[str, Any]) -> str:
    """A mark of the history in words, or all that had been said where it differed."""
    if "said" in stored:
        said = "; ".join(
            f"{mark_in_words(mark_of(each))} ({each['name']})" for each in stored["said"]
        )
        return _("Differs: %(who)s", who=said)
    return mark_in_words(mark_of(stored)) if stored else str(PRESENCES[Presence.NOT_MARKED])


def _after(stored: Mapping[str, Any]) -> str:
    return mark_in_words(mark_of(stored)) if stored else str(DIFFERS)
