"""Every kind of exit beside the others, as the public sees each by itself (docs/decisions/0022)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from casework.counts.queries import public
from casework.counts.queries.figures import What
from casework.counts.queries.public import Around, Counts, Release
from casework.counts.rules import HELD_BACK, NOT_YET, PublicCount, public_count
from casework.ledger.rules import ExitKind, states_of
from casework.regions.rules import RegionLevel

#: Every kind in every state in which it is counted, in the order of a table.
EVERY_KIND = tuple(What(kind, state) for kind in ExitKind for state in states_of(kind))


def kinds_of(around: Around, year: int, cut_off: date) -> Mapping[What, PublicCount]:
    """The figures of one place and year: each is the one that the page of its kind shows.

    Nothing is added up over kinds, and each kind's tables stand by themselves: so no small count
    of one can be worked out with the figures of another.
    """
    if year > cut_off.year:
        return dict.fromkeys(EVERY_KIND, NOT_YET)
    if around.province is None:
        wholes = public.nation_of_every_kind(cut_off, year)
        return {what: public_count(wholes.get(what, 0)) for what in EVERY_KIND}
    inside = around.province if around.place.level is RegionLevel.REGENCY else None
    provinces, regencies = public.of_every_kind(cut_off, year, inside)
    return {
        what: _inside(around, around.province, provinces.get(what, {}), regencies.get(what, {}))
        for what in EVERY_KIND
    }


def _inside(around: Around, province: str, provinces: Counts, regencies: Counts) -> PublicCount:
    """Of a province or a regency."""
    release = Release.of(list(around.provinces), provinces)
    if around.place.level is RegionLevel.PROVINCE:
        return release.provinces.get(province, HELD_BACK)
    whole = provinces.get(province, 0)
    return release.below(province, whole, list(around.regencies), regencies)[str(around.place.code)]
