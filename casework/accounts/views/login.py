from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.access.roles import ROLES
from casework.accounts.actions import sign_in as actions
from casework.accounts.carrying import packed, unpacked
from casework.accounts.forms import LoginForm
from casework.accounts.labels import OVER
from casework.accounts.queries.identity import past_session
from casework.accounts.rules import Over, why_over
from casework.accounts.views import blueprint, known_browser
from casework.core import clock
from casework.core.errors import TooMany
from casework.core.transaction import transaction
from casework.web import login as browser
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import public, require
from casework.web.locale import CHOSEN, LANGUAGES

#: Name of the hidden field that holds what was typed before the login had run out.
_CARRIED = "carried"


@blueprint.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    again = _inside(request.args.get("again"))
    if again and request.method == "POST" and _CARRIED not in request.form:
        return _sign_in_again(again)
    form = LoginForm()
    status = 200
    if form.validate_on_submit():
        attempt = actions.Attempt(
            username=form.username.data or "",
            password=form.password.data or "",
            network=request.remote_addr or "",
            user_agent=request.user_agent.string,
            marks=known_browser.marks(),
        )
        try:
            with refusals_on(form):
                entered = actions.sign_in(attempt, secret=str(current_app.secret_key))
                is_same_person = browser.is_owner(entered.actor)
                browser.begin(entered.token, entered.actor)
                known_browser.remember(entered.actor.username, entered.mark)
                if again:
                    return _carried_on(again, is_same_person)
                return redirect(_inside(request.args.get("next")) or url_for("desk.home"))
        except TooMany as error:
            form.form_errors.append(error.message)
            status = error.status
    return _page(form, again, request.form.get(_CARRIED, "")), max(status, form.status)


def _page(form: LoginForm, again: str | None, carried: str) -> str:
    return render_template(
        "accounts/login.html",
        form=form,
        again=again if carried else None,
        carried=carried,
        # Whoever has pressed the button has read it.
        over=_why_over() if request.method == "GET" else None,
    )


def _why_over() -> str | None:
    """Why a login is over that this browser still shows, as far as it can be told; nobody is named,
    for whoever holds the phone now may be another."""
    token = browser.former_token()
    if token is None:
        return None
    past = past_session(token)
    if past is None:
        return _("Your login is over.")
    why = why_over(past.ended_at, past.expires_at, clock.now())
    lasts = ROLES[past.role].idle if why is Over.IDLE else ROLES[past.role].absolute
    return str(OVER[why]) % {"time": format_timedelta(lasts)}


def _sign_in_again(again: str) -> ResponseReturnValue:
    """A form arrived after the login had run out: the sign-in page keeps what was typed."""
    return _page(LoginForm(formdata=None), again, packed(request.form.items(multi=True))), 401


def _carried_on(again: str, is_same_person: bool) -> ResponseReturnValue:
    """Let the person send what she had typed; somebody else's is not sent in her name."""
    fields = unpacked(request.form.get(_CARRIED, ""))
    if fields and is_same_person:
        return render_template("accounts/send_again.html", again=again, fields=fields)
    if fields:
        flash(Kind.NOTICE, _("The form sent before was somebody else's. It was not saved."))
    return redirect(url_for("desk.home"))


@blueprint.post("/logout")
@require(Permission.SELF_MANAGE)
def logout() -> ResponseReturnValue:
    actor = browser.current_actor()
    token = browser.end()
    if token:
        with transaction():
            actions.sign_out(actor, token)
    # After the end, and so in the language of the page that says it.
    flash(Kind.DONE, _("You are signed out."))
    return redirect(url_for("accounts.login"))


@blueprint.get("/language/<code>")
@public
def language(code: str) -> ResponseReturnValue:
    """Switch the language of this browser and go back to where the person was. A link and not
    a form: it changes a cookie, nothing else."""
    if code in LANGUAGES:
        session[CHOSEN] = code
    return redirect(_inside(request.args.get("next")) or url_for("desk.home"))


def _inside(target: str | None) -> str | None:
    """The address if it lies within this site: a login link must not lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:  # "/\t/[": a bracket where the name of a machine would stand
        return None
    return None if parts.scheme or parts.netloc else target
