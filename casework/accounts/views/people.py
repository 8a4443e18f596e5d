from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.accounts.actions import people as actions
from casework.accounts.forms import NewPersonForm, PersonForm, SearchPeopleForm
from casework.accounts.queries import directory
from casework.accounts.views import blueprint
from casework.accounts.views.attempts import attempt
from casework.core.signals import care_asked
from casework.core.transaction import transaction
from casework.regions.queries.meant import as_typed, in_words, region_meant, suggestions
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/users/", methods=["GET", "POST"])
@require(Permission.USER_MANAGE)
def users() -> ResponseReturnValue:
    """The people of the own region. Searching is a POST: names stay out of addresses and logs."""
    actor = current_actor()
    form = SearchPeopleForm()
    role = next((one for one in Role if one.value == request.args.get("role")), None)
    without_password = "without_password" in request.args
    searched = form.validate_on_submit() and bool(form.text.data)
    if searched:
        page = directory.search(actor, form.text.data or "")
    else:
        page = directory.directory(
            actor,
            role=role,
            without_password=without_password,
            after=request.args.get("after", type=uuid.UUID),
        )
    return render_template(
        "accounts/users.html",
        form=form,
        page=page,
        role=role,
        roles=Role,
        without_password=without_password,
        address={
            "role": role.value if role else None,
            "without_password": 1 if without_password else None,
        },
        searched=searched,
        in_words=in_words,
    ), form.status


@blueprint.route("/users/new", methods=["GET", "POST"])
@require(Permission.USER_MANAGE)
def new_user() -> ResponseReturnValue:
    actor = current_actor()
    form = NewPersonForm()
    if form.validate_on_submit():
        with refusals_on(form), attempt(actor):
            particulars = _particulars(actor, form)
            user_id = actions.add_person(actor, form.username.data or "", particulars)
            token = actions.make_link(actor, user_id)
        if not form.has_problems:
            return _link_page(actor, user_id, token)
    return render_template(
        "accounts/new_user.html", form=form, suggestions=suggestions(actor)
    ), form.status


@blueprint.route("/users/<uuid:user_id>", methods=["GET", "POST"])
@require(Permission.USER_MANAGE)
def user(user_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    person = directory.person(actor, user_id)
    form = PersonForm(
        data={
            "name": person.name,
            "role": person.role.value,
            "region": as_typed(person.region_code),
            "job_title": person.job_title,
            "employee_number": person.employee_number,
        }
    )
    if form.validate_on_submit():
        with refusals_on(form), attempt(actor):
            actions.change_person(actor, user_id, _particulars(actor, form))
        if not form.has_problems:
            flash(Kind.DONE, _("%(name)s is saved.", name=form.name.data))
            return redirect(url_for("accounts.user", user_id=user_id))
    # Answered by whoever keeps groups; nobody when there are none in this installation.
    care = [answer for _receiver, answer in care_asked.send(actor, user_id=user_id)]
    return render_template(
        "accounts/user.html",
        form=form,
        person=person,
        in_words=in_words,
        is_self=actor.user_id == user_id,
        suggestions=suggestions(actor),
        logins=len(directory.live_sessions(user_id)),
        groups=sum(groups for groups, _outside in care),
        groups_outside=sum(outside for _groups, outside in care),
    ), form.status


@blueprint.post("/users/<uuid:user_id>/disable")
@require(Permission.USER_MANAGE)
def disable(user_id: uuid.UUID) -> ResponseReturnValue:
    with transaction():
        actions.disable(current_actor(), user_id)
    flash(Kind.DONE, _("The account is disabled. The person is signed out everywhere."))
    return redirect(url_for("accounts.user", user_id=user_id))


@blueprint.post("/users/<uuid:user_id>/enable")
@require(Permission.USER_MANAGE)
def enable(user_id: uuid.UUID) -> ResponseReturnValue:
    with transaction():
        actions.enable(current_actor(), user_id)
    flash(Kind.DONE, _("The account is enabled again."))
    return redirect(url_for("accounts.user", user_id=user_id))


@blueprint.post("/users/<uuid:user_id>/link")
@require(Permission.USER_MANAGE)
def make_link(user_id: uuid.UUID) -> ResponseReturnValue:
    """Shows the link in its own answer: after a redirect it would have to be kept somewhere."""
    actor = current_actor()
    with transaction():
        token = actions.make_link(actor, user_id)
    return _link_page(actor, user_id, token)


@blueprint.post("/users/<uuid:user_id>/sign-out")
@require(Permission.USER_MANAGE)
def end_sessions(user_id: uuid.UUID) -> ResponseReturnValue:
    with transaction():
        ended = actions.end_sessions(current_actor(), user_id)
    flash(
        Kind.DONE,
        ngettext("Signed out in %(num)d browser.", "Signed out in %(num)d browsers.", ended),
    )
    return redirect(url_for("accounts.user", user_id=user_id))


def _particulars(actor: Actor, form: PersonForm) -> actions.Particulars:
    return actions.Particulars(
        name=form.name.data or "",
        role=Role(form.role.data),
        region_code=region_meant(actor, form.region.data or ""),
        job_title=form.job_title.data or "",
        employee_number=form.employee_number.data or "",
    )


def _link_page(actor: Actor, user_id: uuid.UUID, token: str) -> ResponseReturnValue:
    return render_template(
        "accounts/link.html",
        person=directory.person(actor, user_id),
        link=url_for("accounts.activate", token=token, _external=True),
        hours=int(actions.LINK_LASTS.total_seconds() // 3600),
    )
