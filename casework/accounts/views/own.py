from __future__ import annotations

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.accounts.actions import login_sessions, own
from casework.accounts.forms import ChangePasswordForm, LanguageForm
from casework.accounts.passwords import SHORTEST
from casework.accounts.queries import directory
from casework.accounts.queries.identity import token_hash
from casework.accounts.rules import browser_name
from casework.accounts.views import blueprint, known_browser
from casework.core.errors import NotFound, TooMany
from casework.core.transaction import transaction
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.locale import CHOSEN
from casework.web.login import current_actor, current_token


@blueprint.get("/account")
@require(Permission.SELF_MANAGE)
def account() -> ResponseReturnValue:
    """The own account: who I am here, in which language, and where I am signed in."""
    actor = current_actor()
    mine = directory.own(actor.user_id)
    this = token_hash(current_token() or "")
    logins = [
        {
            "id": row.token_hash.hex(),
            "device": browser_name(row.user_agent),
            "since": row.created_at,
            "is_this": row.token_hash == this,
        }
        for row in directory.live_sessions(actor.user_id)
    ]
    return render_template(
        "accounts/account.html",
        actor=actor,
        mine=mine,
        logins=logins,
        language_form=LanguageForm(locale=mine.locale),
    )


@blueprint.route("/account/password", methods=["GET", "POST"])
@require(Permission.SELF_MANAGE)
def password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    status = 200
    if form.validate_on_submit():
        try:
            with refusals_on(form):
                known = own.change_password(
                    current_actor(),
                    current=form.current.data or "",
                    password=form.password.data or "",
                    keep_token=current_token() or "",
                    secret=str(current_app.secret_key),
                )
                known_browser.remember(known.username, known.mark)
        except TooMany as error:
            form.form_errors.append(error.message)
            status = error.status
        if not form.has_problems:
            flash(
                Kind.DONE,
                _("Your password is changed. You are signed out everywhere but here."),
            )
            return redirect(url_for("accounts.account"))
    return render_template("accounts/password.html", form=form, shortest=SHORTEST), max(
        status, form.status
    )


@blueprint.post("/account/language")
@require(Permission.SELF_MANAGE)
def own_language() -> ResponseReturnValue:
    form = LanguageForm()
    if not form.validate_on_submit():
        raise NotFound  # only a forged form has another language
    with transaction():
        own.choose_language(current_actor(), form.locale.data)
    # What this browser chose before would otherwise win over the account.
    session[CHOSEN] = form.locale.data
    flash(Kind.DONE, _("Language saved."))
    return redirect(url_for("accounts.account"))


@blueprint.post("/account/sessions/end")
@require(Permission.SELF_MANAGE)
def end_session() -> ResponseReturnValue:
    try:
        session_hash = bytes.fromhex(request.form.get("login", ""))
    except ValueError:
        raise NotFound from None
    with transaction():
        login_sessions.end_session(current_actor(), session_hash)
    flash(Kind.DONE, _("Signed out there."))
    return redirect(url_for("accounts.account"))
