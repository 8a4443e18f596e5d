"""The short page of what devices say differently: who says what, and what is right."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Row

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import Invalid, Refused
from casework.core.ids import short_id
from casework.core.transaction import transaction
from casework.meetings import policy
from casework.meetings.actions import settling
from casework.meetings.actions.record import ChangedMeanwhile, Recorded
from casework.meetings.forms import ASK, Settling, read_settling
from casework.meetings.queries import meetings
from casework.meetings.queries.claims import Difference, Said, differing
from casework.meetings.queries.register import register
from casework.meetings.rules import SUPERVISOR_AFTER, supervisor_may_from
from casework.meetings.views import blueprint
from casework.meetings.views.differing import head_in_words, mark_in_words
from casework.meetings.views.pages import conflict_notice
from casework.web.flashes import Kind, flash
from casework.web.guard import require
from casework.web.locale import moment
from casework.web.login import current_actor


@blueprint.get("/meetings/<uuid:meeting_id>/settle")
@require(Permission.MEETING_READ)
def settle(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Who says what; to be settled by whoever may."""
    actor = current_actor()
    return _page(actor, meetings.find(actor, meeting_id), Settling())


@blueprint.post("/meetings/<uuid:meeting_id>/settle")
@require(Permission.MEETING_SETTLE)
def settle_chosen(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Save what was chosen; what was not is left as it is."""
    actor = current_actor()
    meeting = meetings.find(actor, meeting_id)
    given = read_settling(request.form)
    if given.errors:
        return _page(actor, meeting, given), 422
    if given.asks and not given.families and given.head is None:
        flash(Kind.NOTICE, _("Nothing was settled. Come back when you have asked."))
        return redirect(url_for("meetings.show", meeting_id=meeting_id))
    try:
        chosen = len(given.families) + (given.head is not None)
        return _settled(_save(actor, meeting, given), chosen)
    except ChangedMeanwhile:
        now = meetings.find(actor, meeting_id)
        notice = conflict_notice(now.recorded_by_name, now.recorded_at)
        return _page(actor, now, given, conflict=notice), 409
    except Invalid as error:
        given.errors = dict(error.fields)
        return _page(actor, meeting, given), error.status
    except Refused as error:
        given.errors = {"": [error.message]}
        return _page(actor, meeting, given), error.status


def _save(actor: Actor, meeting: Row[Any], given: Settling) -> Recorded:
    with transaction():
        return settling.settle(
            actor,
            meeting.group_id,
            meeting.held_on,
            settling.Chosen(given.families, given.head),
            base_version=given.base_version or 0,
            area_id=meeting.area_id,
        )


def _settled(recorded: Recorded, chosen: int) -> ResponseReturnValue:
    words = _("Settled. Thank you.")
    if recorded.is_differing:
        words = ngettext(
            "%(num)d is settled. The rest still differs.",
            "%(num)d are settled. The rest still differs.",
            chosen,
        )
    flash(Kind.DONE, words)
    return redirect(url_for("meetings.show", meeting_id=recorded.meeting_id))


def _page(actor: Actor, meeting: Row[Any], given: Settling, *, conflict: str = "") -> str:
    found = register(actor, meeting.group_id, meeting.held_on, area_id=meeting.area_id)
    now = differing(found)
    reader = _Reader(actor, meeting.facilitator_id, given)
    contests = [reader.head(now.head)] if now.head else []
    contests += [
        reader.family(line.household_id, line.name, now.families[line.household_id])
        for line in found.lines
        if line.household_id in now.families
    ]
    names = {str(key): field_name(key) for key in now.families}
    return render_template(
        "meetings/settle.html",
        meeting=meeting,
        contests=contests,
        may_settle=any(item["may"] for item in contests),
        records=policy.can_record(actor, meeting.facilitator_id),
        settles=actor.may(Permission.MEETING_SETTLE),
        days=SUPERVISOR_AFTER.days,
        conflict=conflict,
        errors={names.get(name, name): each for name, each in given.errors.items()},
        base_version=found.meeting.version if found.meeting else 0,
        ask=ASK,
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who looks at what differs, and what she has chosen so far."""

    actor: Actor
    facilitator_id: uuid.UUID | None
    given: Settling

    def head(self, difference: Difference) -> dict[str, Any]:
        said = [(each, head_in_words(each.claim.head)) for each in difference.said]
        choices = {key: head_in_words(head) for key, head in difference.heads().items()}
        title = _("Lesson, time and place")
        return self._item("head", title, difference, said, choices, self.given.head)

    def family(self, key: uuid.UUID, name: str, difference: Difference) -> dict[str, Any]:
        said = [(each, mark_in_words(each.claim.marks[key])) for each in difference.said]
        marks = difference.marks(key)
        notes = {mark.note for mark in marks.values()}
        # A note that goes with each choice is said once, below them.
        shared = notes.pop() if len(notes) == 1 else ""
        choices = {
            id_: mark_in_words(replace(mark, note="") if shared else mark)
            for id_, mark in marks.items()
        }
        chosen = self.given.families.get(key)
        item = self._item(field_name(key), name, difference, said, choices, chosen)
        return {**item, "note": shared}

    def _item(
        self,
        name: str,
        title: str,
        difference: Difference,
        said: Sequence[tuple[Said, str]],
        choices: Mapping[uuid.UUID, str],
        chosen: uuid.UUID | None,
    ) -> dict[str, Any]:
        seen = self.given.base_version
        is_new = seen is not None and any(each.claim.version > seen for each, _words in said)
        return {
            "name": name,
            "title": title,
            "said": [
                {
                    "who": self._who(each),
                    "words": words,
                    "when": moment(each.received_at),
                    "is_new": seen is not None and each.claim.version > seen,
                }
                for each, words in said
            ],
            # What came since has to be read first: nothing stays chosen there.
            "choices": [
                (short_id(key), words, key == chosen and not is_new)
                for key, words in choices.items()
            ],
            "ask": self._ask(said),
            "may": policy.can_settle(self.actor, self.facilitator_id, difference.since),
            "since": moment(difference.since),
            "from": moment(supervisor_may_from(difference.since)),
        }

    def _who(self, said: Said) -> str:
        return _("You") if said.claim.said_by == self.actor.user_id else said.name

    def _ask(self, said: Sequence[tuple[Said, str]]) -> str:
        """Whom there is to ask: that person, where it is one, or else whoever looks after the
        group."""
        others = {each.name for each, _words in said if each.claim.said_by != self.actor.user_id}
        if len(others) == 1:
            return _("Ask %(name)s first", name=others.pop())
        is_hers = self.facilitator_id == self.actor.user_id
        return _("Ask first") if is_hers else _("Ask the facilitator first")


def field_name(family: uuid.UUID) -> str:
    return f"f{short_id(family)}"
