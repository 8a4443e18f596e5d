"""Every kind of exit beside the others, as the public sees each by itself (docs/decisions/0022)."""

from __future__ import annotations

from collections.abc import Mapping

from casework.counts.queries import public
from casework.counts.queries.figures import What
from casework.counts.queries.public import EVERY_KIND, Years
from casework.counts.rules import NOT_YET, UNDER_TEN, Code, PublicCount
from casework.ledger.rules import ExitKind


def kinds_of(
    code: Code, province: str | None, mandiri: Years, year: int
) -> Mapping[What, PublicCount]:
    """The figures of one place and year: each is the one that the page of its kind shows.

    Nothing is added up over kinds, and each kind's tables stand by themselves: so no small count
    of one can be worked out with the figures of another.
    """
    if year > mandiri.cut_off.year:
        return dict.fromkeys(EVERY_KIND, NOT_YET)
    releases = public.other_kinds(mandiri.cut_off, year, province)
    return {
        what: mandiri.figure(what, year, code)
        if what.kind is ExitKind.INDEPENDENT
        else releases[what].get(code, UNDER_TEN)
        for what in EVERY_KIND
    }
