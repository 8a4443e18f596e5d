"""From what somebody typed to the one region that is meant."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.core.errors import Invalid
from casework.regions.labels import REGION_LEVELS
from casework.regions.queries import lookup
from casework.regions.rules import RegionLevel, level_of

#: More names in a message than this are not read.
_MOST_NAMED = 6


def region_meant(
    actor: Actor, text: str, *, level: RegionLevel | None = None, field: str = "region"
) -> str | None:
    """Code of the region: by its code ("71.71.01", "71.71.01 Bunaken", "717101"), or by a name
    that only one region in the actor's own has, if need be with its level ("Bunaken
    (kecamatan)"). Nothing typed means the whole nation. Names are looked for at one `level`
    only, where it is given.

    Raises: Invalid on `field`, naming the regions it might be.
    """
    text = text.strip()
    if not text:
        return None
    by_code = lookup.region(text.split()[0])
    if by_code is not None and by_code.valid_to is None:
        return by_code.code
    name, said = _apart(text)
    text, level = name, level or said
    hits = lookup.search(text, level=level, within=actor.region_code)
    exact = [hit for hit in hits if hit.name.lower() == text.lower()]
    candidates = exact or hits
    if len(candidates) == 1:
        return candidates[0].code
    if not candidates:
        raise Invalid.field(
            field,
            lazy_gettext("There is no such region within your own.")
            if actor.region_code
            else lazy_gettext("There is no such region. Check the code or the name."),
        )
    named = ", ".join(_offered(hit) for hit in candidates[:_MOST_NAMED])
    raise Invalid.field(
        field,
        lazy_gettext(
            "More than one region is called so. Type its code: %(regions)s", regions=named
        ),
    )


def suggestions(actor: Actor) -> list[str]:
    """The own region and those directly below it, as the field takes them."""
    own = lookup.region(actor.region_code) if actor.region_code else None
    rows = ([own] if own else []) + lookup.children(actor.region_code)
    return [_offered(row) for row in rows]


def as_typed(code: str | None) -> str:
    """A region as the field shows it; empty for the nation."""
    found = lookup.region(code) if code else None
    return _offered(found) if found else ""


def _offered(row: lookup.RegionRow) -> str:
    return f"{row.code} {in_words(row.name, row.code)}"


def in_words(name: str, code: str) -> str:
    """Bunaken (kecamatan): a district and a village in it often bear one name. Larger ones say
    themselves what they are (Kota Manado)."""
    level = level_of(code)
    return f"{name} ({_level(level)})" if level in _TOLD else name


_TOLD = (RegionLevel.DISTRICT, RegionLevel.VILLAGE)


def _level(level: RegionLevel) -> str:
    return str(REGION_LEVELS[level]).lower()


def _apart(text: str) -> tuple[str, RegionLevel | None]:
    """`in_words` the other way round."""
    match = re.fullmatch(r"(.+\S)\s*\((.+)\)", text)
    found = [level for level in _TOLD if match and match[2].strip().lower() == _level(level)]
    return (match[1], found[0]) if match and found else (text, None)
