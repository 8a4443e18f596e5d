from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import NotFound
from casework.core.transaction import transaction
from casework.counts import actions
from casework.counts.forms import TargetForm
from casework.counts.queries import facilitators, figures, target_history
from casework.counts.rules import FACILITATOR_TARGET
from casework.counts.views import blueprint
from casework.counts.views.asked import targeted, year_of, years_offered
from casework.ledger.rules import ExitKind
from casework.regions.rules import lies_in
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.route("/targets", methods=["GET", "POST"])
@require(Permission.TARGET_SET)
def targets() -> ResponseReturnValue:
    """The target of one place, year and kind, how it came about, and the places below it."""
    actor = current_actor()
    what = targeted(request.args)
    place = _place_in_reach(actor)
    today = clock.today(actor.time_zone)
    year = year_of(request.args.get("year"), today)
    total = figures.of_year(place, what, year)
    form = TargetForm(data={"households": total.target})
    if form.validate_on_submit():
        with refusals_on(form), transaction():
            actions.set_target(
                actor,
                region_code=place.code,
                year=year,
                kind=what.kind,
                households=form.households.data or 0,
            )
        if not form.has_problems:
            flash(
                Kind.DONE, _("Target of %(place)s for %(year)s saved.", place=place.name, year=year)
            )
            return redirect(_address(place, year, what))
    return render_template(
        "counts/targets.html",
        form=form,
        place=place,
        year=year,
        what=what,
        kinds=figures.TARGET_KINDS,
        kind=_kind_of(what),
        years=years_offered(today),
        total=total,
        regions=figures.worst_first(figures.by_region(place, what, year)),
        history=target_history.of_region(place.code, year, what.kind),
        # Theirs are of graduasi mandiri; of the past nobody knows how many there were.
        at_work=facilitators.at_work(place.code)
        if year >= today.year and what.kind is ExitKind.INDEPENDENT
        else 0,
        each=FACILITATOR_TARGET,
        today=today,
    ), form.status


@blueprint.post("/targets/take-back")
@require(Permission.TARGET_SET)
def take_back_target() -> ResponseReturnValue:
    """From then on the place has no target in that year."""
    actor = current_actor()
    place = _place_in_reach(actor)
    year = year_of(request.args.get("year"), clock.today(actor.time_zone))
    what = targeted(request.args)
    with transaction():
        actions.take_back_target(actor, region_code=place.code, year=year, kind=what.kind)
    flash(Kind.DONE, _("Target of %(place)s for %(year)s taken back.", place=place.name, year=year))
    return redirect(_address(place, year, what))


def _address(place: figures.Place, year: int, what: figures.What) -> str:
    return url_for("counts.targets", region=place.code, year=year, kind=_kind_of(what))


def _kind_of(what: figures.What) -> str | None:
    """As an address names it: the usual one needs no word."""
    return None if what.kind is ExitKind.INDEPENDENT else what.kind.value


def _place_in_reach(actor: Actor) -> figures.Place:
    """The place in the address, or the actor's own. Raises: NotFound outside the own region."""
    code = request.args.get("region") or actor.region_code
    if not lies_in(code, actor.region_code):
        raise NotFound
    return figures.place(code)
