"""All public figures of a kind and state on one day, from the regencies up to the nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casework.counts.rules.small_counts import STEP, PublicCount, public_count, public_whole

#: Of a region; None is the nation.
Code = str | None
#: What each place consists of; regencies consist of nothing.
Parts = Mapping[Code, Sequence[str]]
#: A regency that nobody was counted in may be missing.
Counts = Mapping[str, int]
Release = Mapping[Code, PublicCount]


def release(
    whole: Code, parts: Parts, counts: Counts, left: Mapping[Code, int] | None = None
) -> Release:
    """The figure of that place and of all that lies in it; `left` as of `public_count`, by place.

    A place reads the same in the release of whatever it lies in.
    """
    found: dict[Code, PublicCount] = {}

    def show(code: Code) -> int:
        most = None if left is None else left[code]
        inside = parts.get(code)
        if inside:
            households = sum([show(part) for part in inside])
            found[code] = public_whole(households, [found[part] for part in inside], most)
        else:
            households = counts.get(code or "", 0)
            found[code] = public_count(households, most)
        return households

    show(whole)
    return found


def left_for_established(
    approved: Sequence[Release], established: Sequence[Release]
) -> Mapping[Code, int]:
    """The most that may be shown of what was established in a year, by place.

    Nobody is established who was not approved before. So what is shown as established, with nine
    more each, must never come to more than what is shown as approved by then: else the one would
    tell something of the other.

    approved: of every year up to this one, from the first; established: of the years before.
    """
    found = dict.fromkeys(approved[-1], 1 - STEP)
    for one in approved:
        for code, figure in one.items():
            found[code] += figure.households or 0
    for one in established:
        for code, figure in one.items():
            found[code] -= figure.at_most
    return found
