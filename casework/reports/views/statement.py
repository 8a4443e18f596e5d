from __future__ import annotations

import uuid

from flask import render_template
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core.transaction import transaction
from casework.graduation import policy
from casework.graduation.queries.case import load
from casework.reports.actions import fill_statement
from casework.reports.forms import ReasonForm
from casework.reports.rules import StatementReason, statement_text
from casework.reports.views import blueprint
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/reports/statements/<uuid:nomination_id>", methods=["GET", "POST"])
@require(Permission.NOMINATION_MAKE)
def statement(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """The family's statement, ready to be printed and signed. It shows NIK and address, so it is
    the answer to a form: in no address and in no cache, and written down."""
    actor = current_actor()
    case = load(actor, nomination_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form), transaction():
            filled = fill_statement(actor, nomination_id)
        if not form.has_problems:
            text = statement_text()
            return render_template(
                "reports/statement.html",
                statement=filled,
                text=text,
                declares=text.declares[StatementReason(form.reason.data)],
                case=case,
            )
    return render_template(
        "reports/statement_reason.html",
        form=form,
        case=case,
        household=case.household,
        why_not=policy.reason_not_to_edit(actor, case),
    ), form.status
