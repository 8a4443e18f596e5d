from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import Row

from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Invalid
from casework.core.transaction import transaction
from casework.households.actions import assignments, memberships
from casework.households.forms import AssignForm, MoveForm, PutInForm, choices
from casework.households.queries import groups as queries
from casework.households.queries import history
from casework.households.queries.found import household_named
from casework.households.views import blueprint
from casework.households.views.groups import as_id
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/groups/<uuid:group_id>/put-in", methods=["GET", "POST"])
@require(Permission.GROUP_MANAGE)
def put_in(group_id: uuid.UUID) -> ResponseReturnValue:
    """Tick families of the village that have no group; one button puts all of them in."""
    actor = current_actor()
    group = queries.group(actor, group_id)
    today = clock.today(actor.time_zone)
    form = PutInForm(data={"on": today})
    waiting = queries.candidates(actor, group.village_code)
    form.households.choices = choices([(str(row.id), row.caretaker_name) for row in waiting])
    if form.validate_on_submit():
        # Each once: a form with ten thousand times the same family must not keep all others
        # waiting for its transaction.
        sent = dict.fromkeys(map(as_id, form.households.data or []))
        ticked = [one for one in sent if one]
        with refusals_on(form), transaction():
            if not ticked:
                raise Invalid.field("households", lazy_gettext("Tick at least one family."))
            for household_id in ticked:
                memberships.put_household(actor, household_id, group_id, form.on.data)
        if not form.has_problems:
            flash(
                Kind.DONE,
                ngettext(
                    "%(num)d family put into %(group)s.",
                    "%(num)d families put into %(group)s.",
                    len(ticked),
                    group=group.name,
                ),
            )
            return redirect(url_for("desk.group", group_id=group_id))
    return render_template(
        "households/put_in.html", form=form, group=group, today=today, waiting=len(waiting)
    ), form.status


@blueprint.route("/groups/<uuid:group_id>/facilitator", methods=["GET", "POST"])
@require(Permission.GROUP_MANAGE)
def assign(group_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    group = queries.group(actor, group_id)
    today = clock.today(actor.time_zone)
    form = AssignForm(data={"on": today, "facilitator": str(group.facilitator_id or "")})
    people = queries.facilitators_for(group.village_code)
    form.facilitator.choices = choices(
        [
            ("", _("Choose")),
            *((str(person.id), _in_words(person)) for person in people),
        ]
    )
    if form.validate_on_submit():
        with refusals_on(form), transaction():
            facilitator_id = as_id(form.facilitator.data)
            if facilitator_id is None:
                raise Invalid.field("facilitator", lazy_gettext("Choose a facilitator."))
            assignments.assign(actor, group_id, facilitator_id, form.on.data)
        if not form.has_problems:
            flash(Kind.DONE, _("%(group)s has its facilitator.", group=group.name))
            return redirect(url_for("desk.group", group_id=group_id))
    return render_template(
        "households/assign.html",
        form=form,
        group=group,
        today=today,
        people=people,
        others=[person for person in people if person.id != group.facilitator_id],
        may_add_people=actor.may(Permission.USER_MANAGE),
    ), form.status


def _in_words(person: Row[uuid.UUID, str, bool, int]) -> str:
    """A facilitator as the list of choices shows her."""
    words = ngettext(
        "%(name)s (%(num)d group)",
        "%(name)s (%(num)d groups)",
        person.groups,
        name=person.name,
    )
    return words if person.has_password else _("%(who)s, not yet active", who=words)


@blueprint.route("/households/<uuid:household_id>/group", methods=["GET", "POST"])
@require(Permission.GROUP_MANAGE)
def move(household_id: uuid.UUID) -> ResponseReturnValue:
    """Move a family to another group, or take it out of its own."""
    actor = current_actor()
    household = household_named(actor, household_id)
    today = clock.today(actor.time_zone)
    form = MoveForm(data={"on": today, "group": str(household.group_id or "")})
    around = queries.groups_around(actor, household.village_code)
    form.group.choices = choices(
        [
            ("", _("No group")),
            *((str(row.id), f"{row.name}, {row.village_name}") for row in around),
        ]
    )
    if form.validate_on_submit():
        group_id = as_id(form.group.data)
        with refusals_on(form), transaction():
            if group_id is None:
                memberships.take_out(actor, household_id, form.on.data)
            else:
                memberships.put_household(actor, household_id, group_id, form.on.data)
        if not form.has_problems:
            flash(Kind.DONE, _("%(name)s is saved.", name=household.caretaker_name))
            back_to = group_id or household.group_id
            if back_to is None:
                return redirect(url_for("desk.groups"))
            return redirect(url_for("desk.group", group_id=back_to))
    return render_template(
        "households/move.html",
        form=form,
        household=household,
        today=today,
        stays=history.stay_history(household.area_id, household_id),
    ), form.status
