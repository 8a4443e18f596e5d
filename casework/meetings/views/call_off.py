"""The form that calls off a register, and moves it to the right day where there is one."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import Row
from wtforms import HiddenField
from wtforms.validators import Optional

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import Conflict
from casework.core.transaction import transaction
from casework.meetings import policy
from casework.meetings.actions import calling_off
from casework.meetings.actions.calling_off import Moved, Saying
from casework.meetings.actions.record import ChangedMeanwhile
from casework.meetings.backdating import backdating_days
from casework.meetings.photo_files import current_store
from casework.meetings.queries import meetings
from casework.meetings.queries.photos import photos_of
from casework.meetings.rules import REASON_LENGTH, REASON_LETTERS, MeetingStatus
from casework.meetings.views import blueprint
from casework.web.fields import DayField, OwnWordsField
from casework.web.flashes import Kind, flash
from casework.web.forms import CaseworkForm, refusals_on
from casework.web.guard import require
from casework.web.locale import day
from casework.web.login import current_actor


class CallOffForm(CaseworkForm):
    right_day = DayField(lazy_gettext("The right date"), [Optional()])
    reason = OwnWordsField(lazy_gettext("What was wrong with this register?"), most=REASON_LENGTH)
    base_version = HiddenField()


@blueprint.route("/meetings/<uuid:meeting_id>/call-off", methods=["GET", "POST"])
@require(Permission.MEETING_RECORD)
def call_off(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Asks first, on a page that says what becomes of it."""
    actor = current_actor()
    meeting = meetings.find(actor, meeting_id)
    policy.check_can_record(actor, meeting.facilitator_id)
    form = CallOffForm()
    if not form.is_submitted():
        form.base_version.data = str(meeting.version)
    if form.validate_on_submit():
        with refusals_on(form):
            try:
                return _done(meeting, _call_off(actor, meeting_id, form))
            except ChangedMeanwhile:
                # What she sends next is meant against what stands now.
                form.base_version.data = str(meetings.find(actor, meeting_id).version)
                form.add_problems(_changed_meanwhile())
                return _page(actor, meeting_id, form), 409
    return _page(actor, meeting_id, form), form.status


def _call_off(actor: Actor, meeting_id: uuid.UUID, form: CallOffForm) -> Moved | None:
    with transaction():
        return calling_off.call_off(
            actor, meeting_id, _saying(form), current_store, backdating_days=backdating_days()
        )


def _changed_meanwhile() -> Conflict:
    return Conflict(
        _(
            "This register was changed meanwhile. See it first, then call it off again if it is"
            " wrong."
        )
    )


def _saying(form: CallOffForm) -> Saying:
    version = form.base_version.data or ""
    is_number = version.isascii() and version.isdigit() and len(version) <= 9
    return Saying(form.reason.data or "", form.right_day.data, int(version) if is_number else 0)


def _page(actor: Actor, meeting_id: uuid.UUID, form: CallOffForm) -> str:
    # As it stands now: it may have been called off since the form was made.
    meeting = meetings.find(actor, meeting_id)
    return render_template(
        "meetings/call_off.html",
        meeting=meeting,
        form=form,
        why_not=policy.why_not_call_off(actor, meeting, backdating_days()),
        is_sent=meeting.status is MeetingStatus.SENT,
        photos=len(photos_of(meeting.area_id, meeting_id)),
        least=REASON_LETTERS,
        most=REASON_LENGTH,
    )


def _done(meeting: Row[Any], moved: Moved | None) -> ResponseReturnValue:
    if moved is None:
        flash(Kind.DONE, _("The register of %(day)s was called off.", day=day(meeting.held_on)))
        return redirect(url_for("meetings.show", meeting_id=meeting.id), code=303)
    words = [
        _(
            "The register was moved from %(wrong)s to %(right)s.",
            wrong=day(meeting.held_on),
            right=day(moved.held_on),
        )
    ]
    if moved.left_out:
        words.append(
            ngettext(
                "%(num)d family was left out: it was not in the group on that day.",
                "%(num)d families were left out: they were not in the group on that day.",
                moved.left_out,
            )
        )
    if moved.unmarked:
        words.append(
            ngettext(
                "%(num)d family has no mark yet, so it is a draft.",
                "%(num)d families have no mark yet, so it is a draft.",
                moved.unmarked,
            )
        )
    if moved.photos_left:
        words.append(
            ngettext(
                "%(num)d photo stayed with the register that was called off.",
                "%(num)d photos stayed with the register that was called off.",
                moved.photos_left,
            )
        )
    flash(Kind.NOTICE if moved.unmarked else Kind.DONE, " ".join(words))
    return redirect(url_for("meetings.show", meeting_id=moved.meeting_id), code=303)
