from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework.access.permissions import Permission
from casework.access.roles import Role
from casework.core import clock
from casework.counts import paces
from casework.counts.queries.behind import Wanted, part_of
from casework.counts.queries.exact import Exact, exact
from casework.counts.queries.figures import Place
from casework.counts.queries.overview import Overview, PublicRegion, overview
from casework.counts.rules import TILES, Band, Size, Tile, band, published_figures, size
from casework.counts.views import blueprint
from casework.counts.views.asked import Asked, chosen
from casework.ledger.rules import GROUPS, CountedState, ExitKind, states_of
from casework.regions.rules import DISTRICT_SIGNS, RegionLevel, lies_in, regency_of
from casework.web.guard import public
from casework.web.login import actor_or_none


@dataclass(frozen=True, slots=True)
class ProvinceTile:
    tile: Tile
    band: Band
    size: Size
    region: PublicRegion


@dataclass(frozen=True, slots=True)
class OwnPart:
    """Of a place, what is counted of the families that somebody at work there sees."""

    #: Where the list of them is.
    region: str
    day: date
    households: int


@blueprint.get("/national")
@public
def national() -> ResponseReturnValue:
    """Families that left PKH, of one kind and state: of the nation, a province or a regency, open
    to everybody."""
    if actor_or_none() is None:
        paces.ASKING.spend_address()
    wanted = chosen(request.args)
    shown = overview(wanted.region, wanted.what, wanted.year, wanted.cut_off)
    is_nation = shown.place.code is None
    own = _own_part(wanted, shown.place)
    return render_template(
        "counts/national.html",
        what=wanted.what,
        year=wanted.year,
        cut_off=wanted.cut_off,
        shown=shown,
        read_at=clock.now(),
        tiles=_tiles(shown) if is_nation else [],
        letters={code: tile.letters for code, tile in TILES.items()} if is_nation else {},
        exact=_exact(wanted, shown.place),
        own=own,
        # A list is of one regency: from its own figure, or from its line in that of its province.
        leads_on=shown.province is not None and own is None and _reads_nominations(),
        leads_below=shown.place.level is RegionLevel.PROVINCE and _reads_nominations(),
        kinds=list(ExitKind),
        states=list(CountedState),
        groups=GROUPS,
        own_states=states_of(wanted.what.kind),
        published=published_figures() if is_nation else (),
    )


def _exact(wanted: Asked, place: Place) -> Exact | None:
    """As it stands today, for those who work there: what the public sees is rounded, and counted
    to the end of a month (docs/decisions/0020)."""
    actor = actor_or_none()
    if actor is None or not lies_in(place.code, actor.region_code):
        return None
    return exact(place, wanted.what, wanted.year, clock.today(actor.time_zone))


def _own_part(wanted: Asked, place: Place) -> OwnPart | None:
    """For those who see a part of the place: who works in a part of it, and a facilitator. None
    for who sees all of it, reads no nominations, or works for more than one regency."""
    actor = actor_or_none()
    if actor is None or not actor.may(Permission.NOMINATION_READ) or actor.area_id is None:
        return None
    own = actor.region_code or ""
    is_facilitator = actor.role is Role.FACILITATOR
    if not lies_in(own, place.code) or (own == place.code and not is_facilitator):
        return None
    # Her groups may have come from the district beside hers; of a village there is no list.
    region = str(regency_of(own)) if is_facilitator else own[:DISTRICT_SIGNS]
    asked = Wanted(wanted.what, wanted.year, region)
    return OwnPart(region, clock.today(actor.time_zone), part_of(actor, asked, actor.area_id))


def _reads_nominations() -> bool:
    actor = actor_or_none()
    return actor is not None and actor.may(Permission.NOMINATION_READ)


def _tiles(shown: Overview) -> list[ProvinceTile]:
    """As one reads a map: row by row."""
    found = [
        ProvinceTile(
            TILES[region.code],
            band(region.figure.counted.households, region.figure.share),
            size(region.figure.counted.households),
            region,
        )
        for region in shown.regions
        if region.code in TILES
    ]
    return sorted(found, key=lambda one: (one.tile.row, one.tile.column))
