from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import Invalid, NotFound
from casework.core.tables import xlsx_out
from casework.core.transaction import transaction
from casework.households.rules import HouseholdStatus, stages_around
from casework.readiness.rules import Verdict
from casework.regions.queries.lookup import RegionRow, children, names_within
from casework.regions.rules import RegionLevel, level_of, lies_in, parent_of
from casework.rosters.actions import exporting
from casework.rosters.actions.exporting import Export, SharedName, Wanted
from casework.rosters.forms import ExportForm
from casework.rosters.policy import numbers_for
from casework.rosters.queries.exported import Filters
from casework.rosters.rules import NumbersShown, TableFormat
from casework.rosters.views import blueprint
from casework.rosters.views.export_turns import own_turn
from casework.web.downloads import attachment
from casework.web.forms import file_refusals_on
from casework.web.guard import require
from casework.web.login import current_actor

#: What a page gives out in one go; a large regency has 50,000 families, and a province is a
#: matter for `flask roster export`.
MOST_ROWS = 200_000

_MEDIA_TYPES = {
    TableFormat.CSV: "text/csv; charset=utf-8",
    TableFormat.XLSX: xlsx_out.MEDIA_TYPE,
}

Choices = Any
"""Pairs of value and words, or words of a part of the list -> such pairs."""


@blueprint.route("/rosters/export", methods=["GET", "POST"])
@require(Permission.ROSTER_EXPORT)
def export_page() -> ResponseReturnValue:
    """The households of a region as a file."""
    actor = current_actor()
    try:
        place, _seeing = exporting.narrowed(actor, request.args.get("region"))
    except Invalid:
        raise NotFound from None
    below = children(place.code if place else None) if _is_wide(place) else []
    form = ExportForm()
    form.offer(actor, _regions(place, below), stages_around(clock.today(actor.time_zone)))
    if form.validate_on_submit():
        with file_refusals_on(form, ""), _names_explained(form), own_turn(actor):
            return _file(actor, exporting.begin(actor, _wanted(form)))
    return render_template(
        "rosters/export.html",
        form=form,
        place=place,
        is_own=place is None or place.code == actor.region_code,
        below=below,
        may_import=actor.may(Permission.ROSTER_IMPORT),
        with_numbers=numbers_for(actor) != (NumbersShown.NONE,),
        with_full_numbers=NumbersShown.FULL in numbers_for(actor),
    ), form.status


@contextmanager
def _names_explained(form: ExportForm) -> Iterator[None]:
    """A name that several groups have is asked back with those groups."""
    try:
        yield
    except SharedName as error:
        form.offer_groups(error.groups)
        raise


def _wanted(form: ExportForm) -> Wanted:
    status, verdict = form.household_status.data, form.readiness.data
    return Wanted(
        region_code=form.region.data or None,
        format=TableFormat(form.format.data),
        numbers=NumbersShown(form.numbers.data),
        filters=Filters(
            status=HouseholdStatus(status) if status else None,
            stage=form.stage.data or "",
            verdict=Verdict(verdict) if verdict else None,
            group=(form.group.data or "").strip(),
            group_id=_chosen_group(form),
        ),
        reason=form.reason.data or "",
    )


def _chosen_group(form: ExportForm) -> uuid.UUID | None:
    """None, too, once the name it belonged to is gone."""
    if not (form.group.data or "").strip():
        return None
    with suppress(ValueError):
        return uuid.UUID(form.which_group.data)
    return None


def _file(actor: Actor, export: Export) -> Response:
    # Without a name from its first moment: nothing is left behind, whatever happens.
    file = TemporaryFile(dir=current_app.config["DATA_DIR"])  # noqa: SIM115
    try:
        file.writelines(export.blocks(most=MOST_ROWS))
        if not export.count:
            raise Invalid.field("", _("No family matches. Choose fewer filters."))
        with transaction():
            exporting.record_export(actor, export)
    except BaseException:
        file.close()
        raise
    return attachment(file, name=export.file_name, media_type=_MEDIA_TYPES[export.wanted.format])


def _is_wide(place: RegionRow | None) -> bool:
    """Larger than a regency: one looks for a regency first."""
    return place is None or place.level is RegionLevel.PROVINCE


def _regions(place: RegionRow | None, below: list[RegionRow]) -> Choices:
    """The place and those in it; of a regency also the villages, by district."""
    if place is None:
        return [("", "Indonesia"), *((each.code, each.name) for each in below)]
    whole = [(place.code, place.name)]
    if below:
        return whole + [(each.code, each.name) for each in below]
    names = dict(names_within(place.code))
    parts: dict[str, list[tuple[str, str]]] = {_("Whole region"): whole}
    for code, name in names.items():
        level = level_of(code)
        if level is RegionLevel.DISTRICT and code != place.code and lies_in(code, place.code):
            parts[name] = [(code, _("All of %(district)s", district=name))]
        elif level is RegionLevel.VILLAGE and code != place.code:
            district = names[parent_of(code) or ""]
            parts.setdefault(district, []).append((code, name))
    return parts
