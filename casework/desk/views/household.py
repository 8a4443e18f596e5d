from __future__ import annotations

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.aftercare.labels import signs_in_words, visit_name
from casework.aftercare.policy import why_not_visit
from casework.core import clock
from casework.desk.queries.case_file import case_file
from casework.desk.views import blueprint
from casework.economics.labels import late_words
from casework.economics.rules import lateness
from casework.graduation.policy import (
    reason_not_to_draft,
    reason_not_to_leave,
    reason_not_to_reverse_exit,
)
from casework.meetings.labels import outside
from casework.web.guard import require
from casework.web.locale import chosen_locale
from casework.web.login import current_actor


@blueprint.get("/households/<uuid:household_id>")
@require(Permission.HOUSEHOLD_READ)
def household(household_id: uuid.UUID) -> ResponseReturnValue:
    """A family's case file: who, how often there, how far, how ready, what was decided."""
    actor = current_actor()
    case = case_file(
        actor,
        household_id,
        as_of=clock.today(actor.time_zone),
        all_marks="all" in request.args,
    )
    nomination_id = case.nominations.open_id
    last_exit = case.last_exit
    return render_template(
        "desk/household.html",
        case=case,
        locale=chosen_locale(),
        signs_in_words=signs_in_words,
        visit_name=visit_name,
        outside=outside,
        late_words=late_words,
        late=lambda day, recorded_at: late_words(lateness(day, recorded_at, actor.time_zone)),
        why_not_visit=why_not_visit(actor, case.household.status),
        may_arrange=actor.may(Permission.GROUP_MANAGE),
        may_record=actor.may(Permission.HOUSEHOLD_RECORD),
        may_reveal=actor.may(Permission.HOUSEHOLD_REVEAL),
        # None where the button belongs on the page.
        why_not_nominate=reason_not_to_draft(
            actor, case.household, nomination_id, case.nominations.given_up
        ),
        may_exit=reason_not_to_leave(actor, case.household, nomination_id, last_exit) is None,
        exit_waits=actor.may(Permission.EXIT_RECORD) and nomination_id is not None,
        may_take_back=last_exit is not None
        and reason_not_to_reverse_exit(actor, last_exit) is None,
    )
