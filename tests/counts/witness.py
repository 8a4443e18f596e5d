"""Another nation that publishes the very same tables, with a number of one's choice behind one of
its figures: the proof in docs/decisions/0020, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.counts.rules import Code, Parts, PublicCount, Release, all_releases

APPROVED, ESTABLISHED = 0, 1


@dataclass(frozen=True)
class Truth:
    """By state and year: what each regency counted."""

    parts: Parts
    counts: tuple[Sequence[Mapping[str, int]], Sequence[Mapping[str, int]]]

    def published(self) -> tuple[list[Release], list[Release]]:
        approved, established = all_releases(None, self.parts, self.counts)
        return approved, established

    def in_order(self) -> bool:
        """Nobody is established who was not approved before."""
        regencies = [code for code in self.parts[None] for code in self.parts[code]]
        return all(
            sum(year.get(code, 0) for year in self.counts[ESTABLISHED][: last + 1])
            <= sum(year.get(code, 0) for year in self.counts[APPROVED][: last + 1])
            for code in regencies
            for last in range(len(self.counts[APPROVED]))
        )


def witness(truth: Truth, state: int, year: int, code: Code, number: int) -> Truth:
    """As `truth` to whoever reads the tables; that figure stands for this number, which is not
    less than it tells and at most nine more."""
    tables = truth.published()
    counts = tuple(
        [
            _counts(
                truth.parts,
                table,
                (code, number) if (one, when) == (state, year) else (None, table[None].at_least),
            )
            for when, table in enumerate(tables[one])
        ]
        for one in (APPROVED, ESTABLISHED)
    )
    return Truth(truth.parts, (counts[0], counts[1]))


def _counts(parts: Parts, table: Release, fixed: tuple[Code, int]) -> Mapping[str, int]:
    """Of the regencies, so that each figure is of its own ten and the fixed one is that number."""
    code, number = fixed
    found: dict[str, int] = {}
    _share_out(parts, table, code, number, found)
    while code is not None:
        whole = next(one for one, inside in parts.items() if code in inside)
        others = [part for part in parts[whole] if part != code]
        # As little as the whole may be, and not less than the others take.
        least = number + sum(table[part].at_least for part in others)
        above = max(table[whole].at_least, least) if others else number
        _among(parts, table, others, above - number, found)
        code, number = whole, above
    return found


def _share_out(
    parts: Parts, table: Release, code: Code, number: int, found: dict[str, int]
) -> None:
    inside = parts.get(code)
    if not inside:
        found[str(code)] = number
    else:
        _among(parts, table, inside, number, found)


def _among(
    parts: Parts, table: Release, places: Sequence[str], number: int, found: dict[str, int]
) -> None:
    """First what each figure tells, then up to nine more for one after the other."""
    left = number - sum(table[place].at_least for place in places)
    for place in places:
        figure: PublicCount = table[place]
        more = min(left, figure.at_most - figure.at_least)
        left -= more
        _share_out(parts, table, place, figure.at_least + more, found)
    assert left == 0, "the parts cannot make up their whole"
