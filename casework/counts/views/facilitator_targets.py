"""What each facilitator has reached, and a target of her own."""

from __future__ import annotations

import uuid
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.transaction import transaction
from casework.counts import actions
from casework.counts.forms import TargetForm
from casework.counts.queries import facilitators, figures, target_history
from casework.counts.queries.facilitators import FacilitatorFigure
from casework.counts.rules import FACILITATOR_TARGET
from casework.counts.views import blueprint
from casework.counts.views.asked import open_ended, year_of, years_offered
from casework.ledger.rules import CountedState, ExitKind
from casework.regions.queries.places import path_of
from casework.regions.rules import PROVINCE_SIGNS, REGENCY_SIGNS, lies_in, regency_of
from casework.regions.scope import asked_part
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor

#: What counts for a facilitator: the ministry has said yes.
_WHAT = figures.What(ExitKind.INDEPENDENT, CountedState.ESTABLISHED)
#: What the target of a region is of.
_OF_REGIONS = figures.What.of_target(ExitKind.INDEPENDENT)


@blueprint.get("/targets/facilitators")
@require(Permission.TARGET_READ)
def facilitator_targets() -> ResponseReturnValue:
    """The facilitators of a regency or part of it; above, the places to choose from."""
    actor = current_actor()
    region = asked_part(actor, request.args.get("region")) or actor.region_code
    today = clock.today(actor.time_zone)
    year = year_of(request.args.get("year"), today)
    if region is None or regency_of(region) is None:
        return _above(region, year, today)
    return render_template(
        "counts/facilitators.html",
        region=region,
        # Where a figure leads to.
        facilitator_url_to=open_ended(
            "counts.nominations",
            "facilitator",
            region=regency_of(region),
            year=year,
            state=_WHAT.state.value,
        ),
        place_name=_name_of(region),
        year=year,
        years=years_offered(today),
        rows=facilitators.by_facilitator(actor, region, year),
        each=FACILITATOR_TARGET,
        read_at=clock.now(),
    )


def _above(region: str | None, year: int, today: date) -> str:
    place = figures.place(region)
    signs = PROVINCE_SIGNS if region is None else REGENCY_SIGNS
    at_work = facilitators.at_work_by_region(region, signs)
    return render_template(
        "counts/facilitators_above.html",
        region=region,
        place_name=place.name,
        year=year,
        years=years_offered(today),
        rows=[
            (each, at_work.get(each.code, 0))
            for each in figures.by_region(place, _OF_REGIONS, year)
        ],
        each=FACILITATOR_TARGET,
        today=today,
    )


@blueprint.get("/targets/facilitators/<uuid:user_id>")
@require(Permission.TARGET_READ)
def facilitator_target(user_id: uuid.UUID) -> ResponseReturnValue:
    """One facilitator: what she has reached, her target, and who set it."""
    actor = current_actor()
    year = _year(actor)
    found = facilitators.facilitator(actor, user_id, year)
    return _page(actor, found, year, TargetForm(data={"households": found.progress.target}))


@blueprint.post("/targets/facilitators/<uuid:user_id>")
@require(Permission.TARGET_SET)
def set_facilitator_target(user_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    year = _year(actor)
    found = facilitators.facilitator(actor, user_id, year)
    form = TargetForm()
    if form.validate_on_submit():
        with refusals_on(form), transaction():
            actions.set_facilitator_target(
                actor, user_id, year=year, households=form.households.data or 0
            )
        if not form.has_problems:
            flash(
                Kind.DONE,
                _("Target of %(place)s for %(year)s saved.", place=found.name, year=year),
            )
            return redirect(url_for("counts.facilitator_target", user_id=user_id, year=year))
    return _page(actor, found, year, form)


@blueprint.post("/targets/facilitators/<uuid:user_id>/take-back")
@require(Permission.TARGET_SET)
def take_back_facilitator_target(user_id: uuid.UUID) -> ResponseReturnValue:
    """From then on what holds for everybody holds for her."""
    actor = current_actor()
    year = _year(actor)
    found = facilitators.facilitator(actor, user_id, year)
    with transaction():
        actions.take_back_facilitator_target(actor, user_id, year=year)
    flash(
        Kind.DONE,
        _(
            "%(name)s: in %(year)s the target of all facilitators holds again.",
            name=found.name,
            year=year,
        ),
    )
    return redirect(url_for("counts.facilitator_target", user_id=user_id, year=year))


def _page(
    actor: Actor, found: FacilitatorFigure, year: int, form: TargetForm
) -> ResponseReturnValue:
    regency = regency_of(found.region_code or "")
    today = clock.today(actor.time_zone)
    is_within = lies_in(regency, actor.region_code)
    return render_template(
        "counts/facilitator_target.html",
        form=form,
        found=found,
        year=year,
        years=years_offered(today),
        what=_WHAT,
        today=today,
        history=target_history.of_facilitator(found.id, year),
        each=FACILITATOR_TARGET,
        may_set=actor.may(Permission.TARGET_SET) and found.worked and found.id != actor.user_id,
        regency=regency,
        back_url=url_for(
            "counts.facilitator_targets", region=regency if is_within else None, year=year
        ),
    ), form.status


def _year(actor: Actor) -> int:
    return year_of(request.args.get("year"), clock.today(actor.time_zone))


def _name_of(region: str) -> str:
    path = path_of(region)
    return path[-1].name if path else region
