"""Every kind of exit beside the others, as the public sees each by itself (docs/decisions/0022)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from casework.counts.queries import public
from casework.counts.queries.figures import What
from casework.counts.queries.public import Around, Counts, Release
from casework.counts.rules import HELD_BACK, NOT_YET, PublicCount
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
    provinces = public.of_every_kind(cut_off, year)
    regencies: Mapping[What, Counts] = {}
    if around.place.level is RegionLevel.REGENCY:
        regencies = public.of_every_kind(cut_off, year, around.province)
    return {
        what: _figure(around, provinces.get(what, {}), regencies.get(what, {}))
        for what in EVERY_KIND
    }


def _figure(around: Around, provinces: Counts, regencies: Counts) -> PublicCount:
    release = Release.of(list(around.provinces), provinces)
    if around.province is None:
        return release.nation
    if around.place.level is RegionLevel.PROVINCE:
        return release.provinces.get(around.province, HELD_BACK)
    whole = provinces.get(around.province, 0)
    parts = release.below(around.province, whole, list(around.regencies), regencies)
    return parts[str(around.place.code)]
