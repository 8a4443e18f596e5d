from __future__ import annotations

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core.errors import NotFound
from casework.core.transaction import transaction
from casework.households.actions import reveal as actions
from casework.households.queries.found import household_named
from casework.households.queries.numbers import Number
from casework.households.views import blueprint
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.post("/households/<uuid:household_id>/reveal")
@require(Permission.HOUSEHOLD_REVEAL)
def reveal(household_id: uuid.UUID) -> ResponseReturnValue:
    """Shows one number in its own answer; it is in no address and in no cache."""
    what = request.form.get("what", type=Number)
    if what is None:
        raise NotFound
    actor = current_actor()
    with transaction():
        value = actions.reveal(actor, household_id, what)
    return render_template(
        "households/reveal.html",
        household=household_named(actor, household_id),
        what=what,
        value=value,
    )
