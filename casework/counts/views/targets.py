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
from casework.counts.views.asked import year_of, years_offered
from casework.ledger.rules import CountedState, ExitKind
from casework.regions.rules import lies_in
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor

#: Targets of regions are of graduasi mandiri, and what is approved counts.
_WHAT = figures.What(ExitKind.INDEPENDENT, CountedState.APPROVED)


@blueprint.route("/targets", methods=["GET", "POST"])
@require(Permission.TARGET_SET)
def targets() -> ResponseReturnValue:
    """The target of one place and year, how it came about, and the places below it."""
    actor = current_actor()
    what = _WHAT
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
            return redirect(url_for("counts.targets", region=place.code, year=year))
    return render_template(
        "counts/targets.html",
        form=form,
        place=place,
        year=year,
        years=years_offered(today),
        total=total,
        regions=figures.by_region(place, what, year),
        history=target_history.of_region(place.code, year, what.kind),
        # Of the past nobody knows how many there were.
        at_work=facilitators.at_work(place.code) if year >= today.year else 0,
        each=FACILITATOR_TARGET,
    ), form.status


@blueprint.post("/targets/take-back")
@require(Permission.TARGET_SET)
def take_back_target() -> ResponseReturnValue:
    """From then on the place has no target in that year."""
    actor = current_actor()
    place = _place_in_reach(actor)
    year = year_of(request.args.get("year"), clock.today(actor.time_zone))
    with transaction():
        actions.take_back_target(actor, region_code=place.code, year=year, kind=_WHAT.kind)
    flash(Kind.DONE, _("Target of %(place)s for %(year)s taken back.", place=place.name, year=year))
    return redirect(url_for("counts.targets", region=place.code, year=year))


def _place_in_reach(actor: Actor) -> figures.Place:
    """The place in the address, or the actor's own. Raises: NotFound outside the own region."""
    code = request.args.get("region") or actor.region_code
    if not lies_in(code, actor.region_code):
        raise NotFound
    return figures.place(code)
