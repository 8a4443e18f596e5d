from __future__ import annotations

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.accounts.actions import own
from casework.accounts.forms import NewPasswordForm
from casework.accounts.passwords import SHORTEST
from casework.accounts.queries import directory
from casework.accounts.queries.identity import token_hash
from casework.accounts.views import blueprint, known_browser
from casework.core.errors import NotFound
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import public


@blueprint.route("/activate/<token>", methods=["GET", "POST"])
@public
def activate(token: str) -> ResponseReturnValue:
    """Where a person sets the own password; nobody else ever knows it."""
    invited = directory.invited(token_hash(token))
    if invited is None:
        return render_template("accounts/link_over.html"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            with refusals_on(form):
                known = own.activate(
                    token, form.password.data or "", secret=str(current_app.secret_key)
                )
                known_browser.remember(known.username, known.mark)
        except NotFound:  # used meanwhile
            return render_template("accounts/link_over.html"), 404
        if not form.has_problems:
            flash(Kind.DONE, _("Your password is saved. Sign in with it."))
            return redirect(url_for("accounts.login"))
    return render_template(
        "accounts/activate.html", form=form, invited=invited, shortest=SHORTEST
    ), form.status
