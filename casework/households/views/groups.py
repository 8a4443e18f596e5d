from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.core.transaction import transaction
from casework.households.actions import groups as actions
from casework.households.forms import EditGroupForm, NewGroupForm, choices
from casework.households.queries import groups as queries
from casework.households.views import blueprint
from casework.regions.queries.lookup import villages_within
from casework.regions.queries.meant import as_typed, in_words, region_meant
from casework.regions.rules import RegionLevel
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/groups/new", methods=["GET", "POST"])
@require(Permission.GROUP_MANAGE)
def new_group() -> ResponseReturnValue:
    actor = current_actor()
    form = NewGroupForm(data={"village": as_typed(request.args.get("village"))})
    if form.validate_on_submit():
        with refusals_on(form), transaction():
            village = region_meant(
                actor, form.village.data or "", level=RegionLevel.VILLAGE, field="village"
            )
            group_id = actions.make_group(
                actor, village or "", form.name.data or "", form.meeting_place.data or ""
            )
        if not form.has_problems:
            flash(Kind.DONE, _("The group %(name)s is made.", name=form.name.data))
            return redirect(url_for("desk.group", group_id=group_id))
    return render_template(
        "households/new_group.html",
        form=form,
        in_words=in_words,
        villages=villages_within(actor.region_code) if actor.area_id is not None else [],
    ), form.status


@blueprint.route("/groups/<uuid:group_id>/edit", methods=["GET", "POST"])
@require(Permission.GROUP_MANAGE)
def edit_group(group_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    found = queries.group(actor, group_id)
    form = EditGroupForm(
        data={
            "name": found.name,
            "meeting_place": found.meeting_place,
            "leader": str(found.leader_id or ""),
        }
    )
    members = queries.members(found.area_id, group_id)
    form.leader.choices = choices(
        [("", _("Nobody yet")), *((str(row.household_id), row.caretaker_name) for row in members)]
    )
    if form.validate_on_submit():
        with refusals_on(form), transaction():
            actions.change_group(
                actor,
                group_id,
                name=form.name.data or "",
                meeting_place=form.meeting_place.data or "",
                leader_id=as_id(form.leader.data),
            )
        if not form.has_problems:
            flash(Kind.DONE, _("The group %(name)s is saved.", name=form.name.data))
            return redirect(url_for("desk.group", group_id=group_id))
    return render_template("households/edit_group.html", form=form, group=found), form.status


def as_id(text: Any) -> uuid.UUID | None:
    """What a list of choices sent back; None for "nobody" and for what is no id."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
