"""The attendance sheet: mark, check, save; the same for a new meeting and a correction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import CaseworkError, Invalid, Refused
from casework.core.transaction import transaction
from casework.meetings import policy
from casework.meetings.actions.checking import Given, check_can_save, not_in_register
from casework.meetings.actions.record import ChangedMeanwhile, Recorded, record_meeting
from casework.meetings.backdating import backdating_days
from casework.meetings.forms import Sheet, read
from casework.meetings.queries import meetings
from casework.meetings.queries.register import Register, register
from casework.meetings.rules import MeetingStatus, next_month
from casework.meetings.views import blueprint
from casework.meetings.views.called_off import told_of
from casework.meetings.views.check import check_page
from casework.meetings.views.pages import Address, conflict_notice, sheet_page
from casework.web.flashes import Kind, flash
from casework.web.guard import require
from casework.web.login import current_actor

#: Usual hours where a group has not met yet.
#: Source: none official; default of the field's own apps.
_USUAL_HOURS = (time(9), time(11))

#: The buttons of the two pages; anything else counts as the main act of the sheet.
_SAVING = {"save": MeetingStatus.SENT, "draft": MeetingStatus.DRAFT}


@blueprint.route("/groups/<uuid:group_id>/meetings/new", methods=["GET", "POST"])
@require(Permission.MEETING_RECORD)
def new(group_id: uuid.UUID) -> ResponseReturnValue:
    """Record a meeting of a group: of today or, with `?day=other`, of a day that is chosen."""
    actor = current_actor()
    address = Address(url_for("meetings.new", group_id=group_id), url_for("desk.home"))
    if request.method == "POST":
        return _answer(actor, group_id, read(request.form), address)
    today = clock.today(actor.time_zone)
    found = register(actor, group_id, today)
    policy.check_can_record(actor, found.group.facilitator_id)
    saved, is_of_today = found.meeting, request.args.get("day") != "other"
    if saved and saved.status is MeetingStatus.DRAFT and is_of_today:
        return redirect(url_for("meetings.correct", meeting_id=saved.id))
    sheet = Sheet.of(found)
    past = meetings.of_group(found.group.area_id, group_id, today)
    if not is_of_today or (saved and not found.is_called_off):
        # Or today's meeting stands already: another day has to be chosen, and nothing is marked.
        sheet = Sheet(None, rows=sheet.rows)
        for row in sheet.rows.values():
            row.clear()
    _begin(found, sheet, past)
    return sheet_page(found, sheet, address, past)


def _begin(found: Register, sheet: Sheet, past: Sequence[Any]) -> None:
    """Time and place as this group has them mostly."""
    hours = next(((row.starts_at, row.ends_at) for row in past if row.starts_at), _USUAL_HOURS)
    sheet.starts_at, sheet.ends_at = hours
    sheet.place = found.group.meeting_place or (past[0].place if past else "")


@blueprint.route("/meetings/<uuid:meeting_id>/correct", methods=["GET", "POST"])
@require(Permission.MEETING_RECORD)
def correct(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Go on with a draft, correct a register that was sent, or record one anew that was called
    off."""
    actor = current_actor()
    meeting = meetings.find(actor, meeting_id)
    policy.check_can_record(actor, meeting.facilitator_id)
    address = Address(
        url_for("meetings.correct", meeting_id=meeting_id),
        url_for("meetings.show", meeting_id=meeting_id),
        fixed_day=meeting.held_on,
    )
    if request.method == "POST":
        sheet = read(request.form)
        sheet.held_on = meeting.held_on
        sheet.errors.pop("held_on", None)
        return _answer(actor, meeting.group_id, sheet, address)
    found = register(actor, meeting.group_id, meeting.held_on)
    past = meetings.of_group(found.group.area_id, meeting.group_id, meeting.held_on)
    sheet = Sheet.of(found)
    if found.is_called_off:
        _begin(found, sheet, past)
    return sheet_page(found, sheet, address, past)


def _answer(
    actor: Actor, group_id: uuid.UUID, sheet: Sheet, address: Address
) -> ResponseReturnValue:
    step = request.form.get("step", "")
    if step in _SAVING and not sheet.errors:
        try:
            return _saved(_save(actor, group_id, sheet, _SAVING[step]))
        except (Invalid, Refused, ChangedMeanwhile) as error:
            return _shown_again(actor, group_id, sheet, address, error)
    if step == "edit":
        sheet.errors.clear()
        return _shown_again(actor, group_id, sheet, address, None)
    return _checked(actor, group_id, sheet, address, step)


def _save(actor: Actor, group_id: uuid.UUID, sheet: Sheet, status: MeetingStatus) -> Recorded:
    with transaction():
        return record_meeting(
            actor,
            group_id,
            **sheet.as_arguments(status),
            base_version=sheet.base_version,
            backdating_days=backdating_days(),
        )


def _saved(recorded: Recorded) -> ResponseReturnValue:
    figures = recorded.totals
    if recorded.status is MeetingStatus.DRAFT:
        flash(
            Kind.NOTICE,
            _(
                "Draft of %(group)s kept: %(marked)s marked. Go on whenever you can.",
                group=recorded.group_name,
                marked=figures.total,
            ),
        )
        return redirect(url_for("desk.home"))
    flash(
        Kind.DONE,
        _(
            "Attendance of %(group)s saved: %(present)s present, %(away)s not present.",
            group=recorded.group_name,
            present=figures.present,
            away=figures.away,
        ),
    )
    return redirect(url_for("meetings.show", meeting_id=recorded.meeting_id))


def _checked(
    actor: Actor, group_id: uuid.UUID, sheet: Sheet, address: Address, step: str
) -> ResponseReturnValue:
    """The check page; or the sheet again, when something is missing or has changed."""
    found = register(actor, group_id, sheet.held_on or clock.today(actor.time_zone))
    dropped = sheet.align(found)
    if step == "rest":
        sheet.mark_the_rest_present()
    if step == "fill":
        sheet.fill_understanding()
    if dropped:
        sheet.complain("", not_in_register(dropped))
    _put_right_version(found, sheet)
    saved = found.meeting
    if saved and sheet.base_version != saved.version and sheet.marks != found.marks:
        return _page_with(actor, found, sheet, address, None, is_conflict=True)
    try:
        if sheet.held_on:
            given = Given(**sheet.as_arguments(MeetingStatus.SENT))
            check_can_save(actor, found, given, backdating_days())
    except Invalid as error:
        for name, messages in error.fields.items():
            sheet.errors.setdefault(name, []).extend(messages)
    if sheet.errors:
        return _page_with(actor, found, sheet, address, None)
    # All of the month, for one may be recorded of a day before.
    past = meetings.of_group(found.group.area_id, group_id, next_month(found.held_on))
    return check_page(found, sheet, address, past)


def _put_right_version(found: Register, sheet: Sheet) -> None:
    """The page was made of a day that was called off, and is of another one now."""
    if found.meeting is None:
        sheet.base_version = 0


def _shown_again(
    actor: Actor,
    group_id: uuid.UUID,
    sheet: Sheet,
    address: Address,
    error: CaseworkError | None,
) -> ResponseReturnValue:
    day: date = sheet.held_on or clock.today(actor.time_zone)
    found = register(actor, group_id, day)
    sheet.align(found)
    is_conflict = isinstance(error, ChangedMeanwhile)
    return _page_with(actor, found, sheet, address, error, is_conflict=is_conflict)


def _page_with(
    actor: Actor,
    found: Register,
    sheet: Sheet,
    address: Address,
    error: CaseworkError | None,
    *,
    is_conflict: bool = False,
) -> ResponseReturnValue:
    if isinstance(error, Invalid):
        sheet.errors = {**sheet.errors, **error.fields}
    elif isinstance(error, Refused):
        sheet.complain("", error.message)
    past = meetings.of_group(found.group.area_id, found.group.id, found.held_on)
    _put_right_version(found, sheet)
    notice = ""
    if is_conflict and found.meeting:
        stands = meetings.find(actor, found.meeting.id)
        notice = told_of(found) or conflict_notice(stands.recorded_by_name, stands.recorded_at)
        # What is saved next is meant against what stands now.
        sheet.base_version = found.meeting.version
    return sheet_page(found, sheet, address, past, conflict=notice)
