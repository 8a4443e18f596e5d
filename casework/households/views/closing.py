from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.core.transaction import transaction
from casework.households.actions import groups as actions
from casework.households.forms import CloseGroupForm
from casework.households.queries import groups as queries
from casework.households.views import blueprint
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/groups/<uuid:group_id>/close", methods=["GET", "POST"])
@require(Permission.GROUP_MANAGE)
def close_group(group_id: uuid.UUID) -> ResponseReturnValue:
    """Who still belongs to the group and has to be moved first; then one button."""
    actor = current_actor()
    group = queries.group_ever(actor, group_id)
    form = CloseGroupForm()
    if form.validate_on_submit():
        with refusals_on(form), transaction():
            actions.close_group(actor, group_id)
        if not form.has_problems:
            flash(Kind.DONE, _("The group %(name)s is closed.", name=group.name))
            return redirect(url_for("desk.group", group_id=group_id))
    if group.closed_on is not None:
        return redirect(url_for("desk.group", group_id=group_id))
    return render_template(
        "households/close_group.html",
        form=form,
        group=group,
        members=queries.members(group.area_id, group_id),
    ), form.status


@blueprint.post("/groups/<uuid:group_id>/reopen")
@require(Permission.GROUP_MANAGE)
def reopen_group(group_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    group = queries.group_ever(actor, group_id)
    with transaction():
        actions.reopen_group(actor, group_id)
    flash(Kind.DONE, _("The group %(name)s is open again. Give it a facilitator.", name=group.name))
    return redirect(url_for("desk.group", group_id=group_id))
