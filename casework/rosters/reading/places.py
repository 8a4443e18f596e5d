"""Names of places as people write them, and the village that is meant.

A roster names its village by words ("KAB. JEMBER", "KEC SUMBERSARI") or by a code with or
without dots; the product knows it by the dotted Kemendagri code alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from casework.regions.rules import RegionLevel, dotted, level_of
from casework.rosters.reading.columns import Column
from casework.rosters.reading.errors import CellProblem

#: Looking for a similar name takes milliseconds: enough of them for a person to correct a
#: file by, and no more, so that a file of nothing but wrong names is answered as fast.
MOST_SUGGESTIONS = 200
MOST_TO_COMPARE = 600


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row says the family lives; what is not told is empty."""

    province: str = ""
    regency: str = ""
    district: str = ""
    village: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class PlaceProblem:
    column: Column
    value: str
    code: CellProblem
    params: Mapping[str, object] = field(default_factory=dict)


class VillageResolver(Protocol):
    def resolve(self, place: Place) -> str | PlaceProblem:
        """The dotted code of the village, or what stands in the way."""


_PROVINCE = re.compile(r"(?:PROVINSI|PROPINSI|PROV)\b\.?\s*", re.IGNORECASE)
_REGENCY = re.compile(r"(KABUPATEN|KAB|KOTAMADYA|KOTA)\b\.?\s*(?:ADM(?:INISTRASI)?\b\.?\s*)?", re.I)
_DISTRICT = re.compile(r"(?:KECAMATAN|KEC|DISTRIK)\b\.?\s*", re.IGNORECASE)
_VILLAGE = re.compile(
    r"(?:DESA\s*/\s*KEL(?:URAHAN)?|KELURAHAN|KEL|DESA|DS|NAGARI|PEKON|GAMPONG)\b\.?\s*",
    re.IGNORECASE,
)
_ISLANDS = re.compile(r"\bkep\b\.?")

#: Everyday names of provinces whose official name is another.
_PROVINCE_NAMES = {
    "dkijakarta": "daerahkhususibukotajakarta",
    "jakarta": "daerahkhususibukotajakarta",
    "diyogyakarta": "daerahistimewayogyakarta",
    "diy": "daerahistimewayogyakarta",
    "yogyakarta": "daerahistimewayogyakarta",
    "nanggroeacehdarussalam": "aceh",
    "bangkabelitung": "kepulauanbangkabelitung",
    "kepri": "kepulauanriau",
    "ntb": "nusatenggarabarat",
    "ntt": "nusatenggaratimur",
}


def key(name: str) -> str:
    """A name without case, accents, blanks and punctuation: "Sumber Sari" is "SUMBERSARI"."""
    plain = unicodedata.normalize("NFKD", _ISLANDS.sub("kepulauan", name.casefold()))
    return "".join(character for character in plain if character.isalnum())


def province_key(name: str) -> str:
    squashed = key(_PROVINCE.sub("", name, count=1))
    return _PROVINCE_NAMES.get(squashed, squashed)


#: Characters of a regency's code, as of "71.71".
_REGENCY_CODE = 5

#: Regencies that are asked for one by one.
_MOST_TO_ASK = 5

Keys = list[tuple[str, ...]]
"""What to look for, the best guess first; keys of one guess are alike good."""


def regency_keys(name: str) -> Keys:
    """A kind ("kab:", "kota:") and a name; both kinds if none is told. A name may itself begin
    like a kind (Kotabaru is a kabupaten), so the whole is the second guess."""
    told = _REGENCY.match(name.strip())
    if told is None:
        return [(f"kab:{key(name)}", f"kota:{key(name)}")]
    kind = "kota" if told.group(1).casefold().startswith("kota") else "kab"
    return [(f"{kind}:{key(name.strip()[told.end() :])}",), (f"kab:{key(name)}",)]


def district_keys(name: str) -> Keys:
    return _with_and_without(_DISTRICT, name)


def village_keys(name: str) -> Keys:
    return _with_and_without(_VILLAGE, name)


def _with_and_without(prefix: re.Pattern[str], name: str) -> Keys:
    """A name may begin like a kind of place (Desa Baru), so the whole is the first guess."""
    whole = key(name)
    told = prefix.match(name.strip())
    bare = key(name.strip()[told.end() :]) if told else ""
    return [(whole,), (bare,)] if bare else [(whole,)]


class VillageIndex:
    """Finds villages among regions given as (dotted code, name), of all four levels.

    Give it the regions that the person at work may touch: what is not among them is unknown.
    With `inside`, the regions may end at the regencies: it is asked for what lies in one, and
    asked for everything (None) where a file names no regency. A roster is about one regency,
    and the country has 84,000 villages.
    """

    def __init__(
        self,
        regions: Iterable[tuple[str, str]],
        *,
        inside: Callable[[str | None], Iterable[tuple[str, str]]] | None = None,
    ) -> None:
        self._names: dict[str, str] = {}
        self._children: dict[str, list[str]] = {}
        #: Keys of what lies directly in a region, made when first asked for.
        self._keys: dict[str, dict[str, list[str]]] = {}
        self._add(regions)
        self._regencies = [code for code in self._names if len(code) == _REGENCY_CODE]
        self._provinces = sorted({code[:2] for code in self._regencies})
        self._inside = inside
        self._to_ask = set(self._regencies) if inside else set()
        self._suggestions = MOST_SUGGESTIONS

    def _add(self, regions: Iterable[tuple[str, str]]) -> None:
        for code, name in regions:
            if code not in self._names:
                self._names[code] = name
                self._children.setdefault(code.rpartition(".")[0], []).append(code)

    def _ask(self, regencies: Sequence[str]) -> None:
        """Know what lies in them from now on."""
        wanted = self._to_ask.intersection(regencies)
        if not wanted or self._inside is None:
            return
        if len(wanted) > _MOST_TO_ASK:
            self._add(self._inside(None))
            self._to_ask.clear()
        else:
            for code in wanted:
                self._add(self._inside(code))
            self._to_ask -= wanted

    def resolve(self, place: Place) -> str | PlaceProblem:
        return self._by_code(place) or self._by_names(place)

    def _by_code(self, place: Place) -> str | PlaceProblem | None:
        if not place.code:
            return None
        code = dotted(place.code.replace(" ", ""))
        self._ask([(code or "")[:_REGENCY_CODE]])
        if code not in self._names or level_of(code) is not RegionLevel.VILLAGE:
            return PlaceProblem(Column.VILLAGE_CODE, place.code, CellProblem.UNKNOWN_CODE)
        if place.village and place.district:
            # The statistical office numbers villages otherwise, with the same ten digits.
            named = self._by_names(place)
            if isinstance(named, str) and named != code:
                return PlaceProblem(
                    Column.VILLAGE_CODE,
                    place.code,
                    CellProblem.CODE_CONTRADICTS_NAME,
                    {"name": self._names[code]},
                )
        return code

    def _by_names(self, place: Place) -> str | PlaceProblem:
        regencies = self._find_regencies(place)
        if isinstance(regencies, PlaceProblem):
            return regencies
        self._ask(regencies)
        keys = district_keys(place.district)
        districts = self._find(regencies, keys)
        if not districts:
            return self._unknown(Column.DISTRICT, place.district, keys, regencies)
        keys = village_keys(place.village)
        villages = self._find(districts, keys)
        if not villages:
            return self._unknown(Column.VILLAGE, place.village, keys, districts)
        if len(villages) > 1:
            return PlaceProblem(
                Column.VILLAGE,
                place.village,
                CellProblem.AMBIGUOUS_PLACE,
                {"codes": ", ".join(sorted(villages)[:5])},
            )
        return villages[0]

    def _find_regencies(self, place: Place) -> list[str] | PlaceProblem:
        """The province only narrows: rosters go on naming the old one after a split."""
        named = self._find([""], [(province_key(place.province),)])
        if not place.regency:
            within = [code for code in self._regencies if code[:2] in named]
            return within or self._regencies
        keys = regency_keys(place.regency)
        found = self._find(named, keys) or self._find(self._provinces, keys)
        return found or self._unknown(
            Column.REGENCY, place.regency, keys[:1], named or self._provinces
        )

    def _find(self, parents: Iterable[str], keys: Keys) -> list[str]:
        """Codes under any of the parents, by the first guess that is known there."""
        below = [self._below(parent) for parent in parents]
        for guess in keys:
            if found := [code for names in below for key in guess for code in names.get(key, ())]:
                return found
        return []

    def _below(self, parent: str) -> dict[str, list[str]]:
        """Key -> codes of the regions directly in this one."""
        known = self._keys.get(parent)
        if known is None:
            known = self._keys[parent] = {}
            for code in self._children.get(parent, ()):
                known.setdefault(_key_of(code, self._names[code]), []).append(code)
        return known

    def _unknown(
        self, column: Column, value: str, keys: Keys, parents: Iterable[str]
    ) -> PlaceProblem:
        params = {}
        near = {key: c for parent in parents for key, c in self._below(parent).items()}
        if self._suggestions > 0 and len(near) <= MOST_TO_COMPARE:
            self._suggestions -= 1
            if found := get_close_matches(keys[-1][0], near, n=1, cutoff=0.75):
                params["suggestion"] = self._names[near[found[0]][0]]
        return PlaceProblem(column, value, CellProblem.UNKNOWN_PLACE, params)


def _key_of(code: str, name: str) -> str:
    match level_of(code):
        case RegionLevel.PROVINCE:
            return province_key(name)
        case RegionLevel.REGENCY:
            return regency_keys(name)[0][0]
        case _:
            return key(name)
