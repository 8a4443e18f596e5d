"""The levels of places, their codes and time zones, and what a new official list changes;
pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class RegionLevel(StrEnum):
    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"
    VILLAGE = "village"


#: PP, PP.RR, PP.RR.DD, PP.RR.DD.VVVV. Source: Permendagri 58/2021, annex.
_DOTTED = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})?([0-9]{2})?([0-9]{4})?")
_LEVELS = tuple(RegionLevel)

#: Characters of a longer code that name the district and the regency around it.
DISTRICT_SIGNS, REGENCY_SIGNS, PROVINCE_SIGNS = 8, 5, 2


def dotted(code: str) -> str | None:
    """`71.71.01.1001` for that, for 7171011001 and for either with blanks around; None for
    what cannot be the code of any region."""
    code = code.strip()
    if _DOTTED.fullmatch(code):
        return code
    match = _DIGITS.fullmatch(code) if len(code) in {2, 4, 6, 10} else None
    return ".".join(part for part in match.groups() if part) if match else None


def level_of(code: str) -> RegionLevel:
    """Of a dotted code."""
    return _LEVELS[code.count(".")]


def parent_of(code: str) -> str | None:
    """The dotted code of the region around; None around a province."""
    return code.rpartition(".")[0] or None


def with_ancestors(code: str) -> list[str]:
    """The dotted codes from the province down to `code` itself."""
    parts = code.split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def lies_in(code: str | None, region: str | None) -> bool:
    """Whether one dotted code lies in another or is the same; None is the whole nation."""
    if region is None:
        return True
    return code is not None and (code == region or code.startswith(f"{region}."))


def regency_of(code: str) -> str | None:
    """The regency a dotted code lies in or names; None for a province."""
    return code[:REGENCY_SIGNS] if len(code) > PROVINCE_SIGNS else None


def holds_whole_regencies(code: str | None) -> bool:
    """Whether a region is a regency or larger, and not a part of one; None is the nation."""
    return code is None or level_of(code) in (RegionLevel.PROVINCE, RegionLevel.REGENCY)


WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"

#: Source: Keputusan Presiden 41/1987, which names the provinces of its day; those made since
#: keep the time of the ones they came from (Kalimantan Utara of Kalimantan Timur, those of
#: Papua and Maluku of theirs).
_TIME_ZONES: Mapping[str, tuple[str, ...]] = {
    WIB: ("11", "12", "13", "14", "15", "16", "17", "18", "19", "21")
    + ("31", "32", "33", "34", "35", "36", "61", "62"),
    WITA: ("51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"),
    WIT: ("81", "82", "91", "92", "93", "94", "95", "96"),
}
_TIME_ZONE_OF = {province: zone for zone, codes in _TIME_ZONES.items() for province in codes}


def time_zone_of(code: str) -> str:
    """IANA name of the time zone a dotted code lies in.

    Raises: KeyError for a province this table does not know yet.
    """
    return _TIME_ZONE_OF[code[:2]]


@dataclass(frozen=True, slots=True)
class Known:
    """What our table says of a code."""

    name: str
    is_retired: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What brings our table in line with the official list; codes in ascending order, so that
    a region comes after the one around it."""

    added: tuple[str, ...]
    renamed: tuple[str, ...]
    retired: tuple[str, ...]
    reopened: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.renamed or self.retired or self.reopened)


def compare(known: Mapping[str, Known], official: Mapping[str, str]) -> Changes:
    """`official`: dotted code -> name. Nothing is ever deleted: households, meetings and
    counts of the past lie in places that have gone since."""
    return Changes(
        added=tuple(sorted(official.keys() - known.keys())),
        renamed=tuple(
            sorted(
                code
                for code in official.keys() & known.keys()
                if known[code].name != official[code]
            )
        ),
        retired=tuple(
            sorted(code for code in known.keys() - official.keys() if not known[code].is_retired)
        ),
        reopened=tuple(
            sorted(code for code in official.keys() & known.keys() if known[code].is_retired)
        ),
    )


#: A list that lacks more than this is a damaged file, not a reform: the villages of the four
#: provinces made out of Papua in 2022, which all got new codes, are 7 % of the list.
MOST_RETIRED_PERCENT = 20


def retires_too_many(known: Mapping[str, Known], changes: Changes) -> bool:
    valid = sum(not region.is_retired for region in known.values())
    return len(changes.retired) * 100 > valid * MOST_RETIRED_PERCENT
