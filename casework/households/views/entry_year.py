from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.core.transaction import transaction
from casework.households.actions.entry_year import record_entry_year
from casework.households.forms import EntryYearForm
from casework.households.queries.found import household_named
from casework.households.rules import PROGRAMME_BEGAN
from casework.households.views import blueprint
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/households/<uuid:household_id>/entry-year", methods=["GET", "POST"])
@require(Permission.HOUSEHOLD_RECORD)
def entry_year(household_id: uuid.UUID) -> ResponseReturnValue:
    """No roster has the year: who knows the family, or the office's files, tells it."""
    actor = current_actor()
    household = household_named(actor, household_id)
    form = EntryYearForm(data={"year": str(household.member_since_year or "")})
    if form.validate_on_submit():
        changed = False
        with refusals_on(form), transaction():
            changed = record_entry_year(actor, household_id, form.as_number)
        if not form.has_problems:
            flash(Kind.DONE, _("Year of entry saved.") if changed else _("Nothing was changed."))
            return redirect(url_for("desk.household", household_id=household_id))
    return render_template(
        "households/entry_year.html",
        form=form,
        household=household,
        first_year=PROGRAMME_BEGAN.year,
    ), form.status
