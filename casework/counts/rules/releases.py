"""The public figures that belong together, from the regencies up to the nation: those of one kind
in each state, year and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from casework.counts.rules.small_counts import (
    STEP,
    PublicCount,
    added_up,
    public_count,
    public_whole,
)

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

    def most(code: Code) -> int | None:
        return None if left is None else left[code]

    def show(code: Code) -> int:
        inside = parts.get(code)
        if not inside:
            households = counts.get(code or "", 0)
            found[code] = public_count(households, most(code))
            return households
        if parts.keys().isdisjoint(inside):
            # Regencies: five hundred of them, for each state, year and month of a page.
            numbers = [counts.get(part, 0) for part in inside]
            found.update(zip(inside, map(public_count, numbers, map(most, inside)), strict=True))
            households = sum(numbers)
        else:
            households = sum([show(part) for part in inside])
        found[code] = public_whole(households, [found[part] for part in inside], most(code))
        return households

    show(whole)
    return found


def all_releases(
    whole: Code, parts: Parts, counts: Sequence[Sequence[Counts]]
) -> list[list[Release]]:
    """Of one kind: for each state the releases of its years, in the order of `counts`.

    counts: the state that comes first before the one that follows it, both with the same years,
    from the first of all; of a year only what the state says of it, nothing of the years before.
    """
    found: list[list[Release]] = []
    for of_state in counts:
        shown: list[Release] = []
        left: Mapping[Code, int] | None = None
        for number, of_year in enumerate(of_state):
            if found:
                left = left_for_established(left or {}, found[-1][number], shown[-1:])
            shown.append(release(whole, parts, of_year, left))
        found.append(shown)
    return found


def months_of_year(
    whole: Code, parts: Parts, counts: Sequence[Counts]
) -> list[dict[Code, PublicCount]]:
    """From January to the end of each month, of the provinces and the nation, or of one province;
    `counts` of the months by themselves.

    Each is as high as the figure that stood when its month was over: a higher one would tell more
    of it. Whether that one said "at least" hung on regencies' figures of then, which are public no
    more, so all say it. The nation's are the provinces' added up. The last ones are the year's.
    """
    found: list[dict[Code, PublicCount]] = []
    so_far: Counter[str] = Counter()
    shown: Release = {}
    for of_month in counts:
        so_far.update(of_month)
        shown = release(whole, parts, so_far)
        found.append({code: added_up([shown[code]]) for code in parts if code is not None})
        if whole is None:
            found[-1][None] = added_up(list(found[-1].values()))
    if found:
        found[-1] = {code: shown[code] for code in found[-1]}
    return found


def left_for_established(
    before: Mapping[Code, int], approved: Release, established: Sequence[Release]
) -> Mapping[Code, int]:
    """The most that may be shown of what was established in a year, by place.

    Nobody is established who was not approved before. So what is shown as established, with nine
    more each, must never come to more than what is shown as approved by then: else the one would
    tell something of the other.

    before: what was left for the year before, of which `established` was shown; nothing for the
    first year. approved: of this year.
    """
    taken = established[-1] if established else {}
    return {
        code: before.get(code, -(STEP - 1))
        + figure.at_least
        - (taken[code].at_most if established else 0)
        for code, figure in approved.items()
    }
