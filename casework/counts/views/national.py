from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework.core import clock
from casework.core.errors import NotFound
from casework.counts.queries import figures
from casework.counts.rules import published_figures
from casework.counts.views import blueprint
from casework.ledger.rules import CountedState, ExitKind
from casework.regions.queries.places import path_of
from casework.web.guard import public
from casework.web.locale import time_zone


@blueprint.get("/national")
@public
def national() -> ResponseReturnValue:
    """Counted graduations of the nation, a province or a regency, open to everybody."""
    what = figures.What(ExitKind.INDEPENDENT, CountedState.APPROVED)
    place = figures.place(request.args.get("region"))
    this_year = clock.today(time_zone()).year
    year = chosen_year(this_year)
    years = figures.by_year(place, what)
    total = figures.of_year(years, year)
    return render_template(
        "counts/national.html",
        what=what,
        place=place,
        path=path_of(place.code) if place.code else [],
        year=year,
        this_year=this_year,
        years=years,
        total=total,
        regions=figures.by_region(place, what, year),
        published=published_figures() if place.code is None else (),
        counted_at=clock.now(),
    )


def chosen_year(this_year: int) -> int:
    """The year in the address, this year without one. Raises: NotFound for no year."""
    text = request.args.get("year", "")
    if not text:
        return this_year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound
    return int(text)
