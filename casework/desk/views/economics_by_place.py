from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core.errors import NotFound
from casework.desk.queries.economics_by_place import economics_by_place
from casework.desk.views import blueprint
from casework.regions.queries import lookup
from casework.regions.rules import RegionLevel, level_of
from casework.regions.scope import asked_part
from casework.web.guard import require
from casework.web.login import current_actor

#: Whose families are counted: below them by district, or by village.
_COUNTED = (RegionLevel.REGENCY, RegionLevel.DISTRICT)


@blueprint.get("/households/economics")
@require(Permission.HOUSEHOLD_READ)
def economics_by_region() -> ResponseReturnValue:
    """Businesses, licences, channels, loans and support of a regency's or a district's families;
    whoever works in a larger region chooses one of its regencies first."""
    actor = current_actor()
    region = asked_part(actor, request.args.get("region")) or actor.region_code
    level = level_of(region) if region is not None else None
    if level is RegionLevel.VILLAGE:
        raise NotFound
    is_counted = level in _COUNTED
    return render_template(
        "desk/economics_by_place.html",
        found=economics_by_place(actor, region) if region and is_counted else None,
        name=lookup.path_names([region]).get(region, "").split(", ")[0] if region else "Indonesia",
        smaller=[] if is_counted else lookup.children(region),
        leads=level is RegionLevel.REGENCY,
        up=url_for("desk.economics_by_region") if region != actor.region_code else "",
    )
