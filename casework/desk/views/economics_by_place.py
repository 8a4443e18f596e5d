from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.core.errors import NotFound
from casework.desk.queries.economics_by_place import economics_as_counted, economics_by_place
from casework.desk.views import blueprint
from casework.regions.queries import lookup
from casework.regions.rules import RegionLevel, level_of
from casework.regions.scope import asked_part
from casework.web.guard import require
from casework.web.login import current_actor

#: Whose families are counted for the page itself: by district, or by village.
_NOW = (RegionLevel.REGENCY, RegionLevel.DISTRICT)


@blueprint.get("/households/economics")
@require(Permission.HOUSEHOLD_READ)
def economics_by_region() -> ResponseReturnValue:
    """Businesses, licences, channels, loans and support of a region's families: of a regency and a
    district as of now, of a province and the nation as they were counted last."""
    actor = current_actor()
    region = asked_part(actor, request.args.get("region")) or actor.region_code
    level = level_of(region) if region is not None else None
    if level is RegionLevel.VILLAGE:
        raise NotFound
    smaller: list[lookup.RegionRow] = []
    if region and level in _NOW:
        found = economics_by_place(actor, region)
    else:
        found = economics_as_counted(actor, region)
        counted = {each.code for each in found.places}
        smaller = [each for each in lookup.children(region) if each.code not in counted]
    return render_template(
        "desk/economics_by_place.html",
        found=found,
        name=lookup.path_names([region]).get(region, "").split(", ")[0] if region else "Indonesia",
        smaller=smaller,
        leads=level is not RegionLevel.DISTRICT,
        up=url_for("desk.economics_by_region") if region != actor.region_code else "",
    )
